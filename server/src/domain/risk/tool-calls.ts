import type { Json, JsonObject, ProposedAction } from "@pullcord/sdk/protocol";
import { Findings } from "./findings.js";
import { noteRequest } from "./network.js";
import { programNamed } from "./programs/index.js";
import { isProductionWord, removesWhole } from "./programs/production.js";
import { runWords } from "./programs/run.js";
import { holdsSecret } from "./secrets.js";
import { ShellReader } from "./shell/shell-reader.js";
import { ShellState } from "./shell/state.js";
import { literal } from "./shell/word.js";
import { noteSql } from "./sql.js";
import { type Scene, touch } from "./touch.js";

/** Most arguments of one call that are looked at. */
const argumentLimit = 100;

const commandName = /^(?:\w+_)?(?:commands?|cmd|command_?line|shell|bash|script|exec|argv|args)$/i;
const codeName = /^(?:code|source|python|javascript|js|expression|program)$/i;
const sqlName = /^(?:sql|query|statements?)$/i;
const addressName = /^(?:url|uri|endpoint|href|address)$/i;
const pathName = /(?:^|_)(?:path|paths|file|files|filename|file_?path|folder|dir|directory|destination|target)$/i;
const deleting = /(?:^|_)(?:delete|remove|rm|rmdir|unlink|erase|wipe|purge|trash)(?:_|$)/;
const writing = /(?:^|_)(?:write|create|edit|append|save|put|update|replace|insert|patch|set|modify|overwrite|truncate)(?:_|$)/;
const sending = /(?:^|_)(?:send|upload|attach|share|publish|post|put_object|put)(?:_|$)/;

/**
 * What a call of somebody else's tool (MCP) plainly says must never run: a command, code, SQL, a file, a request, a
 * secret, lasting access, the end of a record, of production. The call asks anyway, since nobody can read what the tool
 * does with its arguments; only what is forbidden is taken from here.
 */
export function noteToolCall({ arguments: given, workingDirectory }: ProposedAction, scene: Scene, isSimulated: boolean): void {
  const operation = spaced(String(given["operation"] ?? given["tool"] ?? given["action"] ?? ""));
  const inner = given["arguments"] ?? given["input"] ?? given;
  const entries = entriesOf(inner);
  const from = workingDirectory ?? scene.surroundings.workspace;
  for (const [name, value] of entries) takeForbidden(scene, (apart) => readArgument({ name, value, operation, from, entries }, apart));
  if (isSimulated) return;
  const evidence = JSON.stringify(given);
  const said = entries.map(([, value]) => value);
  const works = !entries.some(([name]) => pathName.test(name));
  if (works && said.some(holdsSecret)) scene.findings.note("sends_secret", evidence);
  if (grants(operation, said)) scene.findings.note("grants_access", evidence);
  if (endsRecord(`${spaced(String(given["service"] ?? ""))}_${operation}`)) scene.findings.note("tampers_audit", evidence);
  if (removesWhole(`${String(given["service"] ?? "")} ${operation}`, said) && said.some(isProductionWord))
    scene.findings.note("wipes_production", evidence);
}

interface Argument {
  readonly name: string;
  readonly value: string;
  readonly operation: string;
  readonly from: string | null;
  readonly entries: readonly (readonly [string, string])[];
}

function readArgument({ name, value, operation, from, entries }: Argument, scene: Scene): void {
  const { findings, surroundings } = scene;
  const other = (pattern: RegExp): string | undefined => entries.find(([key]) => pattern.test(key))?.[1];
  const reader = new ShellReader(findings, surroundings, { runWords, programNamed });
  if (commandName.test(name)) reader.readText(value, new ShellState(from));
  if (codeName.test(name))
    for (const program of ["python3", "node"])
      reader.runWords([literal(program), literal(program === "node" ? "-e" : "-c"), literal(value)], new ShellState(from));
  if (sqlName.test(name)) {
    const database = other(/^(?:database|db|dbname|connection|datasource)$/i) ?? null;
    const shell = (text: string): void => reader.readText(text, new ShellState(from));
    noteSql(value, { name: database, production: isProductionWord(database ?? ""), lenient: true, shell }, findings);
  }
  if (addressName.test(name)) {
    const body = other(/^(?:body|data|payload|json|content)$/i);
    noteRequest({ url: value, method: other(/^method$/i) ?? "GET", ...(body === undefined ? {} : { body }) }, findings, surroundings);
  }
  if (!pathName.test(name) || /\s|^[\w.+-]+:\/\//.test(value)) return;
  const text = value === "~" || value.startsWith("~/") ? surroundings.home + value.slice(1) : value;
  if (deleting.test(operation)) touch("delete", { text, from, recursive: isFolder(text, from, scene) }, scene);
  else if (sending.test(operation) && !writing.test(operation)) {
    touch("read", { text, from }, scene);
    findings.sendsOut = true;
  } else if (writing.test(operation)) touch("write", { text, from }, scene);
}

function isFolder(text: string, from: string | null, { surroundings }: Scene): boolean {
  return (text.startsWith("/") || from !== null) && surroundings.resolve(text, from ?? "/").kind === "directory";
}

function takeForbidden({ findings, surroundings }: Scene, read: (scene: Scene) => void): void {
  const apart = new Findings();
  read({ findings: apart, surroundings });
  if (apart.isForbidden()) findings.absorb(apart, true);
}

/** Keys at a forge or a cloud, members, roles that may do everything. */
function grants(operation: string, said: readonly string[]): boolean {
  if (!/(?:^|_)(?:add|create|attach|grant|put|upload|register|import|invite|bind|assign|set)(?:_|$)/.test(operation)) return false;
  return (
    /(?:^|_)(?:deploy_keys?|ssh_keys?|gpg_keys?|public_keys?|access_keys?|service_account_keys?|collaborators?|login_profile)(?:_|$)/.test(
      operation,
    ) ||
    (/polic|role|member|iam|binding|permission/.test(operation) &&
      said.some((text) => /(?:^|[/:_-])(?:owner|cluster-admin|AdministratorAccess|superuser|super_?admin|root)$/i.test(text)))
  );
}

function endsRecord(operation: string): boolean {
  return (
    /(?:^|_)(?:stop|delete|disable|remove|purge|turn_off|suspend)(?:_|$)/.test(operation) &&
    /(?:^|_)(?:trails?|cloudtrail|audit|audit_?logs?|log_?sinks?|flow_logs|diagnostic_settings?)(?:_|$)/.test(operation)
  );
}

/** `deleteNamespace`, `delete-namespace` as `delete_namespace`. */
function spaced(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .replace(/[\s.:/-]+/g, "_")
    .toLowerCase();
}

/** Every text with the name nearest above it; a list of words is a command's. */
function entriesOf(value: Json): (readonly [string, string])[] {
  const found: [string, string][] = [];
  const stack: (readonly [string, Json])[] = [["", value]];
  while (stack.length > 0 && found.length < argumentLimit) {
    const [name, next] = stack.pop() as readonly [string, Json];
    if (typeof next === "string") found.push([name, next]);
    else if (isWordList(next) && /^(?:argv|args|command|cmd)$/i.test(name)) found.push([name, next.join(" ")]);
    else if (Array.isArray(next)) for (const one of next as readonly Json[]) stack.push([name, one]);
    else if (next && typeof next === "object") stack.push(...Object.entries(next as JsonObject));
  }
  return found;
}

function isWordList(value: Json): value is readonly string[] {
  return Array.isArray(value) && value.length > 1 && value.every((word) => typeof word === "string");
}
