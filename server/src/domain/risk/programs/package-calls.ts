import type { Call } from "../shell/call.js";
import { sortWords } from "./flags.js";
import { noteForbidden } from "./hidden-commands.js";
import { runProjectScript } from "./project-scripts.js";
import { readByTable, readCall } from "./read-call.js";
import { noteUnknownProgram } from "./unknown-program.js";
import type { Usage } from "./usage.js";

/** `npm install` with no name installs the lock file; a name installs something new. */
export function readInstall(call: Call, usage: Usage): void {
  const { read: _own, ...table } = usage;
  const given = sortWords(call.words, table);
  const names = given.others.filter((word) => word.text !== ".");
  const verb = call.program.split(" ").at(-1) ?? "";
  const locked =
    (names.length === 0 && !/^(?:update|up|upgrade|add)$/.test(verb)) ||
    (names.length > 0 && !/^(?:update|up|upgrade)$/.test(verb) && names.every((word) => isLocked(call, "npm", word.text)));
  readByTable(call, { ...table, takes: "text...", does: locked ? "installs_locked" : "installs_new" });
}

export function readPipInstall(call: Call, usage: Usage): void {
  const { read: _own, ...table } = usage;
  const given = sortWords(call.words, table);
  const fromFile = given.flags.some(({ flag }) => /^(?:-r|--requirement)$/.test(flag.name));
  const editable = given.flags.filter(({ flag }) => /^(?:-e|--editable)$/.test(flag.name));
  const names = given.others.filter((word) => !/^\.(?:\[[\w,-]*\])?$|^\.\//.test(word.text ?? ""));
  const own = editable.every(({ value }) => /^\.(?:\[[\w,-]*\])?$|^\.\//.test(value?.text ?? ""));
  const known = names.length > 0 && own && names.every((word) => isLocked(call, "pip", word.text?.replace(/\[[\w,-]*\]$/, "") ?? null));
  const locked = known || (names.length === 0 && own && (fromFile || editable.length > 0 || given.others.length > 0));
  readByTable(call, { ...table, takes: "text...", does: locked ? "installs_locked" : "installs_new" });
}

/** A name without a version that the lock file holds already. */
function isLocked({ reader }: Call, registry: "npm" | "pip", name: string | null): boolean {
  return name !== null && reader.surroundings.facts?.isLocked?.(registry, name) === true;
}

/** A script of package.json whose body is not read: judged by its name. */
export function readScript(call: Call, usage: Usage): void {
  const { reader, text } = call;
  const given = sortWords(call.words, { flags: usage.flags ?? "*", stopsEarly: true });
  for (const word of given.unknown) reader.findings.confused(`The option ${word.source} is not known.`, text, "unknown_option");
  for (const { flag, source } of given.flags) if (flag.does) reader.findings.note(flag.does, source);
  const [name, ...rest] = given.others;
  if (!name) return reader.findings.note("harmless", text);
  // npm takes its own options behind the name, too, up to `--`.
  const end = rest.findIndex((word) => word.text === "--");
  if (
    rest
      .slice(0, end < 0 ? undefined : end)
      .some((word) => /^--(?:script-shell|node-options|shell|userconfig|globalconfig)/.test(word.text ?? ""))
  )
    reader.findings.note("runs_hidden", text);
  if (name.text === null || name.pattern)
    return reader.findings.confused("Which script runs is only known when it runs.", text, "runs_unknown");
  runProjectScript(call, { runner: "npm", name: name.text, words: rest });
}

/** `npm test`, `npm start`: the script of that name. */
export function readNamedScript(call: Call, usage: Usage): void {
  const verb = call.program.split(" ").at(-1) ?? "test";
  const name = /^(?:t|tst|it|install-test)$/.test(verb) ? "test" : verb;
  const given = sortWords(call.words, { flags: usage.flags ?? "*", stopsEarly: true });
  for (const { flag, source } of given.flags) if (flag.does) call.reader.findings.note(flag.does, source);
  if (/^(?:start|stop|restart)$/.test(name)) call.reader.findings.note("runs_project", call.text);
  runProjectScript(call, { runner: "npm", name, words: given.others });
}

const knownPackages =
  /^(?:typescript|tsc|tsx|vitest|playwright|eslint|prettier|vite|prisma|rimraf|next|jest|tsup|turbo|nx|svelte-check|astro|nuxt|webpack|rollup|esbuild|mocha|ava|c8|nyc|stylelint|oxlint|biome|knip|publint|depcheck|concurrently|cross-env|nodemon|ts-node|tailwindcss|postcss|storybook|cypress|husky|lint-staged|drizzle-kit|serve|http-server|tap|dotenv|npm-run-all|run-s|run-p|wait-on|markdownlint|markdownlint-cli|cspell|@playwright\/test|@biomejs\/biome)$/;

/** `npx name`: a tool of the project by its usual name, or foreign code. */
export function readNpx(call: Call, usage: Usage): void {
  const { reader, text } = call;
  const given = sortWords(call.words, { flags: usage.flags ?? "", stopsEarly: true });
  for (const word of given.unknown) reader.findings.confused(`The option ${word.source} is not known.`, text, "unknown_option");
  for (const { flag, value, source } of given.flags) {
    if (flag.does) reader.findings.note(flag.does, source);
    if (flag.role === "shell" && value) {
      if (value.text === null) reader.findings.confused("It runs text that is only known when it runs.", text, "runs_unknown");
      else reader.readText(value.text, call.state.copy());
    }
  }
  const [first, ...rest] = given.others;
  if (!first) return reader.findings.note(given.flags.length > 0 ? "harmless" : "runs_task", text);
  if (first.text === null) return reader.findings.confused("Which package runs is only known when it runs.", text, "runs_unknown");
  if (first.text === "pullcord") return reader.runWords(given.others, call.state);
  const tool = reader.programNamed(first.text);
  if (
    !isOwnTool(
      call,
      first.text,
      given.flags.some(({ flag }) => /^--no(?:-install)?$/.test(flag.name)),
    )
  )
    return noteForeignTool(call, given.others);
  if (tool) return readCall({ ...call, program: first.text, words: rest }, tool);
  reader.findings.note("runs_task", text);
}

/** Code from elsewhere; what its name and words plainly say must never run is denied. */
function noteForeignTool(call: Call, words: Call["words"]): void {
  const { reader, text } = call;
  reader.findings.note("installs_new", text);
  noteForbidden(call, (state) => reader.runWords(words, state));
  noteUnknownProgram({ ...call, program: words[0]?.text ?? "", words: words.slice(1) });
}

/** Packages whose command has another name. */
const packageOf: Readonly<Record<string, string>> = {
  tsc: "typescript",
  biome: "@biomejs/biome",
  "run-s": "npm-run-all",
  "run-p": "npm-run-all",
};

/** A tool that is installed already; without a lock file to look at, one that projects usually have. */
function isOwnTool({ reader, program }: Call, name: string, staysLocal: boolean): boolean {
  if (staysLocal) return true;
  const registry = program.startsWith("uv") ? "pip" : "npm";
  const known = reader.surroundings.facts?.isLocked?.(registry, packageOf[name] ?? name) ?? null;
  return known ?? knownPackages.test(name);
}

export function readNpmConfig(call: Call): void {
  const [verb] = call.words.filter((word) => !(word.text ?? "").startsWith("-"));
  const reads = call.program.endsWith(" get") || /^(?:get|list|ls)$/.test(verb?.text ?? "list");
  const showsLogin = call.words.some((word) => /_auth|_password|token/i.test(word.text ?? ""));
  call.reader.findings.note(!reads ? "writes_guarded" : showsLogin ? "reads_secret" : "harmless", call.text);
}

/** Fields of package.json that nothing runs. */
const plainField =
  /^(?:name|version|description|keywords|license|author|contributors|private|type|main|module|types|exports|files|homepage|bugs|repository|sideEffects|engines|browserslist|funding)(?:[.[].*)?=/;

/** `npm pkg set key=value`: scripts, dependencies and what else runs by itself ask. */
export function readSetField(call: Call): void {
  const fields = call.words.filter((word) => !(word.text ?? "").startsWith("-"));
  const isPlain = fields.every((word) => plainField.test(word.text ?? word.prefix));
  call.reader.findings.note(isPlain ? "writes_workspace" : "writes_guarded", call.text);
}
