import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { photograph } from "../../sdk/src/undo/workshop.test.support.js";
import { bash, claude, makePlace, runClaude, until, type Place } from "./claude-code/client.js";
import { sessionsUnder } from "./claude-code/session.js";

const policy = "version: 1\nrules:\n  - { id: all, effect: allow, when: { type: [command_execute, file_write, file_delete] } }\n";

describe.skipIf(claude === undefined)("undo of a Claude Code session", () => {
  const session = sessionsUnder({ policy, trustTier: "autonomous" });
  let place: Place;
  beforeEach(() => {
    place = makePlace();
  });
  const finishedRun = async (sessionId: string) => {
    const run = await session.runOf(sessionId);
    await until(async () => (await session.person.getRun(run.id)).state.status === "finished");
    return run;
  };

  const at = (path: string) => join(place.workspace, path);
  const git = (...words: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...words], { cwd: place.workspace, encoding: "utf8" });
  const everything = () =>
    Object.fromEntries(
      Object.entries(photograph(place.workspace)).filter(([path]) => !/^\.git\/(objects\/|refs\/pullcord|index$)/.test(path)),
    );
  const state = () => [everything(), git("rev-parse", "HEAD"), git("--no-optional-locks", "status", "--porcelain=v2", "--branch")];

  it("puts back every byte that it edited, deleted, renamed and changed by shell commands", async () => {
    for (const folder of ["src/deep", "docs", "empty"]) mkdirSync(at(folder), { recursive: true });
    writeFileSync(at("src/app.ts"), "one\ntwo\nthree\n");
    writeFileSync(at("src/deep/lib.ts"), "lib\n");
    writeFileSync(at("docs/guide.md"), "# Guide\n");
    writeFileSync(at("run.sh"), "#!/bin/sh\n", { mode: 0o755 });
    writeFileSync(at(".gitignore"), "secret.env\n");
    writeFileSync(at("secret.env"), "KEY=1\n");
    symlinkSync("run.sh", at("link"));
    git("init", "-q", "-b", "main");
    git("add", "-A");
    git("commit", "-qm", "Begin");
    writeFileSync(at("untracked.txt"), "mine, never committed\n");
    const before = state();

    const edit = { name: "Edit", input: { file_path: at("src/app.ts"), old_string: "two", new_string: "TWO" } };
    const write = { name: "Write", input: { file_path: at("src/new.ts"), content: "new\n" } };
    const model = await session.begin(
      {
        main: [
          { tools: [{ name: "Read", input: { file_path: at("src/app.ts") } }] },
          { tools: [edit, write] },
          { tools: [bash("rm -r docs untracked.txt secret.env && mv src/deep src/moved && chmod 600 run.sh")] },
          { tools: [bash("ln -sf src/app.ts link; rmdir empty; printf 'x\\0y' > binary; echo more >> src/moved/lib.ts")] },
          { tools: [bash("git checkout -qb agent && git add -A && git -c user.name=a -c user.email=a@example.com commit -qm agent")] },
          { tools: [bash("sed -i s/one/ONE/ src/app.ts; cat src/app.ts")] },
          { text: "All done." },
        ],
      },
      { in: place },
    );
    const { ended } = runClaude(place, model);
    const { result, sessionId } = await ended;
    expect(result?.result).toBe("All done.");
    expect(readFileSync(at("src/app.ts"), "utf8")).toBe("ONE\nTWO\nthree\n");
    expect([existsSync(at("untracked.txt")), existsSync(at("src/moved/lib.ts"))]).toEqual([false, true]);
    expect(git("branch", "--show-current")).toBe("agent\n");

    const run = await finishedRun(sessionId);
    const undo = await session.person.undo({ run: run.id });
    expect(undo).toMatchObject({ status: "done", conflicts: [], unverified: [] });
    expect(state()).toEqual(before);
  });

  it("keeps the two files that a person edited since: one merged, one listed", async () => {
    const lines = (middle: string) => `one\n${middle}\nthree\nfour\nfive\n`;
    for (const name of ["merged.txt", "listed.txt", "theirs.txt"]) writeFileSync(at(name), lines("two"));
    const model = await session.begin({ main: [{ tools: [bash("sed -i s/two/TWO/ *.txt")] }, { text: "fin" }] }, { in: place });
    const { sessionId } = await runClaude(place, model).ended;
    const run = await finishedRun(sessionId);
    appendFileSync(at("merged.txt"), "mine\n");
    writeFileSync(at("listed.txt"), lines("mine"));
    const undo = await session.person.undo({ run: run.id });
    expect(undo.conflicts.map(({ path }) => path)).toEqual(["listed.txt"]);
    const text = (name: string) => readFileSync(at(name), "utf8");
    expect([text("merged.txt"), text("listed.txt"), text("theirs.txt")]).toEqual([`${lines("two")}mine\n`, lines("mine"), lines("two")]);
  });
});
