import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AgentClient } from "@pullcord/sdk/client";
import type { Run } from "@pullcord/sdk/protocol";
import { bounds } from "@pullcord/sdk/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "./server-for-tests.js";

/** A hostile agent that makes the server slow, or makes it do what no gate has let through. */

/** How much more may be worked on before a stop, in times of what a long command that nobody made up for this costs. */
const mostTimes = 20;
const ordinaryTries = 5;

let test: TestServer;
let agent: AgentClient;
let run: Run;
let scratch: string;
/** Work before a stop that comes while a long, ordinary command is judged. */
let ordinary: number;
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "pullcord-attack-"));
  test = await startTestServer();
  agent = await test.agent("mallory");
  run = await agent.openRun({ task: "attack", workingDirectory: scratch });
  const tries: number[] = [];
  while (tries.length < ordinaryTries) {
    const proposal = propose(`${"echo a; ".repeat(16_000)}${tries.length}`);
    tries.push(await workBeforeStop(20));
    await proposal;
  }
  ordinary = tries.toSorted((one, other) => one - other)[Math.floor(ordinaryTries / 2)] ?? 0;
});
afterAll(async () => {
  await test.close();
  rmSync(scratch, { recursive: true, force: true });
});

/**
 * What is worked on until a person's stop is answered, in milliseconds of a processor: unlike the time that goes by, it
 * is the same beside other programs. The server shares this test's process, so what it does before it hears counts.
 */
const workBeforeStop = async (afterMs: number) => {
  const from = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  await test.person.intervene({ kind: "stop", scope: { kind: "agent", id: "nobody" } });
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1_000;
};
const timesOrdinary = async (afterMs = 20) => (await workBeforeStop(afterMs)) / ordinary;
const propose = (command: string) => agent.propose(run.id, { type: "command_execute", arguments: { command } });

it("runs nothing that a repository's own configuration names, when the state of a file is asked for", async () => {
  // All of it inside the workspace and by ordinary file writes: no file here is called .git.
  const git = (...words: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...words], { cwd: join(scratch, "real"), stdio: "ignore" });
  mkdirSync(join(scratch, "real"));
  git("init", "-q");
  writeFileSync(join(scratch, "real/file"), "hello\n");
  git("add", "file");
  git("commit", "-qm", "first");
  const fake = join(scratch, "fake");
  execFileSync("cp", ["-r", join(scratch, "real/.git"), fake]);
  const ran = join(scratch, "ran");
  writeFileSync(
    join(fake, "config"),
    `[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = ${fake}\n[filter "evil"]\n\tclean = touch ${ran}; cat\n`,
  );
  mkdirSync(join(fake, "info"), { recursive: true });
  writeFileSync(join(fake, "info/attributes"), "* filter=evil\n");
  writeFileSync(join(fake, "file"), "hellO\n");
  const inside = await agent.openRun({ task: "look", workingDirectory: fake });
  await agent.propose(inside.id, { type: "file_delete", arguments: { path: "file" } });
  expect(existsSync(ran)).toBe(false);
});

