import { placeOf } from "../path.js";
import { noteAssignment } from "../shell/assignment.js";
import type { Call } from "../shell/call.js";
import { asParameter, literal, type Value } from "../shell/word.js";
import { sortWords } from "./flags.js";
import { noteForbiddenText } from "./hidden-commands.js";
import { runScript } from "./read-call.js";
import type { Programs, Usage } from "./usage.js";

const unknown: Value = { text: null, secret: false, outside: false };

/** What the shell itself does. */
export const shellBuiltins: Programs = {
  echo: { takes: "data...", flags: "*", does: "harmless" },
  "true false : pwd return exit break continue shift wait jobs fg bg times type which whereis dirs caller logout suspend": {
    flags: "*",
    does: "harmless",
  },
  "shopt umask setopt unsetopt": { flags: "*", does: "harmless" },
  printf: { read: printText, flags: "-v= *" },
  "test [ [[": { read: (call) => call.reader.findings.note("harmless", call.text) },
  "cd pushd chdir": { read: changeFolder },
  popd: {
    read: ({ state, reader, text }) => {
      state.folder = null;
      reader.findings.note("harmless", text);
    },
  },
  "export declare typeset local readonly setenv": { read: declareVariables },
  unset: {
    read: ({ words, state, reader, text }) => {
      for (const word of words) {
        if (word.text !== null) state.variables.set(word.text, { ...unknown, text: "" });
        if (word.text === "HISTFILE") reader.findings.note("steers_tools", text);
        if (word.text?.startsWith("PULLCORD_")) reader.findings.gate(`Unsets ${word.source}, which steers Pullcord.`, text);
      }
      reader.findings.note("harmless", text);
    },
  },
  "read mapfile readarray": { read: readVariables },
  set: { read: setOptions },
  let: { flags: "*", does: "harmless" },
  hash: {
    read: ({ words, reader, text }) =>
      words.some((word) => /^-\w*p/.test(word.text ?? "-p"))
        ? reader.findings.confused("It puts another program in the place of a command.", text, "steers_tools")
        : reader.findings.note("harmless", text),
  },
  getopts: {
    read: ({ words, state, reader, text }) => {
      const name = words[1]?.text;
      if (name) reader.setVariable({ name, value: unknown, exported: false }, state);
      reader.findings.note("harmless", text);
    },
  },
  eval: { read: evaluate },
  "source .": { read: sourceFile },
  alias: { read: defineAlias },
  "unalias bind complete compgen compopt": {
    read: ({ words, reader, text }) =>
      words.some((word) => /^-[xCF]/.test(word.text ?? "-x"))
        ? reader.findings.confused("It binds code to the shell.", text)
        : reader.findings.note("harmless", text),
  },
  trap: { read: setTrap },
  disown: { does: "later" },
  history: { does: "reads_secret", flags: "*" },
  fc: { does: "runs_unknown", flags: "*" },
  enable: { read: ({ reader, text }) => reader.findings.confused("It loads or switches off parts of the shell.", text) },
};

function printText(call: Call, usage: Usage): void {
  const { flags } = sortWords(call.words.slice(0, 2), usage);
  const name = flags.find(({ flag }) => flag.name === "-v")?.value?.text;
  if (name) call.reader.setVariable({ name, value: unknown, exported: false }, call.state);
  call.reader.findings.note("harmless", call.text);
}

function changeFolder({ words, state, reader, text }: Call): void {
  const { others } = sortWords(words, { flags: "-P -L -e -@ -n" });
  const target = others[0] ?? literal(reader.surroundings.home);
  reader.findings.note("harmless", text);
  if (target.text === null || target.text === "-" || target.pattern) {
    state.folder = null;
    return;
  }
  if (!target.text.startsWith("/") && state.folder === null) return;
  // The machine is asked about each folder on the way, so a deep one costs more than it is long.
  if (!reader.steps.take((state.folder ?? "").split("/").length + target.text.split("/").length)) return;
  if (state.variables.get("CDPATH")?.text) state.folder = null;
  else state.folder = reader.surroundings.resolve(target.text, state.folder ?? "/").path;
  state.variables.set("PWD", { ...unknown, text: state.folder });
}

