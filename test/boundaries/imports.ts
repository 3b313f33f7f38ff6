import { posix } from "node:path";
import { parseSync } from "oxc-parser";

export const sdkManifest = "sdk/package.json";

/** The files looked at: path from the repository's root → text. */
export type Sources = ReadonlyMap<string, string>;

export interface Import {
  readonly from: string;
  readonly specifier: string;
  /** The file meant, when it is one of the sources. */
  readonly to: string | undefined;
  /** Only of types: nothing of it is left when the code runs. */
  readonly isOfTypes: boolean;
}

/** Every import of the sources: static, re-exported, dynamic, of a type alone. */
export function importsOf(sources: Sources): Import[] {
  return [...sources].flatMap(([from, text]) =>
    from === sdkManifest
      ? []
      : [...specifiersIn(from, text)].map(([specifier, isOfTypes]) => ({
          from,
          specifier,
          isOfTypes,
          to: resolve({ from, specifier, sources }),
        })),
  );
}

function specifiersIn(path: string, text: string): Map<string, boolean> {
  const { module } = parseSync(path, text);
  const found = new Map<string, boolean>();
  const add = (specifier: string, isOfTypes: boolean): unknown => found.set(specifier, isOfTypes && found.get(specifier) !== false);
  for (const { moduleRequest, entries } of module.staticImports) {
    add(moduleRequest.value, entries.length > 0 && entries.every((entry) => entry.isType));
  }
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest, isType } of entries) if (moduleRequest !== null) add(moduleRequest.value, isType);
  }
  // `await import("x")` and the type `import("x").Y`
  for (const [, specifier] of text.matchAll(/\bimport\(\s*["']([^"']+)["']\s*\)/g)) if (specifier !== undefined) add(specifier, true);
  return found;
}

function resolve({ from, specifier, sources }: { from: string; specifier: string; sources: Sources }): string | undefined {
  if (!specifier.startsWith(".")) return packageEntry(specifier, sources);
  const path = posix.join(posix.dirname(from), specifier).replace(/\.jsx?$/, "");
  return [`${path}.ts`, `${path}.tsx`, path, `${path}/index.ts`].find((candidate) => sources.has(candidate));
}

// What `@pullcord/sdk/x` means is said by the manifest's exports; without one, by the folder's name.
function packageEntry(specifier: string, sources: Sources): string | undefined {
  if (specifier !== "@pullcord/sdk" && !specifier.startsWith("@pullcord/sdk/")) return undefined;
  const part = specifier.slice("@pullcord/sdk".length);
  const manifest = JSON.parse(sources.get(sdkManifest) ?? "{}") as { exports?: Record<string, { "@pullcord/source"?: string }> };
  const source = manifest.exports?.[`.${part}`]?.["@pullcord/source"] ?? `./src${part}/index.ts`;
  return posix.join("sdk", source);
}
