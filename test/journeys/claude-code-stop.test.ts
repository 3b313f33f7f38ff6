import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { allProcesses } from "../../server/src/processes/all-processes.js";
import {
  bash,
  claude,
  clientEnvironment,
  connectPlace,
  makePlace,
  runClaude,
  startModel,
  until,
  type Model,
  type Place,
} from "./claude-code/client.js";
import { pullcordWords } from "./cli/command.js";
import { startTestServer, type TestServer } from "./server-for-tests.js";

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
  let test: TestServer;
  let token: string;
  let place: Place;
  let model: Model | undefined;
  beforeAll(async () => {
    test = await startTestServer({ policy });
    writeFileSync(
      join(test.folder, "credentials.json"),
      JSON.stringify({ server: test.server.url, token: await test.server.ownerToken() }),
    );
    token = (await test.person.issueAgentToken("claude-code")).secret;
    await test.person.setTrust("claude-code", "autonomous");
    await test.person.setAutonomy({ scope: { kind: "everything" }, level: "full" });
  });
  afterAll(() => test.close());
  afterEach(() => {
    model?.stop();
    place.remove();
  });

  const alive = () => allProcesses().filter(({ words }) => words[0] === "sleep" && words[1]?.startsWith(`${seconds}.`));
  const begin = async () => {
    place = makePlace();
    connectPlace(place, { url: test.server.url, token });
    model = await startModel(place, { main: [{ tools: [bash(escaping)] }, { text: "fin" }] });
    return model;
  };
  const reportOf = (id: string, run: string) =>
    until(async () => {
      const { effects } = await test.person.getIntervention(id);
      return effects.find((effect) => effect.runId === run && (effect.step === "ended" || effect.step === "unproven"));
    });

  it("ends the client and all it started, though Pullcord did not start it, and says how each ended and when", async () => {
    const scripted = await begin();
    const { child, ended } = runClaude(place, scripted);
    await until(() => alive().length === sleepers, appearLimitMs);
    const { items } = await test.person.listRuns({ status: "running" });
    const run = items.find(({ workingDirectory }) => workingDirectory === place.workspace)!;
    const stop = await test.person.intervene({ kind: "stop", scope: { kind: "run", id: run.id } });
    const report = await reportOf(stop.id, run.id);
    expect(alive()).toEqual([]);
    await ended;
    expect(allProcesses().some(({ pid }) => pid === child.pid)).toBe(false);
    expect(report).toMatchObject({ survivors: [], containment: "marker" });
    const told = report.processes?.filter(({ command }) => command.startsWith(`sleep ${seconds}.`)) ?? [];
    expect(told.map(({ command }) => command).toSorted()).toEqual([1, 2, 3, 4].map((number) => `sleep ${seconds}.${number}`));
    for (const { afterMs } of told) expect(afterMs).toBeLessThan(5_000);
  });

  it("ends the client and all it started under pullcord run", async () => {
    const scripted = await begin();
    const words = [...pullcordWords, "--data", test.folder, "run", "--", claude ?? "", "-p", "do it"];
    const supervisor = spawn(process.execPath, words, {
      cwd: place.workspace,
      env: { ...clientEnvironment(place, scripted), PULLCORD_TOKEN: token },
      stdio: "ignore",
    });
    const ended = new Promise((resolve) => supervisor.once("exit", resolve));
    await until(() => alive().length === sleepers, appearLimitMs);
    const { items } = await test.person.listRuns({ status: "running" });
    const supervised = items.find(({ task }) => task.includes("-p"))!;
    const stop = await test.person.intervene({ kind: "stop", scope: { kind: "run", id: supervised.id } });
    const report = await reportOf(stop.id, supervised.id);
    expect([report.survivors, alive()]).toEqual([[], []]);
    expect(report.processes?.some(({ command }) => command.includes("claude"))).toBe(true);
    await ended;
  });
});
