import { placeOf } from "../path.js";
import type { Call } from "../shell/call.js";
import { literal, type ShellWord, unknownWord } from "../shell/word.js";
import { noteForbidden } from "./hidden-commands.js";
import type { Programs } from "./usage.js";

/** `find` and `fd`: what they print is harmless, what they run and delete is not. */
export const finders: Programs = {
  "find bfs": { read: readFind },
  "fd fdfind": { read: readFd },
  "locate mlocate plocate": { flags: "-i -c -n= -b -l= -r -e -q -S", does: "harmless" },
};

const harmlessTests =
  /^-(?:name|iname|path|ipath|wholename|iwholename|regex|iregex|regextype|type|xtype|size|mtime|mmin|atime|amin|ctime|cmin|newer\w*|anewer|cnewer|user|group|uid|gid|perm|maxdepth|mindepth|links|inum|samefile|lname|ilname|fstype|printf|used|context)$/;
const harmlessActions =
  /^(?:-(?:print|print0|ls|prune|quit|empty|depth|d|mount|xdev|follow|daystart|noleaf|readable|writable|executable|nouser|nogroup|true|false|not|and|or|a|o|H|L|P|O\d|ignore_readdir_race|warn|nowarn|E|x|s|X|help|version|sparse)|!|\(|\)|,)$/;

function readFind(call: Call): void {
  const { words, reader, text, state } = call;
  const starts: ShellWord[] = [];
  const names: string[] = [];
  let index = 0;
  while (index < words.length && /^-(?:H|L|P|O\d|D)$/.test(words[index]?.text ?? "")) index += 1;
  for (; index < words.length && !/^(?:-|\(|\)|!|,)/.test(words[index]?.text ?? words[index]?.prefix ?? ""); index += 1)
    starts.push(words[index] as ShellWord);
  for (const start of starts) reader.touch("list", start, state);
  let narrowed = false;
  for (; index < words.length; index += 1) {
    const word = words[index] as ShellWord;
    const test = word.text ?? "";
    if (/^-(?:exec|execdir|ok|okdir)$/.test(test)) index = runEach(call, index + 1, { starts, names, narrowed });
    else if (test === "-delete") deleteFound(call, { starts, names, narrowed });
    else if (/^-(?:fprint|fprint0|fls|fprintf)$/.test(test)) {
      const file = words[index + 1];
      // What is listed overwrites the file: nobody does that to a source file on purpose.
      if (file) {
        reader.touch("write", file, state);
        reader.findings.note("writes_irreplaceable", text);
      }
      index += test === "-fprintf" ? 2 : 1;
    } else if (harmlessTests.test(test)) {
      const value = words[index + 1];
      if (/^-(?:i?name|i?path|i?wholename)$/.test(test) && value?.text) names.push(value.text);
      narrowed = narrowed || !/^-(?:maxdepth|mindepth|type|xtype)$/.test(test);
      index += 1;
    } else if (test === "-files0-from") reader.findings.confused("Where find starts is read from a file.", text);
    else if (/^(?:-o|-or|,|!|-not)$/.test(test)) names.push("*");
    else if (!harmlessActions.test(test)) reader.findings.confused(`The test ${word.source} of find is not known.`, text, "unknown_option");
  }
  reader.findings.note("harmless", text);
}

/** Runs the words up to `;` or `+` with a found name in place of `{}`. */
function runEach(call: Call, start: number, search: Search): number {
  const { words, reader, state } = call;
  let end = start;
  while (end < words.length && words[end]?.text !== ";" && words[end]?.text !== "+") end += 1;
  const plain = words.slice(start, end).map((word) => word.text ?? "");
  // It looks for secrets by name: what is done with each of them is done with a secret.
  if (
    search.names.some((name) =>
      /^\*?\.?(?:id_|.*\.(?:pem|key|p12|kdbx|env)\b|env|netrc|npmrc|pgpass|credentials|.*secret|.*token)/i.test(name),
    )
  )
    reader.findings.holdsSecret = true;
  if (/^rm(?: -[rRfv]+)*(?: --)? \{\}$/.test(plain.join(" ")) && findsCaches(call, search)) {
    reader.findings.note("deletes_recreatable", call.text);
    return end;
  }
  noteGateNames(call, search, { start, end });
  const found = foundName(search);
  const filled = words
    .slice(start, end)
    .map((word) => (word.text === "{}" ? found : word.text?.includes("{}") ? unknownWord(word.source) : word));
  reader.runWords(filled, state);
  return end;
}

