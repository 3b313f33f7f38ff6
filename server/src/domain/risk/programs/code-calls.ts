import { placeOf } from "../path.js";
import type { Call } from "../shell/call.js";
import { literal, quoteWord } from "../shell/word.js";
import { noteForbidden } from "./hidden-commands.js";

/** Most calls of one code that are looked at. */
const callLimit = 60;
/** Longest text of one call's arguments, and of all code that is looked at, in UTF-16 code units. */
const argumentsLimit = 600;
const codeLimit = 8_000;

/** Functions of common languages by what they do with the texts they are given. */
const runsShell =
  /^(?:system|exec\w*|spawn\w*|popen\w*|Popen|run|call|check_call|check_output|getoutput|getstatusoutput|shell_exec|passthru|proc_open|execute|script|capture\w*|pcntl_exec)$/;
const deletesTree =
  /^(?:rmtree|rm_rf|rm_r|rmSync|rm|removeSync|remove_tree|remove_dir|rimraf|rmdirSync|removedirs|secure_rm|remove_entry\w*|RemoveAll)$/;
const deletesFile = /^(?:unlink\w*|remove|delete|rmdir|rmSync)$/;
const writesFirst =
  /^(?:writeFile\w*|appendFile\w*|createWriteStream|file_put_contents|truncate\w*|write|binwrite|outputFile\w*|chmod\w*|chown\w*)$/;
const writesLast = /^(?:copy\w*|move\w*|rename\w*|cp\w*|mv|symlink\w*|link\w*|ln_s\w*|replace)$/;
const opens = /^(?:open|fopen|File|openSync|new|sysopen)$/;

/**
 * Records what must never run in inline code of any language: a shell text that is handed on, a path that is deleted or
 * written. Only plain calls with their texts written out are seen, and only what is forbidden counts: the code asks
 * anyway, since the rest of it is not read.
 */
export function noteForbiddenCalls(call: Call, code: string): void {
  noteForbidden(call, (state) => {
    const known = withKnownPlaces(code, call.reader.surroundings.home);
    for (const plain of [...callsOf(known), ...loopsOf(known)]) noteOne({ ...call, state: state.copy() }, plain);
  });
}

/** Whether one of the texts in the code names a file of secrets. */
export function namesSecretFile({ reader, state }: Call, code: string): boolean {
  return textsOf(withKnownPlaces(code, reader.surroundings.home)).some((text) => {
    if (!/^[\w./~-]+$/.test(text) || !/[./]/.test(text)) return false;
    const home = text.replace(/^~(?=\/)/, reader.surroundings.home);
    if (!home.startsWith("/") && state.folder === null) return false;
    return placeOf(reader.surroundings.resolve(home, state.folder ?? "/").path, reader.surroundings).secret;
  });
}

