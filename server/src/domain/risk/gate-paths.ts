import type { Surroundings } from "../reading.js";

/** How a path relates to what belongs to Pullcord: part of it, or a folder that holds a part of it. */
export type GateRelation = "inside" | "above" | null;

/** Pullcord's parts in any folder: other projects' hook settings and data are as much the gate's as this one's. */
const anywhere: readonly (readonly string[])[] = [
  [".claude", "settings.json"],
  [".claude", "settings.local.json"],
  [".pullcord"],
  [".config", "pullcord"],
  [".local", "share", "pullcord"],
];
const anywhereInside =
  /\/\.claude\/settings[^/]*\.json$|\/\.pullcord(?:\/|$)|\/\.config\/pullcord(?:\/|$)|\/\.local\/share\/pullcord(?:\/|$)|\/(?:systemd|autostart|LaunchAgents|LaunchDaemons|init\.d|cron\.\w+)\/(?:[^/]+\/)*[^/]*pullcord[^/]*(?:\/|$)|\/s?bin\/pullcord$|\/node_modules\/(?:\.bin\/pullcord$|(?:pullcord|@pullcord)(?:\/|$))/;
/** Text that sets a variable of Pullcord's. */
export const setsGateVariable = /\bPULLCORD_[A-Z]\w*\s*=/;
/** Longest pattern that is compared, in UTF-16 code units (PATH_MAX); a longer one may stand for anything. */
const patternLimit = 4_096;
/** Names of files below Pullcord's folders that hold keys, tokens or the record. */
const secretNames = ["credentials.json", "pullcord.db", "pullcord.db-wal", "pullcord.db-shm", "settings.json", "settings.local.json"];
const secretName = /(?:^|\/)(?:credentials[^/]*|[^/]*\.(?:db|sqlite3?|key|pem)(?:-\w+)?|[^/]*token[^/]*|settings[^/]*\.json)$/i;

/** Classifies a resolved path. */
export function gateRelation(path: string, { gate }: Surroundings): GateRelation {
  if (gate.paths.some((part) => isBelow(path, part)) || anywhereInside.test(path)) return "inside";
  return gate.paths.some((part) => isBelow(part, path)) || path.endsWith("/.claude") ? "above" : null;
}

/** What a pattern can reach: `folder` is resolved, `pattern` starts from there. */
export function patternRelation(folder: string, pattern: string, surroundings: Surroundings): GateRelation {
  if (gateRelation(folder, surroundings) === "inside" || pattern.length > patternLimit) return "inside";
  const names = segmentsOf(pattern);
  const below = surroundings.gate.paths.filter((part) => isBelow(part, folder)).map((part) => segmentsOf(part.slice(folder.length)));
  const relations = [
    ...below.map((part) => relate(names, part)),
    ...anywhere.map((part) => relateAnywhere({ folder, names }, part, surroundings)),
  ];
  return relations.includes("inside") ? "inside" : relations.includes("above") ? "above" : null;
}

/** Whether reading a path inside gives away what is Pullcord's alone: the database, keys and tokens. The policy and the log are open. */
export function isGateSecret(path: string, pattern: string | null): boolean {
  if (pattern === null) return secretName.test(path);
  const last = segmentsOf(pattern).at(-1) ?? "";
  return secretNames.some((name) => matchesGlob(last, name)) || secretName.test(pattern);
}

/** What a pattern says: names from a resolved folder on. */
interface Pattern {
  readonly folder: string;
  readonly names: readonly string[];
}

function relateAnywhere({ folder, names }: Pattern, part: readonly string[], surroundings: Surroundings): GateRelation {
  for (let held = part.length - 1; held >= 0; held -= 1) {
    if (held > 0 && !folder.endsWith(`/${part.slice(0, held).join("/")}`)) continue;
    const relation = relate(names, part.slice(held));
    const place = surroundings.resolve(`${folder}/${part.slice(held).join("/")}`, "/");
    if (relation !== null && (place.kind !== "absent" || names.some(isTelling))) return relation;
  }
  // `*/.claude/settings.json`: in whatever folders the first names stand for.
  const deeper = names.some((_, index) => index > 0 && relate(names.slice(index), part) === "inside");
  return deeper && names.some(isTelling) ? "inside" : null;
}

/** A name that means Pullcord by itself. */
function isTelling(name: string): boolean {
  return /claud|pullcord/.test(name);
}

function relate(names: readonly string[], part: readonly string[]): GateRelation {
  const open = names.indexOf("**");
  if (open >= 0)
    return part.some((_, index) => relate([...names.slice(0, open), ...names.slice(open + 1)], part.slice(index)) !== null)
      ? "inside"
      : null;
  for (const [index, name] of names.entries()) {
    const own = part[index];
    if (own === undefined) return "inside";
    if (!matchesGlob(name, own)) return null;
  }
  return names.length >= part.length ? "inside" : "above";
}

/** The names of a path; `..` takes back the name before it. */
function segmentsOf(path: string): string[] {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return names;
}

/** Whether a shell pattern can stand for this name. Brackets and `@(…)` count as anything; takes linear time per star. */
function matchesGlob(pattern: string, name: string): boolean {
  // A leading dot has to be written.
  if (name.startsWith(".") && /^[*?[]/.test(pattern)) return false;
  if (/[()]/.test(pattern) || pattern.length > patternLimit) return true;
  // Without an end a bracket stands for itself; looking for one from each would take the square of the time.
  const glob = pattern.replace(/\[[^\]]{0,64}\]/g, "?");
  let at = 0;
  let star = -1;
  let from = 0;
  for (let index = 0; index < name.length;) {
    if (glob[at] === "*") {
      star = at;
      from = index;
      at += 1;
    } else if (at < glob.length && (glob[at] === "?" || glob[at] === name[index])) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      from += 1;
      index = from;
    } else return false;
  }
  while (glob[at] === "*") at += 1;
  return at === glob.length;
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}
