import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AgentClient } from "@pullcord/sdk/client";
import type { ActionAnswer, ProposedAction, Run } from "@pullcord/sdk/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verbs } from "../../server/src/cli/commands/index.js";
import type { Verb } from "../../server/src/cli/verb.js";
import { findMembers } from "../../server/src/processes/end-run.js";
import { pullcord as inFolder, startSignedIn, type Said } from "./cli/command.js";
import { startTestServer, type TestServer } from "./server-for-tests.js";

const pushing: ProposedAction = { type: "command_execute", arguments: { command: "git push origin main" } };
const requestOf = ({ action: { state } }: ActionAnswer) => (state.status === "waiting" ? state.approvalRequestId : "");

describe("the command line", () => {
  let test: TestServer;
  let agent: AgentClient;
  let run: Run;
  const pullcord = (...words: string[]): Promise<Said> => inFolder(test.folder, words);
  beforeAll(async () => {
    test = await startSignedIn();
    agent = await test.agent("coder");
    run = await agent.openRun({ task: "try the terminal", workingDirectory: "/srv/shop" });
  });
  afterAll(() => test.close());

  it("says what is going on and the three most likely next commands", async () => {
    const { status, out } = await pullcord();
    expect(status).toBe(0);
    expect(out).toContain(run.id.slice(0, 6));
    expect(out.slice(out.indexOf("Next:")).trim().split("\n")).toHaveLength(4);
    expect(JSON.parse((await pullcord("--json")).out)).toMatchObject({ status: { mode: "same-user" }, runs: [{ id: run.id }] });
  });

  it("says that a command is unknown, with the nearest name", async () => {
    const { status, err } = await pullcord("explian", "a3f9");
    expect(err).toBe("pullcord: There is no command explian. Did you mean: pullcord explain\n");
    expect(status).toBe((await pullcord("stop", "a", "b")).status);
    expect((await pullcord("qqqqqqqqq")).err).toContain("List them with: pullcord --help");
  });

  it("shows a request complete, with everything invisible drawn, and hands the reason of a denial to the agent", async () => {
    const hostile = `rm -rf data \u001B[2J\u202Egpj\u200B ${"x".repeat(300)} # end`;
    const asked = await agent.propose(run.id, { ...pushing, arguments: { command: hostile }, claim: { reason: "harmless\u0007" } });
    const id = requestOf(asked);
    expect((await pullcord("inbox")).out).toContain(id.slice(0, 6));
    const { out, err } = await pullcord("show", id.slice(0, 7));
    expect(err).toBe("");
    expect(out).toContain(String.raw`rm -rf data \u{1b}[2J\u{202e}gpj\u{200b} ${"x".repeat(300)} # end`);
    expect(out).toMatch(/agent says[\s\S]*harmless\\u\{7\}/);
    expect(out.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    await agent.appendLog(run.id, [{ stream: "stdout", text: "\u001B]0;title\u0007\u202E" }]);
    for (const words of [
      [],
      ["inbox"],
      ["ps"],
      ["audit"],
      ["explain", asked.action.id],
      ["show", run.id],
      ["log", run.id],
      ["show", id, "--json"],
    ]) {
      const said = await pullcord(...words);
      expect([words, said.status]).toEqual([words, 0]);
      expect(said.out.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
    expect((await pullcord("deny", id, "--dry-run")).out).toContain("Would deny");
    expect((await pullcord("deny", id, "--reason", "use the trash")).status).toBe(0);
    expect(await agent.awaitAnswer(asked.action.id, 0)).toMatchObject({ next: "deny", guidance: expect.stringContaining("use the trash") });
    expect((await pullcord("explain", asked.action.id)).out).toContain("A person was asked");
  });

  it("previews a request: rows, the count, the way back, each safer way with its own risk", async () => {
    const sql = await agent.propose(run.id, { type: "database_modify", arguments: { sql: "delete from carts", database: "shop" } });
    const { out } = await pullcord("show", requestOf(sql));
    expect(out).toMatch(/Rows +Deletes every row of carts: no WHERE narrows it\.\n +count them: SELECT count\(\*\) FROM carts/);
    expect(out).toMatch(/Undo +Nothing brings back what is lost here\./);
    expect(out).toContain("! destroys:");
    const reset = await agent.propose(run.id, { type: "command_execute", arguments: { command: "git reset --hard HEAD~1" } });
    expect((await pullcord("show", requestOf(reset))).out).toMatch(/Safer +git stash push --include-untracked \(risk \d+\)/);
  });

  it("refuses to approve a risky request without a terminal, with the words for the human, and on the record", async () => {
    const id = requestOf(await agent.propose(run.id, pushing));
    const before = (await test.person.listAudit({ type: "presence.attempted" })).items.length;
    const { status, err } = await pullcord("approve", id);
    expect(status).toBe(4);
    expect(err).toContain("ask your human exactly this");
    expect(err).toContain(`pullcord approve ${id}`);
    expect((await test.person.listAudit({ type: "presence.attempted" })).items.length).toBe(before + 1);
    expect((await test.person.getApprovalRequest(id)).status).toBe("pending");
  });

  it("refuses every approval under an agent before it looks at anything", async () => {
    const { status, err } = await inFolder(test.folder, ["approve", "q-none"], { CLAUDECODE: "1" });
    expect([status, err.includes("Tell your human")]).toEqual([4, true]);
    for (const words of [
      ["resume", "--all"],
      ["trust", "coder", "autonomous"],
      ["autonomy", "full"],
      ["token", "issue", "x"],
      ["break-glass", "--all"],
      ["tell", run.id, "go on"],
      ["sign-in"],
      ["run", "--agent", "coder", "--", "true"],
    ]) {
      expect((await inFolder(test.folder, words, { CLAUDECODE: "1" })).status).toBe(4);
    }
  });

  it("pauses, resumes, tells and stops, and prints the receipt of the stop", async () => {
    const own = await agent.openRun({ task: "to be stopped", workingDirectory: test.folder });
    expect((await pullcord("pause", own.id)).status).toBe(0);
    expect((await pullcord("ps")).out).toContain("= paused");
    expect((await pullcord("resume", own.id)).status).toBe(0);
    expect((await pullcord("tell", own.id, "use", "the", "staging", "database")).status).toBe(0);
    expect((await agent.safePoint(own.id)).instructions[0]?.text).toBe("use the staging database");
    expect((await pullcord("stop", own.id, "--dry-run")).out).toContain(`Would stop run ${own.id}`);
    const { status, out } = await pullcord("stop", own.id);
    expect([status, out]).toEqual([1, expect.stringMatching(/Not proven stopped[\s\S]*no processes of its own[\s\S]*pullcord resume/)]);
    expect((await agent.propose(own.id, { ...pushing, arguments: { command: "ls" } })).next).toBe("deny");
  });

  it("answers every question in JSON", async () => {
    const questions = [
      "status",
      "ps",
      "ps --all",
      "inbox",
      "agents",
      "audit",
      "audit --verify",
      "token list",
      "policy show",
      "autonomy",
      "break-glass",
      `show ${run.id}`,
      `log ${run.id}`,
      "completion bash",
    ];
    for (const question of questions) {
      const { status, out } = await pullcord(...question.split(" "), "--json");
      expect([question, status]).toEqual([question, 0]);
      expect(() => JSON.parse(out) as unknown).not.toThrow();
    }
    expect(JSON.parse((await pullcord("show", "rzzzz", "--json")).err)).toMatchObject({ error: { code: "not_found" } });
  });

  it("turns the dial, sets trust, makes and takes back a token, breaks the glass and ends it", async () => {
    expect((await pullcord("autonomy", "ask_first", "--agent", "coder")).status).toBe(0);
    expect((await pullcord("autonomy")).out).toContain("agent coder: ask_first");
    await pullcord("autonomy", "default", "--agent", "coder");
    expect((await pullcord("trust", "coder", "standard")).status).toBe(0);
    const token = JSON.parse((await pullcord("token", "issue", "ci", "--expires", "8h", "--json")).out) as { id: string; secret: string };
    expect(token.secret).toMatch(/^pca_/);
    expect((await pullcord("token", "revoke", token.id)).status).toBe(0);
    const use = JSON.parse((await pullcord("break-glass", "--agent", "nobody", "--for", "5m", "--json")).out) as { id: string };
    expect((await pullcord("break-glass", "--end", use.id)).out).toContain("The gate judges again");
    expect((await pullcord("break-glass", "--all", "--for", "16m")).status).toBe(2);
  });

  it("says what is wrong with what was typed, with status 2", async () => {
    for (const words of [
      ["nonsense"],
      ["stop", "--agent", "a", "--all"],
      ["show", "?"],
      ["autonomy", "wild"],
      ["log", run.id, "-n", "0"],
      ["token", "issue", "x", "--expires", "soon"],
    ]) {
      const { status, err } = await pullcord(...words);
      expect([words, status]).toEqual([words, 2]);
      expect(err).not.toBe("");
    }
    expect((await pullcord("show", "rzzzzzzzzz")).status).toBe(5);
  });

  it("checks a policy file without a server", async () => {
    const file = join(test.folder, "candidate.yaml");
    writeFileSync(file, "version: 1\nautonomie: full\n");
    const { status, out } = await pullcord("policy", "check", file);
    expect([status, out]).toEqual([1, expect.stringMatching(/candidate\.yaml:2:/)]);
  });
});

describe("help", () => {
  const all = (list: readonly Verb[], before: readonly string[] = []): (readonly string[])[] =>
    list.flatMap((verb) => {
      const path = [...before, verb.usage.split(" ")[0] ?? ""];
      return [path, ...all(verb.verbs ?? [], path)];
    });

  it.each(all(verbs).map((path) => [path.join(" "), path] as const))("of %s has examples and fits 80 columns", async (_, path) => {
    const { status, out } = await inFolder(tmpdir(), [...path, "--help"]);
    expect(status).toBe(0);
    expect(out).toContain("Examples:\n  pullcord");
    const text = out.slice(0, out.indexOf("Examples:"));
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });
});

describe("without a server", () => {
  const folder = mkdtempSync(join(tmpdir(), "pullcord-alone-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("says that there is none, and what to do", async () => {
    const { status, out } = await inFolder(folder, []);
    expect([status, out]).toEqual([8, expect.stringContaining("pullcord start")]);
    expect((await inFolder(folder, ["inbox"])).status).toBe(3);
  });

  it.skipIf(process.platform !== "linux")("ends what pullcord run left of this data folder, and nobody else's", async () => {
    const sleeper = (dataFolder: string, id: string) =>
      spawn("sh", ["-c", "setsid sleep 7300 & exec sleep 7300"], {
        env: { ...process.env, PULLCORD_RUN_ID: id, PULLCORD_DATA: dataFolder },
        stdio: "ignore",
      });
    const [ours, other] = [sleeper(folder, "rours23456"), sleeper(join(folder, "other"), "rother2345")];
    const gone = once(ours, "exit");
    const ofRun = (value: string) =>
      findMembers({ marker: { name: "PULLCORD_RUN_ID", value } }).filter(({ words }) => words[0] === "sleep");
    await expect.poll(() => [ofRun("rours23456").length, ofRun("rother2345").length]).toEqual([2, 2]);
    const { status, out } = await inFolder(folder, ["stop", "--all", "--offline", "--json"]);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ offline: true, runs: [{ runId: "rours23456", ended: 2, survivors: [], unknown: 0 }] });
    await gone;
    expect(other.exitCode ?? other.signalCode).toBeNull();
    await inFolder(join(folder, "other"), ["stop", "--all", "--offline"]);
    await inFolder(folder, ["resume", "--offline"]);
  });

  it("still stops everything, by the kill file, and takes it away again", async () => {
    const file = join(folder, "STOP");
    expect((await inFolder(folder, ["stop", "--all", "--dry-run", "--offline"])).out).toContain("Would write");
    expect(existsSync(file)).toBe(false);
    const { status, out } = await inFolder(folder, ["stop", "--all"]);
    expect([status, out]).toEqual([0, expect.stringContaining("kill file")]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await inFolder(folder, ["resume", "--offline"])).status).toBe(0);
    expect(existsSync(file)).toBe(false);
  });

  it("signs in with a link, keeps the session for this user alone, and signs in nobody with a used one", async () => {
    const test = await startTestServer();
    const own = mkdtempSync(join(tmpdir(), "pullcord-signed-"));
    try {
      const link = await test.server.signInLink();
      expect((await inFolder(own, ["sign-in", link])).status).toBe(0);
      expect(statSync(join(own, "credentials.json")).mode & 0o777).toBe(0o600);
      expect((await inFolder(own, ["ps"])).status).toBe(0);
      expect((await inFolder(own, ["sign-in", link])).status).toBe(3);
    } finally {
      rmSync(own, { recursive: true, force: true });
      await test.close();
    }
  });
});