function noteOne({ reader, state }: Call, { name, texts, mode }: CodeCall): void {
  const [first] = texts;
  if (first === undefined) return;
  state.input = { kind: "none" };
  const last = literal(texts.at(-1) ?? first);
  if (runsShell.test(name)) {
    reader.readText(first, state);
    if (texts.length > 1) reader.readText(texts.map((text) => quoteWord(literal(text))).join(" "), state.copy());
  }
  if (deletesTree.test(name)) for (const text of texts) reader.touchTree("delete", literal(text), state);
  else if (deletesFile.test(name))
    for (const text of texts) {
      if (/recursive/i.test(mode)) reader.touchTree("delete", literal(text), state);
      else reader.touch("delete", literal(text), state);
    }
  if (writesFirst.test(name)) reader.touch("write", literal(first), state);
  if (writesLast.test(name) && texts.length > 1) reader.touch("write", last, state);
  if (!opens.test(name)) return;
  // `open(path, "w")`, and perl's `open(F, ">>path")`.
  const redirected = texts.map((text) => /^\s*\+?>{1,2}\s*([^&\s].*)$/.exec(text)?.[1]).find((path) => path !== undefined);
  if (redirected !== undefined) reader.touch("append", literal(redirected), state);
  else if (texts.length > 1 && /^>{1,2}$|^\+?<?>/.test(first)) reader.touch("append", last, state);
  else if (/["'](?:[waxc]b?t?\+?|[rwa]b?\+b?)["']/.test(mode)) reader.touch("append", literal(first), state);
}

interface CodeCall {
  readonly name: string;
  readonly texts: readonly string[];
  /** What follows the first text: `'w'`. */
  readonly mode: string;
}

/** Calls whose arguments begin with a text: `name("…", …)`, `name ["…"]`, `name "…"`, and backticks. */
function callsOf(code: string): CodeCall[] {
  const calls: CodeCall[] = [];
  const start = /(?<!\w)([A-Za-z_]\w*)[!?]?\s*(?:\(\s*(?:\[\s*|\w+\s*,\s*)?|\[\s*|\s)(?=["'`])/g;
  for (let match = start.exec(code); match !== null && calls.length < callLimit; match = start.exec(code)) {
    const rest = code.slice(start.lastIndex, start.lastIndex + argumentsLimit);
    const own = match[0].includes("(") ? upToClosing(rest) : (/^[^;\n]*/.exec(rest)?.[0] ?? "");
    const texts = textsOf(own);
    const mode = own.slice((texts[0]?.length ?? 0) + 2);
    calls.push({ name: match[1] ?? "", texts, mode });
    // `Path("…").write_text(…)`, `pathlib.Path("…").unlink()`: the path stands in front.
    const method = match[1] === "Path" ? /^\s*\)\s*\.(\w+)/.exec(rest.slice(own.length))?.[1] : undefined;
    if (method) calls.push({ name: method.replace(/^write_\w+$/, "write"), texts, mode });
  }
  // Ruby, perl and php run what stands in backticks, `%x(…)` and `qx{…}`.
  for (const match of code.slice(0, codeLimit).matchAll(/(?:%x|qx)\s*[({[/|]([^)}\]/|]{1,400})|`([^`]{1,400})`/g))
    calls.push({ name: "system", texts: [match[1] ?? match[2] ?? ""], mode: "" });
  return calls;
}

/** `[rmtree(p) for p in ["…"]]`, `["…"].forEach(p => rmSync(p))`: what is called with a name that a list of texts gives. */
function loopsOf(code: string): CodeCall[] {
  const names = [...code.matchAll(/(?<!\w)([A-Za-z_]\w*)\s*\(\s*([A-Za-z_]\w*)\s*[,)]/g)].slice(0, callLimit);
  return names.flatMap(([, name = "", variable = ""]) => {
    const list = new RegExp(`\\b${variable}\\b\\s*(?:in|of|=)\\s*\\(?\\[?([^\\])\\n]{1,400})`).exec(code)?.[1];
    const each = new RegExp(`\\[([^\\]]{1,400})\\]\\s*\\.\\w+\\s*(?:do\\s*\\|)?[({]?\\s*[(|]?${variable}\\b`).exec(code)?.[1];
    return textsOf(list ?? each ?? "").map((text) => ({ name, texts: [text], mode: "" }));
  });
}

function upToClosing(text: string): string {
  let depth = 1;
  let quote = "";
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? "";
    if (quote !== "") {
      if (letter === "\\") at += 1;
      else if (letter === quote) quote = "";
    } else if (/["'`]/.test(letter)) quote = letter;
    else if (letter === "(") depth += 1;
    else if (letter === ")") {
      depth -= 1;
      if (depth === 0) return text.slice(0, at);
    }
  }
  return text;
}

/** The quoted texts of a piece of code. */
function textsOf(code: string): string[] {
  return [...code.matchAll(/"((?:\\.|[^"\\]){0,400})"|'((?:\\.|[^'\\]){0,400})'|`((?:\\.|[^`\\]){0,400})`/g)].map((match) =>
    (match[1] ?? match[2] ?? match[3] ?? "").replace(/\\(["'`\\])/g, "$1"),
  );
}

/** Ways to spell the home folder become its path, and texts that are put together become one. */
function withKnownPlaces(code: string, home: string): string {
  return code
    .slice(0, codeLimit)
    .replace(/\b(?:os\.path\.|File\.)?expand(?:user|_path)\(\s*(["'])~([\w./-]*)\1\s*\)/g, `"${home}$2"`)
    .replace(
      /\bos\.homedir\(\)|require\((["'])(?:node:)?os\1\)\.homedir\(\)|\b(?:pathlib\.)?Path\.home\(\)|\bDir\.home\b|\bprocess\.env\.HOME\b|\b(?:os\.environ|ENV|\$_ENV|\$_SERVER)\[(["'])HOME\2\]|\$ENV\{["']?HOME["']?\}|\b(?:os\.)?getenv\((["'])HOME\3\)/g,
      `"${home}"`,
    )
    .replace(/"\s*[+.]\s*"|'\s*[+.]\s*'/g, "")
    .replace(/"\s*[+.]\s*'([^'"]*)'/g, '$1"')
    .replace(/(?:path|os\.path|File)\.join\(\s*(["'])([^"']*)\1\s*,\s*(["'])([^"']*)\3\s*\)/g, '"$2/$4"');
}
