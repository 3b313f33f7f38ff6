import type { ActionType, Json, JsonObject, ProposedAction } from "@pullcord/sdk/protocol";
import type { Surroundings } from "../reading.js";
import { Findings } from "./findings.js";
import { type HazardName, hazards } from "./hazards.js";
import type { Scene } from "./touch.js";
import { noteProductionWords } from "./programs/production.js";
import { isRecorder } from "./programs/recorders.js";
import { noteRequest } from "./network.js";
import { holdsSecret } from "./secrets.js";
import { noteSql } from "./sql.js";
import { noteToolCall } from "./tool-calls.js";
import { touch } from "./touch.js";

/** What an action of a type does when nothing else is known of it. */
const byType: Partial<Record<ActionType, HazardName>> = {
  config_change: "writes_workspace",
  deployment: "publishes",
  user_data_access: "reads_personal",
  external_api_call: "sends_data",
  send_communication: "sends_message",
  payment: "pays",
  system_modification: "changes_system",
  agent_start: "starts_subagent",
  agent_internal: "harmless",
};

/** Records actions that are no file, command, request or SQL: by their type and what their arguments say. */
export function noteOtherAction(proposed: ProposedAction, findings: Findings, surroundings: Surroundings): void {
  const { type, arguments: given } = proposed;
  const text = JSON.stringify(given);
  noteGate(proposed, text, { findings, surroundings });
  if (type === "send_communication" && textsOf(given).some(holdsSecret)) findings.note("sends_secret", text);
  noteFiles(proposed, { findings, surroundings });
  if (type !== "agent_internal" && type !== "agent_start" && !(type === "external_api_call" && onlyAsks(given)))
    noteToolCall(proposed, { findings, surroundings }, isOnlySimulated(given));
  if (isOnlySimulated(given) || (type !== "user_data_access" && looks(given))) {
    findings.simulated = true;
    return findings.note("harmless", text);
  }
  if (textsOf(given).some(isRecorder) && /disabl|stop|false|off|remove|mask|purge|delete|kill|none/i.test(text))
    findings.note("tampers_audit", text);
  if (type === "deployment") noteProductionWords(textsOf(given), text, findings);
  if (type === "config_change") return noteConfig(given, text, findings);
  if (type === "external_api_call" && (onlyAsks(given) || onlySelects(given))) return noteAsking(given, { findings, surroundings });
  const hazard = byType[type];
  if (hazard) findings.note(hazard, text);
  else findings.confused(`An action of type ${type} is not understood.`, text);
}

