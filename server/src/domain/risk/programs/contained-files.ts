/** Names of an import that only read and list files, or that `known-calls.ts` reads. */
const modules =
  /\bimport\s+((?:os|sys|json|re|glob|pathlib|subprocess|shutil|time|math|csv|datetime|collections|itertools|functools|requests|httpx|urllib\.request|string|textwrap|random|hashlib|ast|pprint|typing|statistics)(?:\s*,\s*(?:os|sys|json|re|glob|pathlib|subprocess|shutil|time|math|csv|datetime|collections|itertools|functools|requests|httpx|urllib\.request|string|textwrap|random|hashlib|ast|pprint|typing|statistics))*)(?=\s*(?:;|\n|$))/g;
const fromImports = /\bfrom\s+(?:pathlib\s+import\s+Path|glob\s+import\s+i?glob|os\s+import\s+(?:listdir|walk|path))\b/g;
const requires =
  /\b(?:const|let|var)\s+(?:fs|path|cp|child_process|\{\s*(?:execSync|spawnSync|execFileSync|readFileSync|writeFileSync|readdirSync|statSync|existsSync|join|resolve|basename|extname)(?:\s*,\s*\w+){0,8}\s*\})\s*=\s*require\((["'])(?:node:)?(?:fs|path|child_process)\1\)/g;
/** Ways to list and read. */
const readingCalls =
  /\bos\.(?:listdir|walk|scandir|stat|lstat|getcwd|path\.(?:join|exists|isfile|isdir|getsize|basename|dirname|splitext|relpath))\b|\bglob\.i?glob\b|(?<!\w)(?:pathlib\.)?Path(?=\()|\.(?:r?glob|iterdir|read_text|read_bytes|exists|is_file|is_dir|stat|relative_to|with_suffix)(?=\()|(?<![\w.])open(?=\()|(?:\bfs\.|(?<![\w.]))(?:readFileSync|readdirSync|statSync|lstatSync|existsSync)(?=\()|\bsys\.stdout\.write(?=\()|\bprocess\.stdout\.write(?=\()|\bpath\.(?:join|basename|extname|dirname|relative)(?=\()/g;
/** What would lead out of the folder that a name starts from, or spell a name that nobody sees. */
const escapes =
  /\.parents?\b|\b(?:resolve|absolute|home|expanduser|expandvars|realpath|cwd|chdir|dirname__|joinpath|with_name|chr|fromCharCode|fromCodePoint|atob|b64decode|unhexlify|fromhex|decode|unescape|maketrans|translate|sep|symlink_to|hardlink_to|stdin|argv|input)\b|\[\s*::\s*-1\s*\]|Buffer\.from|\.reverse\(|Path\([^)]*\)\s*\.replace\(/;
const writing =
  /\.write_(?:text|bytes)\b|\bwriteFileSync\b|\bopen\([^)\n]{0,300},\s*(?:mode\s*=\s*)?["'][rbt]*[wax+]|\bopen\([^)\n]{0,300},\s*(?:mode\s*=\s*)?[A-Za-z_]/;
/** `.rglob("*.ts")`: source files, which git has, whichever they are. */
const sources = /glob\(\s*(?:["'][^"']*["']\s*,\s*)?(["'])[\w*./{},-]*\.(?:[cm]?[jt]sx?|py|md|html|s?css|go|rs|java|rb|php|vue|svelte)\1/;
const otherListing = /\b(?:listdir|walk|scandir|readdirSync)\b|\.iterdir\(/;

/** Everything that lies in the folder, hidden files of secrets too; and what is in them. */
const listsAll =
  /\b(?:listdir|walk|scandir|readdirSync)\(\s*(?:["'`]\.?\/?["'`])?\s*[),]|Path\(\s*(?:["']\.?\/?["'])?\s*\)\s*\.(?:iterdir|r?glob\(\s*["'][^"'.]*["'])|getcwd|["']\*\*\/\.?\*["']|["']\.\*/;
const readsContent = /\bopen\(|\.read_(?:text|bytes)\b|\breadFileSync\b/;

const quoted = /"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|`((?:\\.|[^`\\])*)`/g;
/** A text that leads elsewhere, or to secrets, wherever it is put. */
const leadsAway =
  /^[/~]|\.\.(?:\/|$)|^file:|\.env|secret|credential|passw|token|\.pem|\.key|id_rsa|\.ssh|\.aws|\.git(?:\/|$)|pullcord|\.claude|\\[xu0]/i;

export interface Contained {
  readonly rest: string;
  readonly writes: boolean;
}

/**
 * Code that lists and reads files whose names it computes, and that cannot leave the folder it runs in, since no text in
 * it leads elsewhere; writing counts only for source files that a pattern lists. Null when that is not certain.
 */
export function containedFiles(code: string): Contained | null {
  const texts = [...code.matchAll(quoted)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
  if (texts.some((one) => leadsAway.test(one.trim()) || /\/\.\.|\.\./.test(one))) return null;
  if (escapes.test(code)) return null;
  if (listsAll.test(code) && readsContent.test(code)) return null;
  const writes = writing.test(code);
  if (writes && (!sources.test(code) || otherListing.test(code) || /\bopen\([^)\n]{0,300},\s*(?:mode\s*=\s*)?[A-Za-z_]/.test(code)))
    return null;
  const bare = code
    .replace(modules, "data")
    .replace(fromImports, "data")
    .replace(requires, "data")
    .replace(readingCalls, (whole) => (whole.startsWith(".") ? ".data" : "data"));
  const rest = writes
    ? bare.replace(/\.write_(?:text|bytes)(?=\()|\.write(?=\()/g, ".data").replace(/(?:\bfs\.)?\bwriteFileSync(?=\()/g, "data")
    : bare;
  if (/\b(?:exec|spawn|fork)\w*\s*\(|\b(?:subprocess|requests|httpx|urllib|shutil|child_process|Popen|fs|os|glob|Path)\b/.test(rest))
    return null;
  return { rest, writes };
}
