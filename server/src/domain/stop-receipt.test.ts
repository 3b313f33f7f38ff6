import type { Action, Intervention, InterventionEffect } from "@pullcord/sdk/protocol";
import { describe, expect, it } from "vitest";
import { proofWaitMs, stopReceipt, type StoppedRun } from "./stop-receipt.js";
import { stopTimes } from "./stop-times.js";

const system = { kind: "system", id: "pullcord" } as const;
const at = Date.UTC(2026, 10, 21, 12);
const effect = (step: InterventionEffect["step"], afterMs: number, more: Partial<InterventionEffect> = {}): InterventionEffect => ({
  runId: "r1",
  step,
  at: at + afterMs,
  by: system,
  ...more,
});
const acknowledged = effect("acknowledged", 0);

function stop(effects: readonly InterventionEffect[], more: Partial<Intervention> = {}): Intervention {
  return {
    id: "i1",
    kind: "stop",
    scope: { kind: "everything" },
    by: { kind: "person", id: "ada" },
    requestedAt: at - 4,
    at,
    runIds: ["r1"],
    effects: [acknowledged, ...effects],
    cancelledRequests: 0,
    ...more,
  };
}

const run = (more: Partial<StoppedRun> = {}): StoppedRun => ({
  id: "r1",
  agent: "coder",
  task: "tidy",
  externalId: null,
  process: { supervised: true },
  met: [],
  ...more,
});

const action = (id: string, status: Action["state"]["status"]) =>
  ({ id, proposed: { type: "command_execute", arguments: { command: `do ${id}` } }, state: { status } }) as unknown as Action;

describe("the receipt of a stop", () => {
  const ended = effect("ended", 180, { processesEnded: 3, survivors: [] });
  const cases: readonly {
    title: string;
    made: Intervention;
    runs?: readonly StoppedRun[];
    afterMs?: number;
    standing: string;
    says: string;
  }[] = [
    { title: "is open until somebody reports", made: stop([]), standing: "stopping", says: "Stopping 1 run" },
    {
      title: "is not proven when nobody reports in time",
      made: stop([]),
      afterMs: proofWaitMs,
      standing: "unproven",
      says: "Not proven stopped: nothing of 1 run is allowed any more, 0 processes ended, but the processes of 1 run are not known to be gone.",
    },
    {
      title: "says stopped when every process was seen to be gone",
      made: stop([ended]),
      standing: "stopped",
      says: "Stopped 1 run in 184 ms: 3 processes ended, 0 survivors.",
    },
    {
      title: "leaves it to the supervisor that there was nothing to end, since nobody saw that",
      made: stop([effect("ended", 9, { processesEnded: 0, survivors: [], by: { kind: "agent", id: "coder" } })]),
      standing: "stopped",
      says: "0 processes ended, 0 survivors; that 1 run had none to end is its supervisor's word alone.",
    },
    {
      title: "counts survivors, whatever else was said",
      made: stop([effect("ended", 9, { processesEnded: 2, survivors: ["7 sleep"] })]),
      standing: "unproven",
      says: "2 processes ended, but 1 survivor.",
    },
    {
      title: "does not take unknown processes for ended ones",
      made: stop([effect("unproven", 9, { processesEnded: 2, survivors: [], unknown: 2 })]),
      standing: "unproven",
      says: "2 processes ended, but 2 unknown.",
    },
    {
      title: "lets a later report hold over an earlier one",
      made: stop([effect("unproven", 9, { survivors: ["7 sleep"] }), ended]),
      standing: "stopped",
      says: "0 survivors",
    },
    {
      title: "claims nothing about a run whose processes nobody knows",
      made: stop([]),
      runs: [run({ process: null })],
      standing: "unproven",
      says: "Pullcord knows no processes of 1 run",
    },
    {
      title: "takes a gate's word that it heard where nothing is left open",
      made: stop([effect("heard", 20, { by: { kind: "agent", id: "coder" } })]),
      runs: [run({ process: null })],
      standing: "stopped",
      says: "Stopped 1 run in 24 ms",
    },
    {
      title: "does not take it where an action had begun and nobody said how it ended",
      made: stop([effect("heard", 20)], {
        work: [{ runId: "r1", finished: 0, underWay: ["a1"], neverBegun: [], permitsRevoked: 0, requestsCancelled: 0 }],
      }),
      runs: [run({ process: null, met: [action("a1", "running")] })],
      standing: "unproven",
      says: "Pullcord knows no processes of 1 run",
    },
    {
      title: "says when there was nothing to stop",
      made: stop([], { runIds: [] }),
      runs: [],
      standing: "stopped",
      says: "Nothing was running.",
    },
  ];

  it.each(cases)("$title", ({ made, runs = [run()], afterMs = 50, standing, says }) => {
    const receipt = stopReceipt(made, runs, at + afterMs);
    expect([receipt.standing, receipt.sentence]).toEqual([standing, expect.stringContaining(says)]);
  });

  it("tells what was done, cut short and never begun, and each step with its time", () => {
    const work = { runId: "r1", finished: 7, underWay: ["a1", "a2", "a3"], neverBegun: ["a4"], permitsRevoked: 1, requestsCancelled: 2 };
    const met = [action("a1", "succeeded"), action("a2", "failed"), action("a3", "allowed"), action("a4", "cancelled")];
    const { steps, runs } = stopReceipt(stop([ended], { work: [work] }), [run({ met })], at + 200);
    expect(steps.map(({ step, at: then, count }) => [step, then - at, count])).toEqual([
      ["requested", -4, undefined],
      ["acknowledged", 0, 1],
      ["permits_revoked", 0, 1],
      ["requests_cancelled", 0, 2],
      ["processes_ended", 180, 3],
    ]);
    expect(runs[0]?.actions.map(({ sentence, fate }) => [sentence, fate])).toEqual([
      ["do a1", "finished"],
      ["do a2", "cut_short"],
      ["do a3", "unreported"],
      ["do a4", "never_begun"],
    ]);
    expect(runs[0]).toMatchObject({ finished: 7, resume: expect.stringContaining("pullcord resume r1") });
  });

  it("names the client's own way to go on, where there is one", () => {
    const process = { marker: { name: "CLAUDE_CODE_SESSION_ID", value: "5f1c" } };
    const { runs } = stopReceipt(stop([]), [run({ externalId: "5f1c", process })], at);
    expect(runs[0]?.resume).toBe("pullcord resume r1, then: claude --resume 5f1c");
  });
});

describe("the times of stops", () => {
  it("are taken from the request to the last process, by day, without those that proved nothing", () => {
    const proven = [100, 200, 300].map((ms) => stop([effect("ended", ms, { survivors: [] })]));
    const doubtful = stop([effect("unproven", 5_000)], { at: at + 86_400_000, requestedAt: at + 86_400_000 });
    const nothing = stop([], { runIds: [] });
    const times = stopTimes([doubtful, ...proven, nothing], { from: 0, to: at });
    expect(times).toMatchObject({ stops: 4, unproven: 1, acknowledgedMs: { p50: 4, p99: 4 }, endedMs: { p50: 204, p99: 304 } });
    expect(times.days).toEqual([
      { day: "2026-11-21", stops: 3, unproven: 0, endedP99: 304 },
      { day: "2026-11-22", stops: 1, unproven: 1, endedP99: null },
    ]);
  });

  it("are none where there were no stops", () => {
    expect(stopTimes([], { from: 0, to: at })).toMatchObject({ stops: 0, acknowledgedMs: { p50: null, p99: null }, days: [] });
  });
});
