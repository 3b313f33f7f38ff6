import { hash } from "node:crypto";
import type { PolicyProblem, PolicyShadow } from "@pullcord/sdk/protocol";
import { Differences } from "../domain/policy/differences.js";
import { appendEntry } from "../store/audit.js";
import { insertPolicyVersion, newestPolicyVersion } from "../store/policy-versions.js";
import { countDecidedSince, findShadow, listShadowDecisions, saveShadow } from "../store/shadow.js";
import type { Reader } from "../store/transaction.js";
import type { Command } from "./context.js";

/** A policy that is in force from now on. */
interface PolicyInto {
  readonly version: string;
  readonly file: string | null;
  readonly text: string;
  readonly reason?: string | undefined;
}

/** The policy changed, in its file or by a person here: kept with its author, and on record (I9). */
export const recordPolicyChange: Command<PolicyInto, void> = async ({ tx, now, actor, outside }, { version, file, text, reason }) => {
  const why = reason === undefined ? {} : { reason };
  await insertPolicyVersion(tx, outside.newId("policy_versions"), { version, at: now, by: actor, text, ...why });
  await appendEntry(tx, { type: "policy.changed", at: now, actor, body: { version, file, ...why } });
};

/** At the start: a policy that changed while the server was away counts as changed now. */
export const recordPolicyAtStart: Command<PolicyInto, void> = async (context, policy) => {
  if ((await newestPolicyVersion(context.tx)) !== policy.version) await recordPolicyChange(context, policy);
};

/** A changed policy file was refused; the one before stays in force. */
export const recordPolicyRefusal: Command<PolicyProblem, void> = async ({ tx, now, actor }, problem) => {
  await appendEntry(tx, { type: "policy.refused", at: now, actor, body: { ...problem } });
};

/** A policy runs beside the one in force from now on and only logs; null ends it. */
export const setShadow: Command<{ readonly text: string; readonly version: string } | null, void> = async ({ tx, now, actor }, shadow) => {
  await saveShadow(tx, shadow && { text: shadow.text, since: now });
  await appendEntry(tx, { type: "policy.shadowed", at: now, actor, body: { version: shadow?.version ?? null } });
};

/** The shadow and what it would have decided otherwise; null while there is none. */
export async function shadowView(reader: Reader, version: string | null): Promise<PolicyShadow | null> {
  const stored = await findShadow(reader);
  if (!stored) return null;
  const own = version ?? hash("sha256", stored.text);
  const differences = new Differences();
  for (const one of await listShadowDecisions(reader, own)) differences.add(one);
  const { changed, differences: listed } = differences.list();
  return { version: own, ...stored, compared: await countDecidedSince(reader, stored.since), changed, differences: listed };
}
