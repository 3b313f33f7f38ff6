import { hash } from "node:crypto";
import { PullcordError, type IssuedAgentToken } from "@pullcord/sdk/protocol";
import { noTrust } from "../domain/earned-trust.js";
import { findAgent, saveAgent } from "../store/agents.js";
import { insertAgentToken, revokeAgentToken } from "../store/agent-tokens.js";
import { appendEntry } from "../store/audit.js";
import type { Command } from "./context.js";

/** Begins every agent token, so that secret scanners and people can tell it. */
export const agentTokenPrefix = "pca_";

/** Makes a token that can propose, report and read its own runs, and nothing else. Only its hash is kept. */
export const issueAgentToken: Command<
  { readonly agent: string; readonly expiresInMs?: number | undefined; readonly isForRun?: boolean | undefined },
  IssuedAgentToken
> = async ({ tx, now, actor, outside }, { agent, expiresInMs, isForRun = false }) => {
  const secret = `${agentTokenPrefix}${outside.newSecret()}`;
  const token = {
    id: outside.newId("agent_tokens"),
    agent,
    issuedAt: now,
    expiresAt: expiresInMs === undefined ? null : now + expiresInMs,
    revokedAt: null,
    isForRun,
  };
  if (!(await findAgent(tx, agent))) await saveAgent(tx, { name: agent, trust: noTrust, firstSeenAt: now, runs: 0 });
  await insertAgentToken(tx, token, hash("sha256", secret));
  await appendEntry(tx, { type: "agent_token.issued", at: now, actor, body: { id: token.id, agent, expiresAt: token.expiresAt } });
  return { ...token, secret };
};

export const revokeToken: Command<{ readonly id: string }, void> = async ({ tx, now, actor }, { id }) => {
  const agent = await revokeAgentToken(tx, id, now);
  if (agent === undefined) throw new PullcordError("not_found", "unknown_token", `There is no token ${id} in force.`);
  await appendEntry(tx, { type: "agent_token.revoked", at: now, actor, body: { id, agent } });
};
