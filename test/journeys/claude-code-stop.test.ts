import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { allProcesses } from "../../server/src/processes/all-processes.js";
import { bash, claude, clientEnvironment, runClaude, until } from "./claude-code/client.js";
import { sessionsUnder } from "./claude-code/session.js";
import { pullcordWords } from "./cli/command.js";

const policy = `version: 1
rules:
  - id: everything
    effect: allow
    when: { type: command_execute }
`;

// A session of its own, one that ignores the end of its terminal, an orphan, and the command itself. Each would live on
// when the client is killed.
const seconds = `73${process.pid}`;
const escaping = `setsid sleep ${seconds}.1 & nohup sleep ${seconds}.2 >/dev/null 2>&1 & (setsid sleep ${seconds}.3 &); sleep ${seconds}.4`;
const sleepers = 4;
const appearLimitMs = 90_000;

describe.skipIf(claude === undefined)("a stop of Claude Code with a command running", () => {
  const session = sessionsUnder({
    policy,
    trustTier: "autonomous",
    prepare: async ({ server, folder, person }) => {
      writeFileSync(join(folder, "credentials.json"), JSON.stringify({ server: server.url, token: await server.ownerToken() }));
      await person.setAutonomy({ scope: { kind: "everything" }, level: "full" });
    },
  });

  const alive = () => allProcesses().filter(({ words }) => words[0] === "sleep" && words[1]?.startsWith(`${seconds}.`));
  const begin = () => session.begin({ main: [{ tools: [bash(escaping)] }, { text: "fin" }] });
  const reportOf = (id: string, run: string) =>
    until(async () => {
      const { effects } = await session.person.getIntervention(id);
      return effects.find((effect) => effect.runId === run && (effect.step === "ended" || effect.step === "unproven"));
    });

  it("ends the client and all it started, though Pullcord did not start it, and says how each ended and when", async () => {
    const scripted = await begin();
    const { child, ended } = runClaude(session.place, scripted);
    await until(() => alive().length === sleepers, appearLimitMs);
    const run = await session.running();
    const stoppedAt = performance.now();
    const stop = await session.person.intervene({ kind: "stop", scope: { kind: "run", id: run.id } });
    const report = await reportOf(stop.id, run.id);
    const reportedMs = performance.now() - stoppedAt;
    expect(alive()).toEqual([]);
    await ended;
    expect(allProcesses().some(({ pid }) => pid === child.pid)).toBe(false);
    expect(report).toMatchObject({ survivors: [], containment: "marker" });
    const told = report.processes?.filter(({ command }) => command.startsWith(`sleep ${seconds}.`)) ?? [];
    expect(told.map(({ command }) => command).toSorted()).toEqual([1, 2, 3, 4].map((number) => `sleep ${seconds}.${number}`));
    for (const { afterMs } of told) expect(afterMs).toBeLessThanOrEqual(reportedMs);
  });

  it("ends the client and all it started under pullcord run", async () => {
    const scripted = await begin();
    const words = [...pullcordWords, "--data", session.server.folder, "run", "--", claude ?? "", "-p", "do it"];
    const supervisor = spawn(process.execPath, words, {
      cwd: session.place.workspace,
      env: { ...clientEnvironment(session.place, scripted), PULLCORD_TOKEN: session.token },
      stdio: "ignore",
    });
    const ended = new Promise((resolve) => supervisor.once("exit", resolve));
    await until(() => alive().length === sleepers, appearLimitMs);
    const { items } = await session.person.listRuns({ status: "running" });
    const supervised = items.find(({ task }) => task.includes("-p"))!;
    const stop = await session.person.intervene({ kind: "stop", scope: { kind: "run", id: supervised.id } });
    const report = await reportOf(stop.id, supervised.id);
    expect([report.survivors, alive()]).toEqual([[], []]);
    expect(report.processes?.some(({ command }) => command.includes("claude"))).toBe(true);
    await ended;
  });
});