describe("a person's stop", () => {
  it("is seen to be held up where the server works on something else for long", async () => {
    const work = () => {
      for (const from = process.cpuUsage(); process.cpuUsage(from).user < 1_000 * ordinary * mostTimes;);
    };
    setTimeout(work, 10);
    expect(await timesOrdinary()).toBeGreaterThan(mostTimes);
  });

  it("is not held up while folders with a slow git are asked about", async () => {
    const folders = Array.from({ length: 8 }, () => mkdtempSync(join(scratch, "slow-")));
    const runs = await Promise.all(
      folders.map((folder) => {
        mkdirSync(join(folder, ".git"), { recursive: true });
        execFileSync("mkfifo", [join(folder, ".git/HEAD"), join(folder, ".git/config")]);
        return agent.openRun({ task: "slow", workingDirectory: folder });
      }),
    );
    const proposals = runs.map(({ id }) => agent.propose(id, { type: "file_delete", arguments: { path: "x" } }));
    // No git has anything to read: whoever waited for one here would wait for ever.
    expect(await timesOrdinary()).toBeLessThan(mostTimes);
    await Promise.all(proposals);
  });

  it.each([
    ["nested loops", `${"for a in 1 2 3 4 5 6 7 8 9 a b c; do ".repeat(9)}:${"; done".repeat(9)}`],
    ["doubled variables", `a=xxxxxxxx; ${"a=$a$a; ".repeat(28)}${"echo $a; ".repeat(500)}`],
    ["assignments before many branches", Array.from({ length: 1_900 }, (_, index) => `v${index}=1`).join("&&")],
    ["open braces", "{".repeat(130_000)],
    ["substitutions", "$(".repeat(60_000)],
    ["changes of folder", "cd a;".repeat(2_000)],
    ["four megabytes", "x".repeat(4_000_000)],
  ])("is not held up while an agent proposes %s", async (what, command) => {
    const proposal = propose(command).catch(() => {});
    const times = await timesOrdinary();
    await proposal;
    expect(times).toBeLessThan(mostTimes);
  });

  it.each([
    ["here-documents", "<<a ".repeat(32_000)],
    ["open brackets", "$((".repeat(43_000)],
    ["inline code that makes a pattern search long", `node -e '${"import".padEnd(3_900)}'`],
    ["an edit of many backslashes", `perl -pe 's/${"\\".repeat(3_900)}'`],
  ])("is not held up while an agent proposes %s", async (what, command) => {
    const proposal = Promise.all([command, ` ${command}`, `  ${command}`].map((text) => propose(text).catch(() => {})));
    const times = await timesOrdinary();
    await proposal;
    expect(times).toBeLessThan(mostTimes);
  });

  it("is not held up while an agent sends eight proposals of four megabytes", async () => {
    const big = { type: "file_write", arguments: { path: "a", content: "x".repeat(4_000_000) } } as const;
    const proposals = Array.from({ length: 8 }, (_, index) =>
      agent.propose(run.id, { ...big, arguments: { ...big.arguments, path: `a${index}` } }).catch(() => {}),
    );
    for (let stops = 0; stops < 3; stops += 1) expect(await timesOrdinary(100)).toBeLessThan(mostTimes);
    await Promise.all(proposals);
  });

  it("is not held up while an agent asks for dry runs of long plans", async () => {
    const plan = Array.from({ length: bounds.dryRunActions }, (_, index) => ({
      type: "command_execute" as const,
      arguments: { command: `${"cd a;".repeat(1_900)}${" ".repeat(index)}` },
    }));
    const asked = Promise.all(Array.from({ length: 4 }, () => agent.dryRun(run.id, plan).catch(() => {})));
    for (let stops = 0; stops < 3; stops += 1) expect(await timesOrdinary(100)).toBeLessThan(mostTimes);
    await asked;
  });

  // Finding: A12, adapters/claude-code reads and parses 64 MB before it knows the token.
  it("is not held up while somebody without a token posts 33 MB to the hooks", async () => {
    const body = `{"hook_event_name":"PreToolUse","session_id":"s","x":[${"{},".repeat(11_000_000)}{}]}`;
    const post = fetch(`${test.server.url}/hooks/claude-code`, { method: "POST", body, headers: { authorization: "Bearer nobody" } });
    for (let stops = 0; stops < 4; stops += 1) expect(await timesOrdinary(50)).toBeLessThan(mostTimes);
    await (await post).text();
  });
});

describe("people", () => {
  // Finding: A13, lists carry whole actions, and nothing bounds how many large ones an agent has open.
  it("get a list of requests of bounded size, however large the actions are", async () => {
    const noisy = await agent.openRun({ task: "noise", workingDirectory: scratch });
    const large = (index: number) => agent.propose(noisy.id, { type: "unknown", arguments: { index, text: "x".repeat(900_000) } });
    const answers = [];
    for (let index = 0; index < 25; index += 1) answers.push((await large(index)).next);
    expect(answers.filter((next) => next === "wait")).toHaveLength(bounds.openQuestions);
    expect(answers.at(-1)).toBe("deny");
    await expect(agent.propose(noisy.id, { type: "unknown", arguments: { text: "x".repeat(1_100_000) } })).rejects.toMatchObject({
      reason: "body_too_large",
    });
    const page = await test.person.listApprovalRequests({ run: noisy.id });
    expect(JSON.stringify(page).length).toBeLessThan(bounds.openQuestions * 1_100_000);
  });
});
