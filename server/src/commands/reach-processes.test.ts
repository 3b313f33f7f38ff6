import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunProcess } from "@pullcord/sdk/protocol";
import { LostRuns } from "../clock/lost-runs.js";
import { findRun } from "../store/runs.js";
import { agentCaller, openTestGate, type TestGate } from "./gate-for-tests.js";
import { intervene } from "./intervene.js";
import { openRun } from "./open-run.js";
import { redoInterventions } from "./redo-interventions.js";
import { reportOn } from "./report-effect.js";
import { reportProcess } from "./run-reports.js";
import { systemCaller, type Caller } from "./runner.js";

const ada: Caller = { actor: { kind: "person", id: "ada", via: "cli" }, principal: "person:ada" };
const marker = { name: "CLAUDE_CODE_SESSION_ID", value: "session-1" };
const supervisor = { pid: 4_000_000, startedAt: "1", machine: "here" };

describe("the processes of a run", () => {
  let gate: TestGate;
  let asked: string[];
  let gone: boolean;
  beforeEach(async () => {
    asked = [];
    gone = false;
    gate = await openTestGate({
      endProcesses: ({ process }) => asked.push(`end ${process.pid ?? "marked"}`),
      freezeProcesses: () => asked.push("freeze"),
      thawProcesses: () => asked.push("thaw"),
      isGone: () => gone,
      endLost: () => Promise.resolve("2 processes ended"),
    });
  });
  afterEach(() => gate.close());

  const open = async (process: RunProcess) =>
    (await gate.runner.run(openRun, { task: "work", tokenId: "t", externalId: "session-1", process }, agentCaller)).id;
  const act = (id: string, kind: "stop" | "pause" | "resume", freeze?: true) =>
    gate.runner.run(intervene, { kind, scope: { kind: "run", id }, ...(freeze && { freeze }) }, ada);

  it("are ended at a stop, also those of a supervisor, should it not do so", async () => {
    await act(await open({ marker }), "stop");
    await act((await gate.runner.run(openRun, { task: "work", tokenId: "t", process: { supervised: true } }, agentCaller)).id, "stop");
    expect(asked).toEqual(["end marked", "end marked"]);
  });

  it("are frozen at a pause that says so, and thawed at the resume", async () => {
    const id = await open({ marker });
    await act(id, "pause");
    expect(asked).toEqual([]);
    await act(id, "resume");
    await act(id, "pause", true);
    expect(asked).toEqual(["thaw", "freeze"]);
  });

  it("are left to the supervisor at a pause", async () => {
    const { id } = await gate.runner.run(openRun, { task: "work", tokenId: "t", process: { supervised: true } }, agentCaller);
    await act(id, "pause", true);
    expect(asked).toEqual([]);
  });

  it("are ended too when they become known after the stop", async () => {
    const id = await open({ marker });
    await act(id, "stop");
    await gate.runner.run(reportProcess, { runId: id, process: { pid: 4_000_001 } }, systemCaller);
    expect(asked).toEqual(["end marked", "end 4000001"]);
  });

  it("are reached again after a crash, unless somebody has said what came of it", async () => {
    const openAnother = async () => {
      const { id } = await gate.runner.run(openRun, { task: "work", tokenId: "t" }, agentCaller);
      await gate.runner.run(reportProcess, { runId: id, process: { marker: { name: "PULLCORD_RUN_ID", value: id } } }, systemCaller);
      return id;
    };
    const [stopped, reported, frozen, resumed, again] = [
      await openAnother(),
      await openAnother(),
      await openAnother(),
      await openAnother(),
      await openAnother(),
    ];
    await act(stopped, "stop");
    const { id: interventionId } = await act(reported, "stop");
    await reportOn(gate.runner, { interventionId, runId: reported, step: "ended", processesEnded: 1 }, systemCaller);
    await act(frozen, "pause", true);
    await act(resumed, "pause", true);
    await act(resumed, "resume");
    await act(again, "pause", true);
    await act(again, "stop");
    asked = [];
    await redoInterventions(gate.runner);
    expect(asked.toSorted()).toEqual(["end marked", "end marked", "freeze", "thaw"]);
    gate.clock.now += 25 * 3_600_000;
    asked = [];
    await redoInterventions(gate.runner);
    expect(asked).toEqual([]);
  });

  it("refuses a freeze that is no pause", async () => {
    await expect(act(await open({ marker }), "stop", true)).rejects.toMatchObject({ reason: "freeze" });
  });

  it("closes a run as lost once its supervisor was seen to be gone twice", async () => {
    const { id } = await gate.runner.run(openRun, { task: "work", tokenId: "t", process: { supervised: true, supervisor } }, agentCaller);
    const lost = new LostRuns(gate.runner);
    const state = async () => (await findRun(gate.store.read, id))?.state;
    await lost.look();
    gone = true;
    await lost.look();
    expect(await state()).toMatchObject({ status: "running" });
    await lost.look();
    expect(await state()).toMatchObject({ status: "finished", result: "lost" });
  });
});
