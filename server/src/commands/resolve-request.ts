import { theySaid } from "../domain/they-said.js";
import { actionDigest } from "@pullcord/sdk/digest";
import {
  type Action,
  actionLine,
  type ApprovalRequest,
  type JsonObject,
  type Person,
  PullcordError,
  type Resolution,
  type Resolve,
} from "@pullcord/sdk/protocol";
import { transitionAction } from "../domain/action-state.js";
import { transitionApproval, type ApprovalEvent } from "../domain/approval-state.js";
import { nextOrThrow } from "../domain/transition.js";
import { findAction, updateAction } from "../store/actions.js";
import { findRequest, resolveRequest as saveResolution, type StoredRequest } from "../store/approvals.js";
import { appendEntry } from "../store/audit.js";
import { findRun, updateRun } from "../store/runs.js";
import type { Command, CommandContext, LookContext } from "./context.js";
import { approvalState } from "./approval-view.js";
import { proveApproval, type Weight } from "./approving.js";
import { assessEdit, examineEdit } from "./assess-edit.js";
import type { Examination } from "./examine-action.js";
import { makeGrant } from "./grants.js";
import { moveTrust } from "./move-trust.js";
import { requestForPeople } from "./rows-preview.js";
import { tallyAnswered } from "./tally.js";
import { withTimeLeft } from "./time-left.js";

export interface ResolveInput extends Resolve {
  readonly requestId: string;
  readonly person: Person;
}

/** A request with the action it is about. */
interface Asked {
  readonly request: StoredRequest;
  readonly action: Action;
}

/** A person answers a request: bound to the digest they saw, once, within its time (I2, I3, I5, V9.2.8). */
export const resolveRequest: Command<ResolveInput, ApprovalRequest, Examination> = async (context, input, ahead) => {
  const { tx, now } = context;
  const asked = await requireRequest(context, input);
  const { action } = asked;
  const request = await withTimeLeft(context, asked.request);
  const event = input.effect === "approve" ? await approval(context, asked, { ...input, ahead }) : denial(context, input);
  const next = nextOrThrow(transitionApproval(approvalState(request), event, now));
  if (next.status === "pending" || !(await saveResolution(tx, request.id, next.resolution))) {
    throw new PullcordError("conflict", "already_resolved", "Somebody answered this request first.");
  }
  const resolved = resolvedAction(action, { resolution: next.resolution, input }, now);
  await writeResolved(context, resolved, { requestId: request.id, resolution: next.resolution });
  if (input.grant && next.status === "approved") await makeGrant(context, action, { terms: input.grant, level: request.level });
  return requestForPeople(context, { ...request, status: next.status, resolution: next.resolution });
};

/** Other arguments are another action: they are read like one. */
resolveRequest.lookAhead = async (context, input) => {
  const { modifiedArguments } = input;
  if (input.effect !== "approve" || !modifiedArguments) return undefined;
  return examineEdit(context, { action: (await requireRequest(context, input)).action, modifiedArguments });
};

async function requireRequest({ tx }: LookContext, { requestId, digest }: ResolveInput): Promise<Asked> {
  const request = await findRequest(tx, requestId);
  const action = request && (await findAction(tx, request.actionId));
  if (!request || !action) throw new PullcordError("not_found", "unknown_request", `There is no approval request ${requestId}.`);
  if (digest !== action.digest) {
    throw new PullcordError("conflict", "digest_mismatch", "What you saw is not what this request is about. Open it again.", {
      field: "/digest",
    });
  }
  return { request, action };
}

function denial({ actor }: CommandContext, { reason }: ResolveInput): ApprovalEvent {
  return { kind: "deny", by: actor, ...(reason === undefined ? {} : { reason }) };
}

async function approval(
  context: CommandContext,
  { request, action }: Asked,
  input: ResolveInput & { readonly ahead: Examination | undefined },
): Promise<ApprovalEvent> {
  const asked: Weight = { level: request.level, score: action.assessment?.score ?? 100 };
  // Edited arguments may weigh more than those that were asked about: the heavier of both holds.
  const { modifiedArguments, ahead } = input;
  if (modifiedArguments && input.grant)
    throw new PullcordError("invalid", "grant_edited", "Grant what was proposed, or approve your own arguments once: not both.", {
      field: "/grant",
    });
  const weights = modifiedArguments ? [asked, await assessEdit(context, { action, modifiedArguments }, ahead)] : [asked];
  const { person, presenceProof } = input;
  const proof = await proveApproval(context, { person, digest: action.digest, presenceProof, weights });
  return {
    kind: "approve",
    by: context.actor,
    ...(input.reason === undefined ? {} : { reason: input.reason }),
    ...proof,
  };
}

function resolvedAction(
  action: Action,
  { resolution, input: { modifiedArguments } }: { readonly resolution: Resolution; readonly input: ResolveInput },
  now: number,
): Action {
  if (resolution.status !== "approved") {
    const why = theySaid(resolution.reason);
    const reason = `Pullcord: a person denied this. ${why} Do not try it another way; ask your human if you need it.`;
    return { ...action, state: nextOrThrow(transitionAction(action.state, { kind: "deny", reason }, now)) };
  }
  const approved: Action = { ...action, state: nextOrThrow(transitionAction(action.state, { kind: "approve" }, now)) };
  return modifiedArguments ? { ...approved, ...bindEdit(action, modifiedArguments) } : approved;
}

function bindEdit({ agent, runId, proposed }: Action, approvedArguments: JsonObject): Pick<Action, "approvedArguments" | "approvedDigest"> {
  return { approvedArguments, approvedDigest: actionDigest({ agent, runId, proposed, approvedArguments }) } as const;
}

async function writeResolved(
  context: CommandContext,
  action: Action,
  { requestId, resolution }: { readonly requestId: string; readonly resolution: Resolution },
): Promise<void> {
  const { tx, now, actor } = context;
  await updateAction(tx, action);
  const run = await findRun(tx, action.runId);
  if (run) {
    tallyAnswered(run, action, now);
    if (resolution.status === "denied") run.tally.denied += 1;
    await updateRun(tx, run);
  }
  if (resolution.status === "denied") await moveTrust(context, action, "refused");
  await appendEntry(tx, {
    type: "approval.resolved",
    at: now,
    actor,
    runId: action.runId,
    actionId: action.id,
    body: {
      request: requestId,
      status: resolution.status,
      digest: action.digest,
      description: actionLine(action.proposed),
      ...(action.approvedDigest === undefined ? {} : { approvedDigest: action.approvedDigest }),
      ...(resolution.reason === undefined ? {} : { reason: resolution.reason }),
      ...(resolution.presence === undefined ? {} : { presence: { ...resolution.presence } }),
    },
  });
}
