import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { FilesBelow, ScriptFact, SettingFacts } from "../domain/reading.js";
import { lockedNames } from "./lock-files.js";
import { makeRecipe } from "./make-recipe.js";
import { readBounded } from "./read-bounded.js";

/** Most files named for a preview, and how deep they are looked for. */
const filesShown = 1_000;
const foldersDeep = 8;

interface Place {
  readonly workspace: string;
  readonly home: string;
  readonly isCommitted: (path: string) => boolean | null;
}

/**
 * What this machine's files say of the project. They are the agent's to change, so a lock file or a script counts as
 * known only as far as git has it unchanged.
 */
export function localFacts({ workspace, home, isCommitted }: Place): SettingFacts {
  const locks = new Map<string, ReadonlySet<string> | null>();
  const namesOf = (registry: "npm" | "pip"): ReadonlySet<string> | null => {
    if (!locks.has(registry)) locks.set(registry, lockedNames(registry, workspace, isCommitted));
    return locks.get(registry) ?? null;
  };
  return {
    isLocked: (registry, name) => namesOf(registry)?.has(registry === "pip" ? name.toLowerCase().replaceAll("_", "-") : name) ?? null,
    script: (runner, name, folder) => {
      if (folder === null || !(folder === workspace || folder.startsWith(`${workspace}/`))) return null;
      return runner === "npm" ? npmScript(name, folder, { workspace, isCommitted }) : makeScript(name, folder, isCommitted);
    },
    cluster: (context) => (/prod/i.test(context ?? currentContext(home) ?? "") ? "production" : null),
    below: filesBelow,
  };
}

/** npm looks upwards for package.json, and runs what is called `pre…` and `post…` around a script. */
function npmScript(name: string, folder: string, { workspace, isCommitted }: Omit<Place, "home">): ScriptFact | null {
  for (let at = folder; at.startsWith(workspace); at = dirname(at)) {
    const path = join(at, "package.json");
    const text = readBounded(path);
    if (text === null) continue;
    const scripts = scriptsOf(text);
    const own = scripts?.[name];
    if (typeof own !== "string") return null;
    const body = [scripts?.[`pre${name}`], scripts?.[`post${name}`], own].filter((part) => typeof part === "string").join("\n");
    return { body, says: null, committed: isCommitted(path) === true };
  }
  return null;
}

function scriptsOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const { scripts } = JSON.parse(text) as { readonly scripts?: unknown };
    return typeof scripts === "object" && scripts !== null ? (scripts as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

function makeScript(name: string, folder: string, isCommitted: Place["isCommitted"]): ScriptFact | null {
  for (const file of ["GNUmakefile", "makefile", "Makefile"]) {
    const path = join(folder, file);
    const text = readBounded(path);
    if (text === null) continue;
    const body = makeRecipe(text, name);
    return body === null ? null : { body, says: null, committed: isCommitted(path) === true };
  }
  return null;
}

function currentContext(home: string): string | null {
  const text = readBounded(join(home, ".kube", "config"));
  return text === null ? null : (/^current-context:\s*"?([^"\s]+)/m.exec(text)?.[1] ?? null);
}

function filesBelow(folder: string): FilesBelow | null {
  const paths: string[] = [];
  let complete = true;
  const walk = (at: string, depth: number): void => {
    if (depth > foldersDeep || paths.length >= filesShown) {
      complete = false;
      return;
    }
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      if (paths.length >= filesShown) complete = false;
      else if (entry.isDirectory()) walk(join(at, entry.name), depth + 1);
      else paths.push(join(at, entry.name));
    }
  };
  try {
    walk(folder, 0);
    return { paths, complete };
  } catch {
    return null;
  }
}
