import type { Surroundings } from "../reading.js";
import { type Findings, keep } from "./findings.js";
import { type GateRelation, gateRelation, isGateSecret, patternRelation } from "./gate-paths.js";
import { hasLookalike, isOpenHome, placeOf } from "./path.js";

/** How a path is touched. `list` sees names and sizes only, `rows` changes what its statements name in a database's file. */
export type Touch = "list" | "read" | "write" | "append" | "rows" | "move" | "delete";

export interface Target {
  /** As written, unquoted; null when only known while it runs. */
  readonly text: string | null;
  /** Folder that relative names start from; null when unknown. */
  readonly from: string | null;
  /** The name is a pattern. */
  readonly pattern?: boolean;
  /** The whole tree below it. */
  readonly recursive?: boolean;
  /** Where the name is unknown: the folder below which it is certain to lie. */
  readonly below?: string | undefined;
  /** What is known of the name in front of the first unknown part. */
  readonly prefix?: string;
}

/** What is found, and where. */
export interface Scene {
  readonly findings: Findings;
  readonly surroundings: Surroundings;
}

/** A target, and where it leads. */
interface Found extends Scene {
  readonly path: string | null;
  readonly target: Target;
  readonly shown: string;
}

/** Records what touching a path means. */
export function touch(kind: Touch, named: Target, { findings, surroundings }: Scene): void {
  // `"$f"` with what `for f in ~/*` gave it: no honest name ends in a star.
  const target = /\/\*+$/.test(named.text ?? "") ? { ...named, pattern: true } : named;
  const path = resolve(target, surroundings);
  const shown = target.text ?? "(computed)";
  const found: Found = { path, target, shown, findings, surroundings };
  if (kind !== "list") guardGate(kind, found);
  if (kind === "list" || kind === "read") {
    keep(findings.reads, path ?? target.below ?? null);
    noteRead(kind, found);
  } else if (kind === "delete") {
    keep(findings.deletes, path);
    noteDelete(found);
  } else {
    keep(findings.writes, path);
    noteWrite(kind, found);
  }
  if (target.text !== null && hasLookalike(target.text) && kind !== "list" && kind !== "read") findings.note("writes_lookalike", shown);
}

/** The hard floor: Pullcord's parts are not written, moved, deleted, nor its keys and record read, alone or with what holds them. */
function guardGate(kind: Exclude<Touch, "list">, { path, target, shown, findings, surroundings }: Found): void {
  const relation = relationOf(path, target, surroundings);
  if (relation === "inside") {
    if (kind !== "read") return findings.gate(`Changes or removes ${shown}, which belongs to Pullcord.`, shown);
    const pattern = target.pattern ? (target.text ?? "") : null;
    if (
      path !== null &&
      (isGateSecret(path, pattern) ||
        (target.recursive === true && !openFile.test(path) && surroundings.resolve(path, "/").kind !== "file"))
    )
      findings.gate(`Reads ${shown}, which holds what only Pullcord may know.`, shown);
    return;
  }
  // Deleting or moving the workspace as a whole is a loss that a person may want.
  if (
    relation !== "above" ||
    kind === "read" ||
    kind === "append" ||
    kind === "rows" ||
    (path === surroundings.workspace && !target.pattern)
  )
    return;
  const replaces = kind === "write" && path?.endsWith("/.claude") === true && surroundings.resolve(path, "/").kind !== "directory";
  if (kind === "move" || target.recursive || replaces) findings.gate(`Changes or removes ${shown}, which holds a part of Pullcord.`, shown);
}

/** Names of files that anybody may read among Pullcord's own: the policy, the log. */
const openFile = /\.(?:ya?ml|toml|log|md|txt)$/;

function relationOf(path: string | null, target: Target, surroundings: Surroundings): GateRelation {
  if (target.text === null) {
    const slash = (target.prefix ?? "").lastIndexOf("/");
    const folder = slash < 0 ? null : resolve({ text: (target.prefix ?? "").slice(0, slash + 1), from: target.from }, surroundings);
    return folder !== null && gateRelation(folder, surroundings) === "inside" ? "inside" : null;
  }
  if (path === null) return null;
  if (!target.pattern) return gateRelation(path, surroundings);
  const fixed = beforePattern(target.text);
  return patternRelation(path, target.text.slice(fixed === "." ? 0 : fixed.length), surroundings);
}

