import { meaningOf, textOf, type KeyPath, type Section } from "./document.js";
import { readEnv } from "./formats/env.js";
import { readIni } from "./formats/ini.js";
import { readJson } from "./formats/json.js";
import { readToml } from "./formats/toml.js";
import { readYaml } from "./formats/yaml.js";
import { mergeByKey, type KeyConflict } from "./merge-by-key.js";

export type { KeyConflict } from "./merge-by-key.js";
export type { KeyPath } from "./document.js";

type Read = (text: string) => Section | null;

/** How files are read by key, by their names. */
const formats: readonly (readonly [name: RegExp, read: Read])[] = [
  [/\.(json|jsonc|json5|code-workspace)$|(^|\/)\.(babelrc|eslintrc|prettierrc|swcrc)$/, readJson],
  [/\.ya?ml$/, readYaml],
  [/\.toml$|(^|\/)(Cargo|poetry|uv)\.lock$|(^|\/)Pipfile$/, readToml],
  [/(^|\/)\.env(\.[\w.-]+)?$|\.env$/, readEnv],
  [/\.(ini|cfg|cnf|conf|desktop|service|socket|timer|properties)$|(^|\/)\.(npmrc|editorconfig|gitconfig|pypirc|flake8)$/, readIni],
];

/** Longer texts are not read by key, in characters: an agent may have written them so that reading takes long. */
const longestText = 2 ** 20;

/** What a document becomes, and which keys stay as a person made them. */
export interface MergedConfig {
  readonly text: string;
  readonly conflicts: readonly KeyConflict[];
}

interface ConfigSides {
  readonly base: string;
  /** What a person made of the base. */
  readonly mine: string;
  /** What undo would make of it. */
  readonly theirs: string;
}

/**
 * Merges two changes of one configuration file by its keys (E24, A22). Undefined for a file that is not known to have
 * keys, that cannot be read, or whose merge would not say what it should: nobody may guess then (threats, R27).
 * @param staying keys that stay as they are, whatever undo would make of them
 */
export function mergeConfig(path: string, sides: ConfigSides, staying: readonly KeyPath[] = []): MergedConfig | undefined {
  const read = formats.find(([name]) => name.test(path))?.[1];
  if (!read || [sides.base, sides.mine, sides.theirs].some(({ length }) => length > longestText)) return undefined;
  const [base, mine, theirs] = [read(sides.base), read(sides.mine), read(sides.theirs)];
  if (!base || !mine || !theirs) return undefined;
  const { node, conflicts } = mergeByKey({ base, mine, theirs }, staying);
  const text = textOf(node);
  const written = read(text);
  return written && saysTheSame(meaningOf(written), meaningOf(node)) ? { text, conflicts } : undefined;
}

function saysTheSame(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);
}
