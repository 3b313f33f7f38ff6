import { riskLevelFloor, riskLevels, type StopReceipt } from "@pullcord/sdk/protocol";
import { Chip, Key } from "../../src/parts/chip.js";
import { ProgressMark } from "../../src/parts/progress-mark.js";
import { RiskMark, RiskTrail } from "../../src/parts/risk.js";
import { StateMark } from "../../src/parts/state-mark.js";
import { StopReceiptView } from "../../src/parts/stop-receipt.js";
import { Ago, TimeLeft } from "../../src/parts/time.js";
import { Shelf } from "./shelf.js";

const states = [
  "running",
  "waiting",
  "paused",
  "held",
  "stopped",
  "finished",
  "succeeded",
  "failed",
  "allowed",
  "approved",
  "denied",
  "cancelled",
  "expired",
  "skipped",
] as const;
const now = Date.now();

const stop: StopReceipt = {
  intervention: {
    id: "i4c7e1a2bd",
    kind: "stop",
    scope: { kind: "everything" },
    by: { kind: "person", id: "ada", via: "console" },
    at: now - 4_000,
    runIds: ["rk3f9a2b1c", "rd8e7f6a5b"],
    effects: [],
    cancelledRequests: 2,
  },
  standing: "unproven",
  sentence: "Not proven stopped: nothing of 2 runs is allowed any more, 3 processes ended, but 1 survivor, 2 unknown.",
  steps: [
    { step: "requested", at: now - 4_000 },
    { step: "acknowledged", at: now - 3_996, count: 2 },
    { step: "permits_revoked", at: now - 3_996, count: 1 },
    { step: "requests_cancelled", at: now - 3_996, count: 2 },
    { step: "processes_ended", at: now - 3_000, count: 3 },
  ],
  runs: [
    {
      runId: "rk3f9a2b1c",
      agent: "claude-code",
      task: "Tidy the cart",
      acknowledgedAt: now - 3_996,
      processes: { status: "ended", ended: 3, survivors: [], unknown: 0, at: now - 3_820 },
      finished: 12,
      permitsRevoked: 1,
      requestsCancelled: 1,
      actions: [
        { actionId: "a7k2m3n4p5", sentence: "npm test", fate: "cut_short" },
        { actionId: "a8k2m3n4p5", sentence: "git push origin main", fate: "never_begun" },
      ],
      resume: "pullcord resume rk3f9a2b1c, then: claude --resume 5f1c",
    },
    {
      runId: "rd8e7f6a5b",
      agent: "terraform",
      task: "Plan",
      acknowledgedAt: now - 3_996,
      processes: {
        status: "unproven",
        ended: 0,
        survivors: ["4711 terraform"],
        unknown: 2,
        detail: "Two processes on another machine could not be seen.",
        at: now - 3_000,
      },
      finished: 2,
      permitsRevoked: 0,
      requestsCancelled: 1,
      actions: [],
      resume: "pullcord resume rd8e7f6a5b, then start the agent again in the same folder",
    },
  ],
};
const nothingStopped: StopReceipt = {
  ...stop,
  standing: "stopped",
  sentence: "Nothing was running.",
  steps: stop.steps.slice(0, 2),
  runs: [],
};

export function Marks() {
  return (
    <>
      <Shelf name="Risk">
        {riskLevels.map((level) => (
          <RiskMark key={level} level={level} score={riskLevelFloor[level]} />
        ))}
        <RiskTrail scores={[2, 8, 12, 34, 55, 62, 72, 88, 90, 4, 6]} />
        <RiskTrail scores={[]} />
      </Shelf>
      <Shelf name="States">
        {states.map((state) => (
          <StateMark key={state} state={state} />
        ))}
      </Shelf>
      <Shelf name="Facts and times">
        <Chip>Review</Chip>
        <Chip tone="wait">2 questions</Chip>
        <Chip tone="accent">New</Chip>
        <Chip tone="danger">Critical</Chip>
        <Key>J</Key>
        <Ago at={now - 3 * 3_600_000} />
        <TimeLeft until={now + 245_000} />
        <div className="w-56">
          <ProgressMark progress={{ n: 7, of: 12, item: "src/cart/total.js" }} />
        </div>
      </Shelf>
      <Shelf name="Stop receipt">
        <StopReceiptView receipt={stop} />
        <StopReceiptView receipt={{ ...stop, intervention: { ...stop.intervention, unrecorded: true } }} />
        <StopReceiptView receipt={nothingStopped} />
      </Shelf>
    </>
  );
}