/** Where the words before the first wildcard lead, or the path itself. */
function resolve(target: Target, surroundings: Surroundings): string | null {
  if (target.text === null) return null;
  const absolute = target.text.startsWith("/");
  if (!absolute && target.from === null) return null;
  const fixed = target.pattern ? beforePattern(target.text) : target.text;
  return surroundings.resolve(fixed === "" ? "." : fixed, target.from ?? "/").path;
}

function beforePattern(text: string): string {
  const wildcard = text.search(/[*?[\]{}()!+@]/);
  if (wildcard < 0) return text;
  const slash = text.lastIndexOf("/", wildcard);
  return slash < 0 ? "." : text.slice(0, slash + 1);
}

function noteRead(kind: "list" | "read", { path, target, shown, findings, surroundings }: Found): void {
  const place = placeOf(path, surroundings);
  if (kind === "list") return findings.note(place.area === "workspace" ? "reads_workspace" : "reads_elsewhere", shown);
  if (path === null) return findings.note("reads_unknown", shown);
  if (place.secret || (target.pattern && patternHitsSecret(target.text ?? ""))) return findings.note("reads_secret", shown);
  if (place.area === "device") return findings.note("reads_device", shown);
  findings.holdsPeople ||= place.area === "workspace" && (place.irreplaceable || target.recursive !== true) && holdsPeople.test(path);
  if (place.area === "workspace") return findings.note("reads_workspace", shown);
  // Logins lie in there, whatever else does.
  if (target.recursive === true && keepsLogins.test(path.slice(surroundings.home.length)) && path.startsWith(surroundings.home))
    return findings.note("reads_secret", shown);
  const whole = target.recursive === true && place.vital;
  if (target.pattern && path === surroundings.home && kind === "read") return findings.note("reads_private", shown);
  if (place.area === "home" && place.gate !== "inside" && !isOpenHome(path, surroundings.home))
    return findings.note("reads_private", shown);
  if (whole && (place.area === "home" || path === "/")) return findings.note("reads_private", shown);
  findings.note(place.area === "elsewhere" ? "reads_strange" : "reads_elsewhere", shown);
}

/** A home folder, and the folders in it where programs keep what they know. */
const keepsLogins = /^\/?$|^\/(?:\.config|\.local(?:\/share)?|\.mozilla|\.thunderbird|snap|Library(?:\/Application Support)?)\/?$/;

/** Files of many persons, by their usual names, and dumps of whole databases; what tests are made of is nobody. */
const holdsPeople =
  /^(?!.*\/(?:tests?|fixtures?|seeds?|mocks?|samples?|examples?|src|docs?|migrations|node_modules)\/)(?:.*\/(?:[\w.-]*[_.-])?(?:customers?|users?|accounts?|people|persons?|patients?|employees?|contacts?|subscribers?|members?|clients?|addresses|leads|orders|payments?|cards?|invoices?|emails?|mailing[_-]?list)(?:[_.-][\w.-]*)?\.(?:csv|tsv|jsonl?|ndjson|xlsx?|parquet|sql|dump|gz|zip)|.*\/(?:data|backups?|dumps?)\/(?:.*\.(?:dump|sql|sql\.gz|dump\.gz|bak|db|sqlite3?)))$/i;