/** It looks for Pullcord's own files by name, wherever they lie. */
function noteGateNames(call: Call, { names }: Search, { start, end }: { readonly start: number; readonly end: number }): void {
  const { reader, words } = call;
  const [own] = reader.surroundings.gate.paths;
  if (own === undefined || !names.some((name) => /pullcord|\.claude/.test(name))) return;
  const inPlace = words.slice(start, end).map((word) => (word.text?.includes("{}") ? literal(`${own}/policy.yaml`) : word));
  noteForbidden(call, (state) => reader.runWords(inPlace, state));
}

/** A found name: something below the folders that find starts from. */
function foundName({ starts, names }: Search): ShellWord {
  const [start, ...more] = starts;
  const text = start ? start.text : ".";
  const name = names.length === 1 && !names[0]?.includes("/") ? names[0] : "*";
  if (more.length > 0 || text === null) return unknownWord("{}");
  return { text: `${text.replace(/\/$/, "")}/${name}`, source: "{}", pattern: true, prefix: text, outside: false, secret: false };
}

interface Search {
  readonly starts: readonly ShellWord[];
  readonly names: readonly string[];
  /** A test keeps some of what lies below. */
  readonly narrowed: boolean;
}

function deleteFound(call: Call, { starts, names, narrowed }: Search): void {
  const { reader, state } = call;
  if (findsCaches(call, { starts, names, narrowed })) return reader.findings.note("deletes_recreatable", call.text);
  const folders = starts.length > 0 ? starts : [{ ...unknownWord("."), text: ".", prefix: "." }];
  for (const start of folders) {
    const inside: ShellWord = {
      ...start,
      text: start.text === null ? null : `${start.text.replace(/\/$/, "")}/${narrowed ? "x*" : "*"}`,
      pattern: true,
    };
    reader.touchTree("delete", inside, state);
  }
}

/** Names that only caches have, below the workspace: `find . -name '*.pyc' -delete`. */
function findsCaches({ reader, state }: Call, { starts, names }: Search): boolean {
  const { surroundings } = reader;
  if (names.length === 0 || state.folder === null) return false;
  const { folder } = state;
  const inside = starts.every(
    (start) => start.text !== null && placeOf(surroundings.resolve(start.text, folder).path, surroundings).area === "workspace",
  );
  const cache = (name: string): boolean =>
    /^\*\.(?:pyc|pyo|tsbuildinfo)$|^\.DS_Store$/.test(name) ||
    (!/[*?[/]/.test(name) && placeOf(`${surroundings.workspace ?? ""}/${name}`, surroundings).recreatable);
  return inside && placeOf(folder, surroundings).area === "workspace" && names.every(cache);
}

const fdValues =
  /^(?:-e|-t|-d|-E|-S|-c|-j|--extension|--type|--max-depth|--min-depth|--exact-depth|--exclude|--size|--changed-within|--changed-before|--color|--threads|--max-results|--owner|--base-directory|--search-path|--path-separator|--glob-not)$/;

function readFd(call: Call): void {
  const { words, reader, text, state } = call;
  for (let index = 0; index < words.length; index += 1) {
    const test = words[index]?.text ?? "";
    if (/^(?:-x|-X|--exec|--exec-batch)$/.test(test)) {
      let end = index + 1;
      while (end < words.length && words[end]?.text !== ";") end += 1;
      const command = words.slice(index + 1, end).map((word) => (word.text?.startsWith("{") ? unknownWord(word.source) : word));
      reader.runWords([...command, unknownWord("{}")], state);
      const folder = words.slice(0, index).filter((word) => word.text !== null && !word.text.startsWith("-"))[1]?.text;
      if (folder)
        noteForbidden(call, (inner) =>
          reader.runWords([...command, { ...literal(`${folder.replace(/\/$/, "")}/*`), pattern: true }], inner),
        );
      index = end;
    } else if (/^--(?:exec|exec-batch)=|^-[a-zA-Z]*[xX]/.test(test)) reader.findings.confused("What fd runs could not be read.", text);
    else if (fdValues.test(test)) index += 1;
    else if (!test.startsWith("-") && index > 0 && words[index]) reader.touch("list", words[index] as ShellWord, state);
  }
  reader.findings.note("harmless", text);
}