function declareVariables(call: Call): void {
  const { words, state, reader, text, program } = call;
  const prints = words.every((word) => (word.text ?? "x").startsWith("-"));
  if (prints && (program === "export" || program === "declare" || program === "typeset"))
    return reader.findings.note(/-[fF]/.test(text) ? "harmless" : "reads_secret", text);
  for (const word of words) {
    const whole = word.text ?? word.prefix;
    const equals = whole.search(/\+?=/);
    const set = equals < 0 ? state.variables.get(whole) : undefined;
    // `X=…; export X`: what it was set to is handed to programs from here on.
    if (set && (program === "export" || /\s-\w*x/.test(text))) noteAssignment({ name: whole, value: set, exported: true }, reader.findings);
    if (whole.startsWith("-") || equals < 0) continue;
    const name = whole.slice(0, equals);
    const value = word.text === null || whole[equals] === "+" ? null : whole.slice(equals + 1);
    // `declare -n` makes a name stand for another one: what it holds is not known.
    const exported = program === "export" || program === "setenv" || /\s-\w*x/.test(text);
    if (/\s-\w*n/.test(text) && value) noteAssignment({ name: value, value: unknown, exported }, reader.findings);
    reader.setVariable(
      { name, value: { text: /\s-\w*n/.test(text) ? null : value, secret: word.secret, outside: false }, exported },
      state,
    );
  }
  reader.findings.note("harmless", text);
}

function readVariables({ words, state, reader, text }: Call): void {
  const { others } = sortWords(words, { flags: "-a= -d= -e -i= -n= -N= -p= -r -s -t= -u= -O= -C= -c= *" });
  const line = state.input.kind === "text" ? (state.input.text ?? "").trimEnd() : "";
  // One name and one word on the input: `read f <<< .env`.
  const given = others.length === 1 && line !== "" && !/\s/.test(line) ? line : null;
  const fromSecret = state.input.kind === "text" && state.input.text === null && reader.findings.holdsSecret;
  for (const word of others)
    if (word.text !== null)
      reader.setVariable({ name: word.text, value: { ...unknown, text: given, secret: fromSecret }, exported: false }, state);
  if (words.some((word) => word.text === "-C")) reader.findings.confused("It runs code for each line.", text);
  reader.findings.note("harmless", text);
}

function setOptions({ words, state, reader, text }: Call): void {
  if (words.length === 0) return reader.findings.note("reads_secret", text);
  const at = words.findIndex((word) => word.text === "--");
  if (at >= 0) words.slice(at + 1).forEach((word, index) => state.variables.set(String(index + 1), asParameter(word)));
  reader.findings.note("harmless", text);
}

function evaluate({ words, state, reader, text }: Call): void {
  if (words.some((word) => word.text === null || word.pattern))
    return reader.findings.confused("It runs text that is only known when it runs.", text, "runs_unknown");
  state.depth += 1;
  reader.readText(words.map((word) => word.text).join(" "), state);
  state.depth -= 1;
}

function sourceFile(call: Call): void {
  const { words, state, reader, text } = call;
  const file = words[0];
  if (!file) return reader.findings.note("harmless", text);
  if (file.source.startsWith("<(")) noteEchoed(call);
  if (file.text === null) return reader.findings.confused("Which file the shell runs is only known when it runs.", text, "runs_unknown");
  const path = file.text.startsWith("/") || state.folder !== null ? reader.surroundings.resolve(file.text, state.folder ?? "/").path : null;
  const place = placeOf(path, reader.surroundings);
  // A shell may load `.env` itself; its variables are secrets from here on.
  if (place.secret) {
    reader.findings.note("runs_project", text);
    reader.loadedSecrets = true;
    return;
  }
  if (file.text.endsWith("/bin/activate") && place.area === "workspace") return reader.findings.note("runs_task", text);
  if (place.area === "home" && /\/\.(?:nvm\/nvm\.sh|cargo\/env|bashrc|profile|zshrc)$/.test(path ?? ""))
    return reader.findings.note("runs_project", text);
  runScript(call, file);
}

/** `source <(echo 'text')`: what was printed there is run. */
export function noteEchoed(call: Call): void {
  for (const { program, words } of call.reader.findings.commands.slice(-3))
    if (/^(?:echo|printf)$/.test(program ?? "")) noteForbiddenText(call, words.filter((word) => word !== null).join(" "));
}

function defineAlias(call: Call): void {
  const { words, reader, state, text } = call;
  for (const word of words) {
    const equals = (word.text ?? "").indexOf("=");
    if (word.text === null) reader.findings.confused("An alias cannot be read.", text);
    else if (equals > 0) reader.readText(word.text.slice(equals + 1), state.copy());
    if (word.text?.startsWith("pullcord=")) reader.findings.gate("Puts something else in the place of Pullcord's command.", text);
  }
  reader.findings.note("harmless", text);
}

function setTrap({ words, state, reader, text }: Call): void {
  const first = words.find((word) => word.text !== "--");
  if (!first || /^-[lp]?$/.test(first.text ?? "")) return reader.findings.note("harmless", text);
  if (first.text === null) return reader.findings.confused("A trap runs text that is only known when it runs.", text, "runs_unknown");
  const inner = state.copy();
  inner.depth += 1;
  reader.readText(first.text, inner);
}
