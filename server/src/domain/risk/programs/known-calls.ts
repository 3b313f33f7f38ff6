import { noteRequest } from "../network.js";
import type { Call } from "../shell/call.js";
import { literal } from "../shell/word.js";

/** Longest list of words or arguments of one call that is taken apart, in UTF-16 code units. */
const listLimit = 400;
/** Most calls of one code that are taken out of it. */
const callLimit = 40;

const text = String.raw`(?:"(?:\\.|[^"\\\n$])*"|'(?:\\.|[^'\\\n$])*')`;
/** `name("a", "b", exist_ok=True)`, `name("a", { recursive: true })`: a call whose texts are all written out. */
const plainCall = new RegExp(
  String.raw`(?<![\w.])((?:require\(["'](?:node:)?(?:fs|child_process)["']\)\.)?(?:[A-Za-z_]\w*\.){0,2}[A-Za-z_]\w*)\(\s*(${text})(?:\s*,\s*(${text}))?((?:\s*,\s*\w+\s*=\s*(?:\w+|${text}))*|\s*,\s*\{[^{}]{0,200}\})\s*\)`,
  "g",
);
/** `subprocess.run(["git", "status"], check=True)`, `spawnSync("git", ["status"])`. */
const listCall = new RegExp(
  String.raw`(?<![\w.])(?:subprocess\.(?:run|call|check_call|check_output)|(?:require\(["'](?:node:)?child_process["']\)\.|\w+\.)?(?:spawnSync|execFileSync))\(\s*(?:(${text})\s*,\s*)?\[((?:\s*${text}\s*,?){1,20})\]((?:\s*,\s*\w+\s*=\s*(?:\w+|${text}))*|\s*,\s*\{[^{}]{0,200}\})\s*\)`,
  "g",
);

/** What the texts of a call are: paths by what becomes of them, shell text, an address that is fetched. */
const rolesOf: Readonly<Record<string, readonly Role[]>> = {
  "os.system os.popen subprocess.getoutput execSync child_process.execSync": ["shell"],
  "os.makedirs os.mkdir mkdirSync fs.mkdirSync": ["write"],
  "os.remove os.unlink unlinkSync fs.unlinkSync": ["delete"],
  "os.rmdir shutil.rmtree rmSync fs.rmSync rmdirSync fs.rmdirSync": ["deleteall"],
  "os.rename os.replace shutil.move renameSync fs.renameSync": ["move", "write"],
  "shutil.copy shutil.copy2 shutil.copyfile shutil.copytree copyFileSync fs.copyFileSync cpSync fs.cpSync": ["read", "write"],
  "requests.get requests.head urllib.request.urlopen httpx.get fetch": ["url"],
};
type Role = "shell" | "write" | "delete" | "deleteall" | "move" | "read" | "url";
const roles = new Map(Object.entries(rolesOf).flatMap(([names, each]) => names.split(" ").map((name) => [name, each] as const)));

export interface KnownCalls {
  /** The code without them. */
  readonly rest: string;
  /** Records what they do. */
  readonly apply: () => void;
}

/**
 * Calls of Python and JavaScript that say all of what they do in their own words, taken out of the code: what is left has
 * to be harmless by itself for any of this to count.
 */
export function knownCalls(call: Call, code: string): KnownCalls {
  const effects: (() => void)[] = [];
  const keep = (effect: () => void): string => {
    effects.push(effect);
    return "data()";
  };
  const { reader, state } = call;
  let rest = code.replace(listCall, (whole: string, ...[program, list = "", options = ""]: (string | undefined)[]) => {
    if (effects.length >= callLimit || list.length > listLimit || /\bshell\s*[=:]|\b(?:env|cwd|input|executable)\s*[=:]/.test(options))
      return whole;
    const words = [...(program === undefined ? [] : [program]), ...(list.match(new RegExp(text, "g")) ?? [])].map(unquoted);
    return keep(() =>
      reader.runWords(
        words.map((word) => literal(word)),
        state.copy(),
      ),
    );
  });
  rest = rest.replace(plainCall, (whole: string, ...[name = "", first = "", second, options = ""]: (string | undefined)[]) => {
    const known = roles.get(name.replace(/^require\(["'](?:node:)?(\w+)["']\)/, "$1"));
    if (!known || effects.length >= callLimit || (second !== undefined && known.length < 2) || !areTame(known, options)) return whole;
    const given = [first, second].filter((one) => one !== undefined).map(unquoted);
    return keep(() => given.forEach((one, index) => applyTo(call, known[index] ?? "read", one)));
  });
  return { rest, apply: () => effects.forEach((effect) => effect()) };
}

/** An address is only fetched when nothing else goes along; a command only runs as written without another folder or environment. */
function areTame(known: readonly Role[], options: string): boolean {
  if (known[0] === "url") return /^(?:\s*,\s*timeout\s*=\s*\d+)*$/.test(options);
  return !/\b(?:env|cwd|input|executable|shell|dir_fd|opener)\s*[=:]/.test(options);
}

function applyTo({ reader, state }: Call, role: Role, given: string): void {
  const word = literal(given);
  switch (role) {
    case "shell":
      return reader.readText(given, state.copy());
    case "url":
      return noteRequest({ url: given, method: "GET", evidence: given }, reader.findings, reader.surroundings);
    case "deleteall":
      return reader.touchTree("delete", word, state);
    case "read":
    case "write":
    case "move":
    case "delete":
      return reader.touch(role, word, state);
  }
}

function unquoted(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replace(/\\n/g, "\n")
    .replace(/\\t/g, "\t")
    .replace(/\\(["'\\])/g, "$1");
}
