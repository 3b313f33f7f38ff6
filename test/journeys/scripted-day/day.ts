import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { hookPath } from "@pullcord/sdk/adapters/claude-code";
import { AgentClient, type PersonClient } from "@pullcord/sdk/client";
import {
  autonomyLevels,
  isPullcordError,
  needsPresence,
  type Action,
  type ApprovalRequest,
  type AutonomyLevel,
  type TrustTier,
} from "@pullcord/sdk/protocol";
import { startTestServer, type TestServer } from "../server-for-tests.ts";
import { makeRepository, type Repository } from "./repository.ts";

/** One tool call of Claude Code, paths from the repository's root. */
export interface Call {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Carried out for real, so that what comes later finds what it left: git and the shell's own tools. */
  readonly runs?: true;
  /** Reported as failed: red tests are everyday work. */
  readonly fails?: true;
  /** Why a person has to hear of it. */
  readonly matters?: string;
}

interface Session {
  readonly task: string;
  readonly calls: readonly Call[];
}

/** The day as it stands in day.jsonl: a line a call, and one for each session's first words. */
export const sessions: readonly Session[] = readDay();

/** How the gate was set for a day; without a level, as it is after `pullcord connect claude-code`. */
export interface Setting {
  readonly level: AutonomyLevel | null;
  readonly trust: TrustTier;
}

/** Trust is the other ceiling: `notify` and `full` hold for nobody who has not earned the highest tier. */
export const settings: readonly Setting[] = [
  { level: null, trust: "standard" },
  ...autonomyLevels.map((level) => ({ level, trust: "autonomous" as const })),
];

/** What became of a call. */
export interface Happened {
  readonly call: Call;
  readonly outcome: "ran" | "told" | "asked" | "denied";
  /** The sentence that decided. */
  readonly why: string;
}

/** Lives through the whole day at one setting, against a server of its own. */
export async function liveThrough({ level, trust }: Setting): Promise<readonly Happened[]> {
  const [server, repository] = [await startTestServer(), makeRepository()];
  try {
    const { secret } = await server.person.issueAgentToken("claude-code");
    await server.person.setTrust("claude-code", trust);
    if (level) await server.person.setAutonomy({ scope: { kind: "everything" }, level });
    const happened: Happened[] = [];
    for (const session of sessions) happened.push(...(await liveSession({ server, repository, token: secret }, session)));
    return happened;
  } finally {
    repository.remove();
    await server.close();
  }
}

interface Place {
  readonly server: TestServer;
  readonly repository: Repository;
  readonly token: string;
}

/** Every call goes the way of the real client's: its hook's body to the server, held while a person is asked. */
async function liveSession(place: Place, { task, calls }: Session): Promise<readonly Happened[]> {
  const { server, repository, token } = place;
  const frame = { session_id: randomUUID(), cwd: repository.folder, permission_mode: "bypassPermissions" };
  const tell = async (event: string, more: object = {}): Promise<HookAnswer> => {
    const answer = await fetch(`${server.server.url}${hookPath}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ ...frame, hook_event_name: event, ...more }),
    });
    return (await answer.json()) as HookAnswer;
  };
  await tell("UserPromptSubmit", { prompt: task });
  for (const [at, call] of calls.entries()) {
    const use = { tool_name: call.tool, tool_input: absolute(call.input, repository.folder), tool_use_id: `toolu_${at}` };
    const answer = await answeredByPerson(server, tell("PreToolUse", use));
    if (answer.hookSpecificOutput?.permissionDecision === "deny") continue;
    await carryOut(repository, call);
    await tell(call.fails ? "PostToolUseFailure" : "PostToolUse", {
      ...use,
      ...(call.fails ? { error: "1 failed" } : { tool_response: {} }),
    });
  }
  const agent = new AgentClient({ url: server.server.url, token });
  const run = await agent.openRun({ task, externalId: frame.session_id });
  const { items } = await server.person.listActions(run.id, { limit: mostActions });
  await tell("SessionEnd");
  return calls.map((call, at) => ({ call, ...whatBecame(items.find(({ proposed }) => proposed.externalId === `toolu_${at}`)) }));
}

/** More than one session has. */
const mostActions = 100;

interface HookAnswer {
  readonly hookSpecificOutput?: { readonly permissionDecision?: string };
}

/** Waits for the answer, and meanwhile approves whatever a person is asked, as far as this version lets one. */
async function answeredByPerson(server: TestServer, answer: Promise<HookAnswer>): Promise<HookAnswer> {
  const isOpen = { is: true };
  const done = answer.finally(() => {
    isOpen.is = false;
  });
  while (isOpen.is) {
    const first = await Promise.race([done.then(() => null), server.person.listApprovalRequests({ status: "pending" })]);
    for (const request of first?.items ?? []) await approve(server, request);
  }
  return done;
}

async function approve({ person, advance }: TestServer, { id, action, level }: ApprovalRequest): Promise<void> {
  const { digest } = action;
  const presenceProof = needsPresence(level, action.assessment) ? { presenceProof: await hold(person, { digest, advance }) } : {};
  try {
    await person.resolve(id, { effect: "approve", digest, ...presenceProof });
  } catch (error) {
    if (!isPullcordError(error) || error.code !== "forbidden") throw error;
    await person.resolve(id, { effect: "deny", digest, reason: "Not in this version." });
  }
}

/** The clock is held on to, not the button. */
async function hold(person: PersonClient, { digest, advance }: { readonly digest: string; readonly advance: TestServer["advance"] }) {
  const check = await person.beginPresenceCheck(digest);
  for (let heldMs = 0; heldMs < check.holdMs;) {
    advance(check.sampleEveryMs);
    ({ heldMs } = await person.samplePresence(check.id));
  }
  return (await person.completePresence(check.id)).proof;
}

async function carryOut({ folder, shell }: Repository, { tool, input, runs }: Call): Promise<void> {
  if (runs) await shell(String(input["command"]));
  if (input["file_path"] === undefined || tool === "Read") return;
  const path = join(folder, String(input["file_path"]));
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  const edits = (input["edits"] ?? [input]) as readonly { readonly old_string?: string; readonly new_string?: string }[];
  const after = edits.reduce((text, { old_string: from = "", new_string: to = "" }) => text.replace(from, () => to), before);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, tool === "Write" ? String(input["content"]) : after);
}

function whatBecame(action: Action | undefined): Omit<Happened, "call"> {
  if (!action?.decision) throw new Error("A call of the day was not decided.");
  const { effect, obligations, reasons } = action.decision;
  const why = reasons[0]?.sentence ?? "";
  if (effect !== "allow") return { outcome: effect === "deny" ? "denied" : "asked", why };
  return { outcome: obligations.some(({ kind }) => kind === "notify") ? "told" : "ran", why };
}

/** The real client gives its file tools whole paths. */
function absolute(input: Call["input"], folder: string): Call["input"] {
  const whole = ["file_path", "notebook_path", "path"].filter((name) => input[name] !== undefined);
  return { ...input, ...Object.fromEntries(whole.map((name) => [name, join(folder, String(input[name]))])) };
}

function readDay(): readonly Session[] {
  const lines = readFileSync(new URL("day.jsonl", import.meta.url), "utf8")
    .trim()
    .split("\n");
  const day: { task: string; calls: Call[] }[] = [];
  for (const line of lines) {
    const read = JSON.parse(line) as { readonly session: string } | Call;
    if ("session" in read) day.push({ task: read.session, calls: [] });
    else day.at(-1)?.calls.push(read);
  }
  return day;
}
