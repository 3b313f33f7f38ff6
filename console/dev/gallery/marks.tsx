import { riskLevelFloor, riskLevels, type Intervention } from "@pullcord/sdk/protocol";
import { Chip, Key } from "../../src/parts/chip.js";
import { ProgressMark } from "../../src/parts/progress-mark.js";
import { RiskMark, RiskTrail } from "../../src/parts/risk.js";
import { StateMark } from "../../src/parts/state-mark.js";
import { StopReceipt } from "../../src/parts/stop-receipt.js";
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

const pullcord = { kind: "system", id: "pullcord" } as const;
const stop: Intervention = {
  id: "i4c7e1a2bd",
  kind: "stop",
  scope: { kind: "everything" },
  by: { kind: "person", id: "ada", via: "console" },
  at: now - 4_000,
  runIds: ["rk3f9a2b1c", "rd8e7f6a5b"],
  effects: [
    { runId: "rk3f9a2b1c", step: "acknowledged", by: pullcord, at: now - 3_988 },
    { runId: "rk3f9a2b1c", step: "ended", by: pullcord, at: now - 3_820, processesEnded: 3, survivors: [] },
    { runId: "rd8e7f6a5b", step: "acknowledged", by: pullcord, at: now - 3_987 },
    {
      runId: "rd8e7f6a5b",
      step: "unproven",
      by: pullcord,
      at: now - 3_000,
      detail: "Two processes on another machine could not be seen.",
      survivors: ["terraform (4711)"],
    },
  ],
  cancelledRequests: 2,
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
        <StopReceipt intervention={stop} requestedAt={stop.at} />
        <StopReceipt intervention={{ ...stop, runIds: ["rk3f9a2b1c"], effects: stop.effects.slice(0, 2) }} requestedAt={stop.at} />
        <StopReceipt intervention={{ ...stop, runIds: [], effects: [] }} requestedAt={stop.at} />
      </Shelf>
    </>
  );
}
