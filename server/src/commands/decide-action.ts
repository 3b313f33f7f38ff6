import { type Action, actionLine, type Canary, type Decision } from "@pullcord/sdk/protocol";
import { transitionAction, type ActionEvent } from "../domain/action-state.js";
import { approvalExpiry } from "../domain/approval-expiry.js";
import { decide } from "../domain/decide.js";
import type { DecisionFacts } from "../domain/facts.js";
import { priority } from "../domain/priority.js";
import { nextOrThrow } from "../domain/transition.js";
import type { Decided } from "../domain/verdict.js";
import { insertRequest } from "../store/approvals.js";
import { appendEntry } from "../store/audit.js";
import { countBreakGlassAction } from "../store/break-glass.js";
import { proveCanary } from "../store/canaries.js";
import type { StoredRun } from "../store/runs.js";
import type { CommandContext, Outside } from "./context.js";
import type { Examination } from "./examine-action.js";
import { followDecision } from "./follow-plan.js";
import { gatherFacts } from "./gather-facts.js";
import { countGrantUse } from "./grants.js";
import { keepDecided } from "./keep-decided.js";
import { countDecided } from "./count-use.js";
import { previewRowsOf } from "./rows-preview.js";
import { moveBreakers } from "./move-breakers.js";
import { orderByLimit } from "./order-by-limit.js";
import { tallyDecided, tallyHeld, type Undecided } from "./tally.js";

/** An action that waits to be decided, and what was found out about it. */
interface ToDecide {
  readonly undecided: Undecided;
  readonly examination: Examination;
}

/**
 * Decides an action and records what follows: the decision, the approval request, the log entries, the run's tally.
 * The caller writes the action and the run.
 */
export async function decideAction(context: CommandContext, run: StoredRun, { undecided, examination }: ToDecide): Promise<Action> {
  const facts = await gatherFacts(context, run, { proposed: undecided.proposed, examination });
  const verdict = decide(facts, context.now);
  if (facts.canary) await recordProof(context, run, facts.canary);
  if (verdict.kind === "decided") return recordDecision(context, run, { undecided, verdict, facts });
  await moveBreakers(context, run, { moves: verdict.breakers, actionId: undecided.id, isAllowed: false });
  if (verdict.pause) await orderByLimit(context, run, { kind: "pause", order: verdict.pause, actionId: undecided.id });
  tallyHeld(run, undecided, context.now);
  const { id, digest, proposed } = undecided;
  await appendEntry(context.tx, {
    type: "action.held",
    at: context.now,
    actor: context.actor,
    runId: run.id,
    actionId: id,
    body: { digest, type: proposed.type, description: actionLine(proposed), sentence: verdict.sentence },
  });
  const state = nextOrThrow(transitionAction(undecided.state ?? null, { kind: "hold" }, context.now));
  return { ...undecided, runId: run.id, agent: run.agent, assessment: null, decision: null, state };
}

/** The agent's own hook reached this gate, and the denial goes back through it. */
async function recordProof({ tx, now, actor }: CommandContext, run: StoredRun, { id, agent }: Canary): Promise<void> {
  await proveCanary(tx, id, now);
  await appendEntry(tx, { type: "gate.proven", at: now, actor, runId: run.id, body: { canary: id, agent } });
}

async function recordDecision(
  context: CommandContext,
  run: StoredRun,
  { undecided, verdict, facts }: { readonly undecided: Undecided; readonly verdict: Decided; readonly facts: DecisionFacts },
): Promise<Action> {
  const { tx, now, outside } = context;
  const { decision, reading } = verdict;
  const action: Action = {
    ...undecided,
    runId: run.id,
    agent: run.agent,
    assessment: reading?.assessment ?? null,
    decision,
    state: nextOrThrow(transitionAction(undecided.state ?? null, eventOf(decision, outside), now)),
  };
  await appendDecision(context, action);
  await keepDecided(context, action, facts);
  if (decision.breakGlassId !== undefined) await countBreakGlassAction(tx, decision.breakGlassId);
  if (decision.grantId !== undefined) await countGrantUse(context, decision.grantId);
  await followDecision(context, action);
  if (action.state.status === "waiting") {
    await askPerson(context, run, { action, facts, id: action.state.approvalRequestId });
    await previewRowsOf(context, run, { action, reading });
  }
  const filesBefore = run.tally.pathCount;
  tallyDecided(run, { action, reading }, now);
  await countDecided(context, run, { action, reading, files: run.tally.pathCount - filesBefore });
  await moveBreakers(context, run, { moves: verdict.breakers, actionId: action.id, isAllowed: decision.effect === "allow" });
  if (verdict.stop) await orderByLimit(context, run, { kind: "stop", order: verdict.stop, actionId: action.id });
  return action;
}

function eventOf(decision: Decision, { newId }: Pick<Outside, "newId">): ActionEvent {
  switch (decision.effect) {
    case "allow":
      return { kind: "allow" };
    case "require_approval":
      return { kind: "ask", approvalRequestId: newId("approval_requests") };
    case "deny":
      return { kind: "deny", reason: `Pullcord denied this: ${decision.reasons[0]?.sentence ?? "no rule allows it."}` };
  }
}

async function appendDecision(
  { tx, now, actor }: CommandContext,
  { id, runId, digest, proposed, assessment, decision }: Action,
): Promise<void> {
  if (!decision) return;
  await appendEntry(tx, {
    type: "action.decided",
    at: now,
    actor,
    runId,
    actionId: id,
    body: {
      digest,
      type: proposed.type,
      description: actionLine(proposed),
      effect: decision.effect,
      sentence: decision.reasons[0]?.sentence ?? "",
      step: decision.reasons[0]?.step ?? "",
      score: assessment?.score ?? null,
      reversibility: assessment?.reversibility ?? null,
      approvalLevel: decision.approvalLevel,
      policyVersion: decision.policyVersion,
      autonomy: decision.autonomy,
      trustTier: decision.trustTier,
      ...(decision.breakGlassId === undefined ? {} : { breakGlassId: decision.breakGlassId }),
      ...(decision.grantId === undefined ? {} : { grantId: decision.grantId }),
      ...(decision.planStep === undefined ? {} : { planStep: { ...decision.planStep } }),
      ...(decision.deviatesFrom === undefined ? {} : { deviatesFrom: decision.deviatesFrom }),
    },
  });
}

/** Puts the question to people; unanswered at its expiry, it is denied (P9). */
async function askPerson(
  { tx, now, actor }: CommandContext,
  run: StoredRun,
  { action, facts, id }: { readonly action: Action; readonly facts: DecisionFacts; readonly id: string },
): Promise<void> {
  const { decision, assessment, proposed } = action;
  const level = decision?.approvalLevel ?? "required";
  const expiresAt = approvalExpiry({ level, type: proposed.type, policy: facts.policy, wishMs: proposed.expiresInMs }, now);
  const recentFailures = run.tally.failures.filter(Boolean).length;
  const urgency = priority({ assessment, claim: proposed.claim, recentFailures, reasons: decision?.reasons ?? [] });
  await insertRequest(tx, {
    id,
    runId: action.runId,
    actionId: action.id,
    agent: action.agent,
    level,
    priority: urgency,
    status: "pending",
    resolution: null,
    consumed: false,
    createdAt: now,
    expiresAt,
  });
  await appendEntry(tx, {
    type: "approval.requested",
    at: now,
    actor,
    runId: action.runId,
    actionId: action.id,
    body: { request: id, level, priority: urgency, expiresAt, digest: action.digest },
  });
}
