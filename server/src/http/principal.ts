import { hash } from "node:crypto";
import { PullcordError, type Actor, type AgentToken, type Person, type Session, type WebhookToken } from "@pullcord/sdk/protocol";
import { agentTokenPrefix } from "../commands/tokens.js";
import { webhookTokenPrefix } from "../commands/webhook-tokens.js";
import { findAgentToken } from "../store/agent-tokens.js";
import { findSession } from "../store/people.js";
import type { Reader } from "../store/transaction.js";
import { findWebhookToken } from "../store/webhook-tokens.js";

/** Who sent a request. An agent is another kind of principal than a person, and can never decide (design). */
export type Principal =
  | { readonly kind: "agent"; readonly token: AgentToken; readonly actor: Actor }
  /** Another system: it can only stop or only pause what its token says. */
  | { readonly kind: "webhook"; readonly token: WebhookToken; readonly actor: Actor }
  | { readonly kind: "person"; readonly person: Person; readonly session: Session; readonly tokenHash: string; readonly actor: Actor };

export const sessionCookie = "pullcord_session";

/** Sent along with the session cookie by the console, which alone can read it. */
const requestTokenHeader = "x-pullcord-session";

/** The principal of a request, or null when it carries no proof. @throws PullcordError `unauthenticated` for a bad proof */
export async function identify(reader: Reader, request: Request, now: number): Promise<Principal | null> {
  const authorization = request.headers.get("authorization");
  if (authorization !== null) {
    const token = /^Bearer ([\w-]{1,200})$/.exec(authorization)?.[1];
    if (token === undefined) throw badToken();
    const tokenHash = hash("sha256", token);
    if (token.startsWith(agentTokenPrefix)) return identifyAgent(reader, tokenHash, now);
    if (token.startsWith(webhookTokenPrefix)) return identifyWebhook(reader, tokenHash, now);
    return identifyCli(reader, tokenHash, now);
  }
  const cookie = cookieValue(request.headers.get("cookie") ?? "");
  return cookie === undefined ? null : identifyConsole(reader, request, { tokenHash: hash("sha256", cookie), now });
}

async function identifyAgent(reader: Reader, tokenHash: string, now: number): Promise<Principal> {
  const token = await findAgentToken(reader, tokenHash, now);
  if (!token) throw badToken();
  return { kind: "agent", token, actor: { kind: "agent", id: token.agent } };
}

async function identifyWebhook(reader: Reader, tokenHash: string, now: number): Promise<Principal> {
  const token = await findWebhookToken(reader, tokenHash, now);
  if (!token) throw badToken();
  return { kind: "webhook", token, actor: { kind: "webhook", id: token.name } };
}

async function identifyCli(reader: Reader, tokenHash: string, now: number): Promise<Principal> {
  const session = await findSession(reader, tokenHash, now);
  if (session?.kind !== "cli") throw badToken();
  return personOf(session, tokenHash);
}

/**
 * A cookie goes to every port of a host, so to an agent's own web server too: alone it proves nothing. The request token
 * was given out once, at sign-in, and is kept where only the console's own pages can read it.
 */
async function identifyConsole(
  reader: Reader,
  request: Request,
  { tokenHash, now }: { tokenHash: string; now: number },
): Promise<Principal> {
  const session = await findSession(reader, tokenHash, now);
  if (session?.kind !== "console" || request.headers.get(requestTokenHeader) !== session.requestToken) throw badToken();
  return personOf(session, tokenHash);
}

function personOf(session: Session, tokenHash: string): Principal {
  return {
    kind: "person",
    person: session.person,
    session,
    tokenHash,
    actor: { kind: "person", id: session.person.id, via: session.kind },
  };
}

function cookieValue(header: string): string | undefined {
  const pair = header.split("; ").find((candidate) => candidate.startsWith(`${sessionCookie}=`));
  return pair?.slice(sessionCookie.length + 1);
}

function badToken(): PullcordError {
  const text =
    "This token or session is unknown, revoked or expired. Agents: connect again with pullcord connect. People: npx pullcord sign-in.";
  return new PullcordError("unauthenticated", "bad_token", text);
}
