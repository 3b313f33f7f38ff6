import { z } from "@hono/zod-openapi";
import {
  auditTypes,
  modes,
  roles,
  type Agent,
  type AgentToken,
  type AgentTrust,
  type AuditEntry,
  type AuditVerification,
  type Canary,
  type Here,
  type IssuedAgentToken,
  type ModelReviewState,
  type ServerStatus,
  type Session,
} from "@pullcord/sdk/protocol";
import { policyProblem } from "./policy.js";
import { actionType, actor, autonomyLevel, jsonObject, milliseconds, name, time, trustTier } from "./words.js";

export const auditType = z.enum(auditTypes);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

export const auditEntry = z
  .object({
    seq: z.int(),
    at: time,
    type: auditType,
    actor,
    runId: z.string().exactOptional(),
    actionId: z.string().exactOptional(),
    body: jsonObject,
    leafHash: hash,
    head: hash,
  })
  .openapi("AuditEntry") satisfies z.ZodType<AuditEntry>;

export const auditVerification = z
  .object({ ok: z.boolean(), entries: z.int(), head: hash, problem: z.object({ seq: z.int(), sentence: z.string() }).exactOptional() })
  .openapi("AuditVerification") satisfies z.ZodType<AuditVerification>;

const sessionKind = z.enum(["console", "cli"]);
export const signIn = z.strictObject({ code: z.string().min(1).max(200), kind: sessionKind }).openapi("SignIn");
export const session = z
  .object({
    person: z.object({ id: z.string(), name: z.string(), role: z.enum(roles) }),
    kind: sessionKind,
    requestToken: z.string(),
    expiresAt: time,
  })
  .openapi("Session") satisfies z.ZodType<Session>;
export const openedSession = z.object({ ...session.shape, token: z.string().exactOptional() }).openapi("OpenedSession");
export const silence = z.object({ afterMs: z.int(), act: z.enum(["stop", "pause"]) });
export const here = z.object({ personSilent: silence.nullable() }).openapi("Here") satisfies z.ZodType<Here>;
export const signInLink = z.object({ url: z.string(), expiresAt: time }).openapi("SignInLink");

const score = z.number().min(0).max(1);
const standing = { capability: actionType, tier: trustTier, score, at: time, proposed: trustTier.nullable() };

export const agent = z
  .object({
    name: z.string(),
    trustTier,
    trust: z.array(z.object(standing)),
    autonomy: autonomyLevel.nullable(),
    firstSeenAt: time,
    runs: z.int(),
  })
  .openapi("Agent") satisfies z.ZodType<Agent>;

export const agentTrust = z
  .object({
    agent: z.string(),
    tier: trustTier,
    limits: z.object({ calls: z.int(), files: z.int() }),
    capabilities: z.array(z.object({ ...standing, history: z.array(z.object({ at: time, score, tier: trustTier })) })),
  })
  .openapi("AgentTrust") satisfies z.ZodType<AgentTrust>;

const tokenShape = {
  id: z.string(),
  agent: z.string(),
  issuedAt: time,
  expiresAt: time.nullable(),
  revokedAt: time.nullable(),
  isForRun: z.boolean(),
};
export const agentToken = z.object(tokenShape).openapi("AgentToken") satisfies z.ZodType<AgentToken>;
export const issuedAgentToken = z
  .object({ ...tokenShape, secret: z.string() })
  .openapi("IssuedAgentToken") satisfies z.ZodType<IssuedAgentToken>;
/** An agent's name is shown, matched by rules and typed: letters, digits, and `._@/-` inside. */
const agentName = name.regex(/^[A-Za-z0-9][A-Za-z0-9._@/-]*$/, "must be letters, digits and . _ @ / -, beginning with a letter or digit");
export const issueAgentToken = z
  .strictObject({ agent: agentName, expiresInMs: milliseconds.exactOptional(), isForRun: z.boolean().exactOptional() })
  .openapi("IssueAgentToken");

export const plantCanary = z.strictObject({ agent: agentName }).openapi("PlantCanary");
export const canary = z
  .object({ id: z.string(), agent: z.string(), command: z.string(), plantedAt: time, provenAt: time.nullable() })
  .openapi("Canary") satisfies z.ZodType<Canary>;

const modelReviewState = z
  .object({
    model: z.string(),
    endpoint: z.string(),
    fromScore: z.number(),
    onFailure: z.enum(["ask", "ignore"]),
    pausedUntil: time.nullable(),
    answered: z.int(),
    failed: z.int(),
    problem: z.object({ at: time, sentence: z.string() }).nullable(),
  })
  .openapi("ModelReviewState") satisfies z.ZodType<ModelReviewState>;

export const serverStatus = z
  .object({
    version: z.string(),
    mode: z.enum(modes),
    advisory: z.string().nullable(),
    startedAt: time,
    database: z.enum(["sqlite", "postgres"]),
    policy: z.object({ version: z.string(), file: z.string().nullable(), loadedAt: time, problem: policyProblem.nullable() }),
    killFile: z.object({ path: z.string(), present: z.boolean() }),
    autonomy: autonomyLevel,
    runs: z.object({ running: z.int(), paused: z.int() }),
    pendingRequests: z.int(),
    gateProvenAt: time.nullable(),
    breakGlass: z.object({ active: z.boolean(), expiresAt: time.nullable() }),
    modelReview: modelReviewState.nullable(),
  })
  .openapi("ServerStatus") satisfies z.ZodType<ServerStatus>;