function noteGate({ type, arguments: given }: ProposedAction, text: string, { findings, surroundings }: Scene): void {
  if (type === "agent_internal") return;
  const target = [given["target"], given["service"], given["file"], given["path"]].filter((value) => typeof value === "string");
  if (
    target.some((value) => /^pullcord\b|\.pullcord\//.test(value)) ||
    /PULLCORD_[A-Z]/.test(text) ||
    surroundings.gate.paths.some((path) => text.includes(path))
  ) {
    findings.gate("Changes Pullcord's own settings.", text);
  }
}

/** Longest text of an argument, and most of them, that are looked at. */
const argumentsLimit = 200;

/** Every text of the arguments, however deep. */
function textsOf(value: Json): string[] {
  const found: string[] = [];
  const stack: Json[] = [value];
  while (stack.length > 0 && found.length < argumentsLimit) {
    const next = stack.pop();
    if (typeof next === "string") found.push(next);
    else if (Array.isArray(next)) stack.push(...(next as readonly Json[]));
    else if (next && typeof next === "object") stack.push(...Object.values(next as JsonObject));
  }
  return found;
}

/** Files that the arguments name: what is attached to a message goes with it, what a change aims at is written. */
function noteFiles(proposed: ProposedAction, { findings, surroundings }: Scene): void {
  const { type, arguments: given } = proposed;
  const from = proposed.workingDirectory ?? surroundings.workspace;
  const sent = type === "send_communication" || type === "external_api_call";
  const named = sent
    ? Object.entries(given).flatMap(([key, value]) => (/attach|file|path|media|document/i.test(key) ? textsOf(value) : []))
    : type === "config_change" || type === "system_modification"
      ? [given["file"], given["target"], given["path"]].filter((value) => typeof value === "string")
      : [];
  for (const name of named) {
    if (!/^[\w./~ -]+$/.test(name) || !/[./]/.test(name)) continue;
    // An agent's settings hold more than the hooks that lead to the gate.
    if (/\.claude\/settings[^/]*$/.test(name) && !/hook/i.test(String(given["key"] ?? "hooks"))) continue;
    const text = name.replace(/^~(?=\/)/, surroundings.home);
    const apart = new Findings();
    touch(sent ? "read" : "write", { text, from }, { findings: apart, surroundings });
    // A change through a tool's own settings is weighed below; only what must never be is taken from here.
    if (sent) apart.sendsOut = true;
    if (apart.isForbidden()) findings.absorb(apart, true);
  }
}

const askingWord =
  /^(?:status|list|get|describe|search|find|read|fetch|view|show|count|lookup|look_?up|browse|resolve|check|whoami)(?:[_-][a-z0-9_-]+)?$/i;
const actingWord =
  /(?:^|[_-])(?:and|or|then|create|update|delete|set|send|write|run|execute|approve|merge|close|assign|post|publish|secret|secrets|token|tokens|credential|credentials|password|passwords|key|keys|env|environment|customer|customers|user|users|person|people|email|emails|mail|mails|message|messages|url|page)(?:$|[_-])/i;

/** The state of a deployment, a list of payments. */
function looks({ operation }: JsonObject): boolean {
  return typeof operation === "string" && /^(?:status|list|get|describe)$/.test(operation);
}

/** An operation of a service that by its name only looks, and not at secrets or people. */
function onlyAsks({ operation }: JsonObject): boolean {
  if (typeof operation !== "string") return false;
  // `listPullRequests`
  const words = operation.replace(/([a-z])([A-Z])/g, "$1_$2");
  return (
    (askingWord.test(words) || /^[a-z0-9_-]+[_-](?:list|get|search|snapshot|screenshot|info|status)$/i.test(words)) &&
    !actingWord.test(words)
  );
}

const queryWord = /^(?:query|read_query|run_query|execute_query|execute_sql|run_sql|sql)$/;

/** SQL handed to a service, which does nothing but read. */
function onlySelects({ operation, arguments: inner }: JsonObject): boolean {
  if (typeof operation !== "string" || !queryWord.test(operation) || typeof inner !== "object" || inner === null) return false;
  const { sql: named, query } = inner as JsonObject;
  const sql = named ?? query;
  if (typeof sql !== "string") return false;
  const apart = new Findings();
  noteSql(sql, null, apart);
  const { score, understood } = apart.toReading().assessment;
  return understood && score <= hazards.database_reads.score;
}

/** What a question to a service reaches for: addresses are fetched, paths are read, and secrets in it leave the machine. */
function noteAsking(given: JsonObject, scene: Scene): void {
  const { findings, surroundings } = scene;
  const text = JSON.stringify(given);
  findings.note("reads_remote", text);
  findings.sendsOut = true;
  findings.holdsSecret ||= holdsSecret(text);
  for (const value of textsOf(given["arguments"] ?? null)) {
    if (/^(?:https?|file):/i.test(value)) noteRequest({ url: value, method: "GET", evidence: value }, findings, surroundings);
    else if (/^[^\s]*[./~][^\s]*$/.test(value))
      touch("read", { text: value.replace(/^~(?=\/)/, surroundings.home), from: surroundings.workspace }, scene);
  }
}

/** Plans, drafts, dry runs and test mode count only when they are really in force. */
function isOnlySimulated(given: JsonObject): boolean {
  if (
    given["dry_run"] === true ||
    given["dryRun"] === true ||
    given["save_as_draft"] === true ||
    given["draft"] === true ||
    given["simulate"] === true
  )
    return true;
  if (typeof given["operation"] === "string" && /^(?:plan|preview|quote|diff|validate|estimate|dry[_-]?run)$/.test(given["operation"]))
    return true;
  if (given["livemode"] === false && typeof given["key"] === "string" && /^(?:sk|rk|pk)_test/.test(given["key"])) return true;
  return given["channel"] === "desktop" || given["channel"] === "desktop_notification";
}

const toolSettings =
  /^(?:[\w./-]*\/)?(?:(?:vite|vitest|jest|eslint|prettier|tailwind|postcss|babel|rollup|webpack|next|nuxt|svelte|astro|playwright|tsup)\.config\.[cm]?[jt]s|tsconfig[\w.-]*\.json|\.eslintrc[\w.]*|\.prettierrc[\w.]*|pyproject\.toml|ruff\.toml|mypy\.ini|\.editorconfig|pytest\.ini|setup\.cfg|editor|prettier|eslint|vitest|vite|tsconfig|log(?:ging|_level)?|theme)$/;

function noteConfig(given: JsonObject, text: string, findings: Findings): void {
  const target = given["file"] ?? given["target"];
  if (typeof target !== "string" || !toolSettings.test(target)) return findings.note("changes_system", text);
  findings.note("changes_tool", text);
}
