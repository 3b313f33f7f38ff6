import { join } from "node:path";
import { readBounded } from "./read-bounded.js";

type NamesIn = (text: string) => readonly string[];

const npmLock: NamesIn = (text) => {
  const { packages } = JSON.parse(text) as { readonly packages?: Readonly<Record<string, unknown>> };
  return Object.keys(packages ?? {}).map((key) => key.replace(/^.*node_modules\//, ""));
};
const yarnLock: NamesIn = (text) => [...text.matchAll(/^"?(@?[^@\s",]+)@/gm)].map((match) => match[1] ?? "");
const pnpmLock: NamesIn = (text) => [...text.matchAll(/^ {2}'?\/?(@?[\w.-]+(?:\/[\w.-]+)?)@\d/gm)].map((match) => match[1] ?? "");
const pythonLock: NamesIn = (text) => [...text.matchAll(/^name = "([\w.-]+)"$/gm)].map((match) => match[1] ?? "");
const requirements: NamesIn = (text) => [...text.matchAll(/^([\w.-]+)(?:\[[\w,.-]*\])?==/gm)].map((match) => match[1] ?? "");

const locks: Readonly<Record<"npm" | "pip", readonly (readonly [file: string, names: NamesIn])[]>> = {
  npm: [
    ["package-lock.json", npmLock],
    ["npm-shrinkwrap.json", npmLock],
    ["yarn.lock", yarnLock],
    ["pnpm-lock.yaml", pnpmLock],
  ],
  pip: [
    ["uv.lock", pythonLock],
    ["poetry.lock", pythonLock],
    ["requirements.txt", requirements],
    ["requirements-dev.txt", requirements],
  ],
};

/** The packages that lock files name; null when there is none that git has unchanged. */
export function lockedNames(
  registry: "npm" | "pip",
  folder: string,
  isCommitted: (path: string) => boolean | null,
): ReadonlySet<string> | null {
  let found: Set<string> | null = null;
  for (const [file, names] of locks[registry]) {
    const path = join(folder, file);
    const text = isCommitted(path) === true ? readBounded(path) : null;
    if (text === null) continue;
    found ??= new Set();
    for (const name of namesIn(text, names)) found.add(registry === "pip" ? name.toLowerCase().replaceAll("_", "-") : name);
  }
  return found;
}

function namesIn(text: string, names: NamesIn): readonly string[] {
  try {
    return names(text);
  } catch {
    return [];
  }
}
