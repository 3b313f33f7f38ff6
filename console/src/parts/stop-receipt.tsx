import type { Intervention, InterventionEffect } from "@pullcord/sdk/protocol";
import { Fragment } from "react";
import { useNow } from "../live/clock.js";
import { HostileText } from "../text/hostile-text.js";
import { ScrollBox } from "./scroll-box.js";
import { clockTime, count, fineDuration, scopeName } from "../text/words.js";

const names: Readonly<Record<InterventionEffect["step"], string>> = {
  acknowledged: "acknowledged",
  delivered: "delivered",
  frozen: "processes frozen",
  ended: "processes ended",
  unproven: "not proven",
};

/** A stop is proven within this time, or said not to be (E5). */
const proofWaitMs = 5_000;

/** True when every run has said how it ended. */
export function isSettled(intervention: Intervention): boolean {
  return intervention.runIds.every((run) => hasEnded(run, intervention.effects));
}

function hasEnded(run: string, effects: readonly InterventionEffect[]): boolean {
  return effects.some((effect) => effect.runId === run && (effect.step === "ended" || effect.step === "unproven"));
}

/** A stop, step by step with times; nothing is called stopped on a guess. */
export function StopReceipt({ intervention, requestedAt }: { readonly intervention: Intervention; readonly requestedAt: number }) {
  const { runIds, effects, cancelledRequests } = intervention;
  const now = useNow();
  return (
    <div className="flex flex-col gap-1.5 text-body">
      <p className="font-semibold text-danger">{headline(intervention, requestedAt, now)}</p>
      <p className="text-small text-ink">
        Asked for {scopeName(intervention.scope)} by {intervention.by.id} at {clockTime(intervention.at)}
        {cancelledRequests > 0 && ` · ${count(cancelledRequests, "open request")} cancelled`}
      </p>
      <ScrollBox label="Receipt by run" className="max-h-36">
        <ul className="flex flex-col gap-1">
          {runIds.map((run) => (
            <RunReceipt key={run} run={run} at={intervention.at} effects={effects.filter((effect) => effect.runId === run)} />
          ))}
        </ul>
      </ScrollBox>
    </div>
  );
}

function RunReceipt({ run, at, effects }: { readonly run: string; readonly at: number; readonly effects: readonly InterventionEffect[] }) {
  const survivors = effects.flatMap((effect) => effect.survivors ?? []);
  const details = effects.flatMap((effect) => (effect.step === "unproven" && effect.detail ? [effect.detail] : []));
  const sayers = effects.flatMap(({ step, by }) => (step !== "acknowledged" && by.kind === "agent" ? [by.id] : []));
  return (
    <li className="text-small text-ink">
      <code className="font-semibold">{run}</code>
      {effects.map((effect, index) => (
        <Fragment key={index}>
          {" "}
          <span className="whitespace-nowrap">
            → {names[effect.step]} {fineDuration(effect.at - at)}
            {effect.processesEnded !== undefined && ` (${count(effect.processesEnded, "process", "processes")})`}
          </span>
        </Fragment>
      ))}
      {effects.length === 0 && <span className="text-muted"> → not acknowledged yet</span>}
      {survivors.length > 0 && (
        <span className="font-semibold text-danger">
          {" "}
          · survivors: <HostileText text={survivors.join(", ")} />
        </span>
      )}
      {sayers.length > 0 && (
        <span className="text-muted">
          {" "}
          · says <HostileText text={sayers[0] ?? ""} />, which supervised it
        </span>
      )}
      {details.map((detail) => (
        <span key={detail} className="block pl-4 text-ink">
          <HostileText text={detail} />
        </span>
      ))}
    </li>
  );
}

function headline(intervention: Intervention, requestedAt: number, now: number): string {
  const { runIds, effects } = intervention;
  if (runIds.length === 0) return "Nothing was running";
  const open = runIds.filter((run) => !hasEnded(run, effects));
  if (open.length > 0 && now - intervention.at < proofWaitMs)
    return `Stopping ${count(runIds.length, "run")}: no action is allowed any more`;
  if (open.length > 0)
    return `No action of ${count(runIds.length, "run")} is allowed any more; ${open.length === 1 ? "one has" : `${open.length} have`} not reported that all processes ended`;
  const unproven = runIds.filter(
    (run) =>
      effects.some((effect) => effect.runId === run && effect.step === "unproven") &&
      !effects.some((effect) => effect.runId === run && effect.step === "ended"),
  );
  const ended = effects.reduce((sum, effect) => sum + (effect.processesEnded ?? 0), 0);
  const survivors = effects.flatMap((effect) => effect.survivors ?? []).length;
  const took = fineDuration(Math.max(...effects.map((effect) => effect.at)) - Math.min(requestedAt, intervention.at));
  if (unproven.length > 0) return `Stopped, but not proven for ${count(unproven.length, "run")}: processes may be left`;
  return `Stopped in ${took}: ${count(runIds.length, "run")}, ${count(ended, "process", "processes")} ended, ${count(survivors, "survivor")}`;
}
