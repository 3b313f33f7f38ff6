import type { Actor } from "./approval.js";
import type { JsonObject } from "./json.js";

/** Event and audit types: noun, then past verb. */
export const auditTypes = [
  "run.opened",
  "run.paused",
  "run.resumed",
  "run.stopped",
  "run.finished",
  "run.process_named",
  "action.held",
  "action.decided",
  "action.started",
  "action.ended",
  "action.cancelled",
  "approval.requested",
  "approval.previewed",
  "approval.outgrown",
  "approval.resolved",
  "grant.made",
  "grant.ended",
  "plan.handed_in",
  "plan.arranged",
  "plan.previewed",
  "plan.resolved",
  "plan.ended",
  "intervention.made",
  "intervention.took_effect",
  "instruction.delivered",
  "breaker.warned",
  "breaker.tripped",
  "breaker.half_opened",
  "breaker.closed",
  "breaker.held",
  "breaker.released",
  "breaker.reset",
  "usage.reported",
  "action.undo_given",
  "action.undo_settled",
  "undo.made",
  "undo.ended",
  "run.reviewed",
  "autonomy.changed",
  "trust.changed",
  "trust.proposed",
  "policy.changed",
  "policy.refused",
  "policy.shadowed",
  "history.forgotten",
  "break_glass.used",
  "break_glass.ended",
  "person.added",
  "sign_in_link.made",
  "person.signed_in",
  "person.signed_out",
  "agent_token.issued",
  "agent_token.revoked",
  "webhook_token.issued",
  "webhook_token.revoked",
  "presence.attempted",
  "canary.planted",
  "gate.proven",
  "drill.recorded",
  "server.started",
  "server.stopped",
] as const;
export type AuditType = (typeof auditTypes)[number];

/**
 * One line of the record. Its leaf hash is SHA-256(0x00 ‖ canonical JSON of the entry without its hashes)
 * (RFC 6962, 2.1); its head is SHA-256(0x03 ‖ previous head ‖ leaf hash), so that no entry can be changed,
 * dropped or moved without changing every later head.
 */
export interface AuditEntry {
  /** Counts up from 1 without a gap; also the id of the event on the live stream. */
  readonly seq: number;
  readonly at: number;
  readonly type: AuditType;
  readonly actor: Actor;
  readonly runId?: string;
  readonly actionId?: string;
  readonly body: JsonObject;
  /** Hex. */
  readonly leafHash: string;
  /** Hex. */
  readonly head: string;
}

export interface AuditVerification {
  readonly ok: boolean;
  readonly entries: number;
  readonly head: string;
  /** The first entry that does not fit, and why. */
  readonly problem?: { readonly seq: number; readonly sentence: string };
}
