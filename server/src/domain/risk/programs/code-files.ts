import type { Call } from "../shell/call.js";
import { literal } from "../shell/word.js";

/** Inline code without the files that it names in full, and what it does with them. */
export interface NamedFiles {
  readonly rest: string;
  readonly names: readonly string[];
  readonly writes: boolean;
}

const quoted = String.raw`(["'])([\w@.][\w@./ -]*)`;
/** `Path("src/a.ts")`, `open("a.csv", "w")`, `fs.readFileSync("a.json", …`: calls that name their file in full. */
const naming = [
  new RegExp(String.raw`\b(?:pathlib\.)?Path\(${quoted}\1\)`, "g"),
  new RegExp(String.raw`\bopen\(${quoted}\1(?=\s*[,)])`, "g"),
  new RegExp(
    String.raw`(?:\bfs\.|\brequire\(["'](?:node:)?fs["']\)\.|(?<![\w.]))(?:readFileSync|writeFileSync|appendFileSync|existsSync|readdirSync|statSync|mkdirSync)\(${quoted}\1`,
    "g",
  ),
];
/** `.rglob("*.ts")`: names by an ending that no secret has. */
const listing =
  /\.r?glob\((["'])[\w*./-]*\.(?:[cm]?[jt]sx?|py|md|json|ya?ml|toml|html|s?css|sql|txt|csv|go|rs|java|rb|php|vue|svelte)\1\)/g;
const imports =
  /\bfrom\s+pathlib\s+import\s+Path\b|\b(?:const|let|var)\s+fs\s*=\s*require\((["'])(?:node:)?fs\1\)|\bimport\s+(?:\*\s+as\s+)?fs\s+from\s+(["'])(?:node:)?fs\2|\bimport\s*\{[\w\s,]{1,200}\}\s*from\s*(["'])(?:node:)?fs\3|(?<=\bimport\s[\w\s,]{0,60})\bpathlib\b/g;
const writing =
  /\.write_text\b|\.write_bytes\b|\.mkdir\(|\.touch\(|writeFileSync|appendFileSync|mkdirSync|\bopen\([^)]{1,300},\s*(?:mode\s*=\s*)?["'][^"']*[wax+]/;
/** Other ways to a file: names that are computed, folders above, the home folder. */
const unnamed =
  /\b(?:Path|open|\w+Sync|r?glob|iterdir|scandir|listdir|walk|home|expanduser|parents?|absolute|resolve|joinpath|with_name|symlink_to|hardlink_to)\s*\(|\.parents?\b|["'](?:\/(?!["'])|~|[^"']*\.\.\/?)|["'][^"']*(?:\.env|secret|credential|\.pem|id_rsa|\.ssh|\.aws)/;

/** The files that code names in full, taken out of it; null when it reaches for files in other ways, too. */
export function namedFiles(code: string): NamedFiles | null {
  const names: string[] = [];
  let rest = code.replace(imports, "data").replace(listing, ".data()");
  for (const pattern of naming) {
    rest = rest.replace(pattern, (_whole, _quote, name: string) => {
      names.push(name);
      return pattern.source.endsWith(")") ? "data" : "data(data";
    });
  }
  if (names.length === 0 || unnamed.test(rest) || names.some((name) => /(?:^|\/)\.\.(?:\/|$)/.test(name))) return null;
  const writes = writing.test(code);
  return { rest: rest.replace(/\.(?:write|write_text|write_bytes|mkdir|touch)\b/g, ".data"), names, writes };
}

/** Records the files as read, or as written where anything is. */
export function touchNamed({ reader, state }: Call, { names, writes }: NamedFiles): void {
  for (const name of names) reader.touch(writes ? "write" : "read", literal(name), state);
}
