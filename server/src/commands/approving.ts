import { hash } from "node:crypto";
import { needsPresence, PullcordError, type ApprovalLevel, type Person, type Resolution } from "@pullcord/sdk/protocol";
import { usePresenceProof } from "../store/presence-checks.js";
import type { CommandContext } from "./context.js";

/** What decides how much proof an approval needs. */
export interface Weight {
  readonly level: ApprovalLevel;
  /** 0 to 100. */
  readonly score: number;
}

/** A person who is about to approve what these weights stand for. */
export interface Approving {
  readonly person: Person;
  /** Of what they saw. */
  readonly digest: string;
  readonly presenceProof?: string | undefined;
  readonly weights: readonly Weight[];
}

/**
 * Whether this person may approve this now, with the proof they gave: the presence check that went with it, if any.
 * @throws PullcordError `forbidden`/`not_an_approver`, `second_factor_required`, `presence_required`
 */
export async function proveApproval(context: CommandContext, approving: Approving): Promise<Pick<Resolution, "presence">> {
  const { person, weights } = approving;
  requireApprover(person);
  for (const weight of weights) requireReachable(weight);
  const checkId = await presence(context, { ...approving, isNeeded: weights.some((weight) => needsPresence(weight.level, weight)) });
  return checkId === undefined ? {} : { presence: { method: "hold", checkId } };
}

function requireApprover(person: Person): void {
  if (person.role !== "approver" && person.role !== "admin") {
    throw new PullcordError(
      "forbidden",
      "not_an_approver",
      `${person.name} is ${person.role}: only an approver or an admin can approve. Anybody can deny or stop.`,
    );
  }
}

/** Levels above `required` want proof from outside this machine account; until such methods exist, they are refused (design, "mode"). */
function requireReachable({ level }: Weight): void {
  if (level === "required_2fa" || level === "admin_only") {
    const text = `Level ${level} needs a passkey or a code confirmed on a second device, and this version has neither yet. Deny it, or lower the level of this type in the policy file.`;
    throw new PullcordError("forbidden", "second_factor_required", text);
  }
}

async function presence(
  { tx, now }: CommandContext,
  { digest, isNeeded, presenceProof, person }: Approving & { readonly isNeeded: boolean },
): Promise<string | undefined> {
  if (!isNeeded && presenceProof === undefined) return undefined;
  const proofHash = hash("sha256", presenceProof ?? "");
  const checkId = await usePresenceProof(tx, { proofHash, personId: person.id, digest }, now);
  if (checkId === undefined) {
    const text = "Approving this needs a presence check: hold the key or button, then approve with the proof.";
    throw new PullcordError("forbidden", "presence_required", text, { field: "/presenceProof" });
  }
  return checkId;
}