/** `.e*`, `~/.ssh/*`, `*.pem`: a pattern that reaches secrets by its own words. */
function patternHitsSecret(text: string): boolean {
  return /(?:^|\/)\.(?:e|en|env)?[*?[]|\.env|\.(?:pem|key|p12)$|\.ssh\/|\.aws\/|credential|secret/i.test(text);
}

function noteWrite(kind: Exclude<Touch, "list" | "read" | "delete">, { path, target, shown, findings, surroundings }: Found): void {
  if (path === null) return findings.note("writes_unknown", shown);
  const place = placeOf(path, surroundings);
  if (place.gate === "inside") return;
  if (place.access) return findings.note("grants_access", shown);
  if (place.audit && place.area === "system") return findings.note("tampers_audit", shown);
  if (/^\/proc\/sysrq-trigger$|^\/sys\/power\/state$/.test(path)) return findings.note("bomb", shown);
  if (place.area === "null_device") return;
  if (place.area === "device") return findings.note("writes_device", shown);
  // `truncate -s 0 /etc/*`: all there is.
  if (target.pattern && place.vital && takesEverything(target.text ?? "")) return findings.note("wipes", shown);
  if (place.guarded) findings.note("writes_guarded", shown);
  if (place.secret) findings.note("writes_guarded", shown);
  // Where nothing is yet, nothing is lost; rows are weighed by their statements.
  const losesData = place.irreplaceable && !place.recreatable && kind !== "rows" && surroundings.resolve(path, "/").exists;
  if (losesData) findings.note("writes_irreplaceable", shown);
  if (place.area === "system") findings.note("writes_system", shown);
  else if (place.area === "workspace" && kind === "rows") return;
  else if (place.area === "workspace") findings.note("writes_workspace", shown);
  else if (place.area === "scratch") findings.note("writes_scratch", shown);
  else findings.note("writes_outside", shown);
}

function noteDelete(found: Found): void {
  const { path, target, shown, findings, surroundings } = found;
  if (path === null) return findings.note("deletes_unknown", shown);
  const place = placeOf(path, surroundings);
  const everything = target.pattern ? takesEverything(target.text ?? "") : target.recursive === true;
  if (place.gate === "inside") return;
  if (place.vital) return findings.note(everything || wholeFolders.test(path) ? "wipes" : "deletes_outside", shown);
  if (place.audit) return findings.note("tampers_audit", shown);
  if (place.area === "device") return findings.note("writes_device", shown);
  if (place.access) findings.note("deletes_outside", shown);
  if (place.area === "null_device") return findings.note("deletes_outside", shown);
  if (place.recreatable) return findings.note("deletes_recreatable", shown);
  if (place.area === "scratch") return findings.note(target.pattern ? "deletes_pattern" : "deletes_scratch", shown);
  if (place.area !== "workspace") return findings.note("deletes_outside", shown);
  noteWorkspaceDelete(path, found);
}

/** Folders that every system has: no file has these names. */
const wholeFolders = /^\/(?:usr|var)\/(?:lib|bin|sbin|share|local|include|libexec|log|cache|spool|lib64)$/;

/** `*`, `.*`, `?*`: a last component that hits every name. */
function takesEverything(pattern: string): boolean {
  return /^[*?.[\]{},!]*$/.test(pattern.slice(pattern.lastIndexOf("/") + 1));
}

function noteWorkspaceDelete(path: string, { target, shown, findings, surroundings }: Found): void {
  const place = placeOf(path, surroundings);
  if (target.pattern) return findings.note(patternIsRecreatable(target.text ?? "") ? "deletes_recreatable" : "deletes_pattern", shown);
  if (target.recursive) return findings.note("deletes_many", shown);
  if (place.guarded || place.irreplaceable || place.secret) return findings.note("deletes_unsaved", shown);
  if (lockFiles.test(path)) return findings.note("deletes_unsaved", shown);
  if (surroundings.isCommitted(path) !== true) return findings.note("deletes_unsaved", shown);
  findings.note(findings.has("deletes_committed") ? "deletes_many" : "deletes_committed", shown);
}

/** Without its lock file a project installs whatever is newest. */
const lockFiles =
  /\/(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|poetry\.lock|uv\.lock|Pipfile\.lock|Cargo\.lock|Gemfile\.lock|composer\.lock|go\.sum|flake\.lock|deno\.lock)$/;

function patternIsRecreatable(text: string): boolean {
  return /^(?:[^/]*\/)*[^/]*\.(?:pyc|tsbuildinfo)$/.test(text) && !text.startsWith("/");
}
