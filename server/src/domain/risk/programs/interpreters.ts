import { isWithin } from "../path.js";
import type { Call } from "../shell/call.js";
import type { ShellWord } from "../shell/word.js";
import { type Given, sortWords } from "./flags.js";
import { noteCode } from "./inline-code.js";
import { readByTable, runInput, runScript, verbNamed } from "./read-call.js";
import { hasDangerousName } from "./script-names.js";
import { pythonModules } from "./python-modules.js";
import type { Programs, Usage } from "./usage.js";

/** Language interpreters: what matters is whose code they run. */
export const interpreters: Programs = {
  "node nodejs": {
    flags:
      "-e=code --eval=code -p=code --print=code -r=script --require=script --import=script --loader=script --experimental-loader=script -c -i --check --test --watch --watch-path= --inspect? --inspect-brk? --env-file=text --env-file-if-exists=text --max-old-space-size= --enable-source-maps --input-type= --no-warnings --trace-warnings --experimental-strip-types --experimental-transform-types --test-reporter= --test-name-pattern= --test-only --test-concurrency= --experimental-test-coverage --cpu-prof --cpu-prof-dir=write --cpu-prof-name= --cpu-prof-interval= --heap-prof --heap-prof-dir=write --heap-prof-name= --heap-prof-interval= --prof --trace-deprecation --throw-deprecation --stack-trace-limit= --conditions= -C= --unhandled-rejections= --run=text --expose-gc --experimental-vm-modules --no-deprecation -v:shows -h:shows",
    read: runCode,
  },
  "tsx ts-node bun-run esno swc-node": {
    flags:
      "-e=code --eval=code -p=code --print=code -r=script --require=script --import=script --tsconfig=read -T --transpile-only --files --esm --env-file=text --watch --clear-screen? --conditions= --test",
    verbs: { watch: { takes: "script text..." } },
    read: runCode,
  },
  "python python2 python3 python3.9 python3.10 python3.11 python3.12 python3.13 python3.14 pypy pypy3 py": {
    flags: "-c=code -m= -u -B -b -d -E -i -I -O -OO -q -s -S -v -x -W= -X= -V:shows -VV:shows -h:shows",
    read: runCode,
  },
  "pwsh powershell": {
    flags:
      "-Command=code -c=code -EncodedCommand=!runs_code -enc=!runs_code -File=script -f=script -NoProfile -nop -NonInteractive -NoLogo -ExecutionPolicy= -ep= -w= -WindowStyle= -Version:shows",
    words: true,
    read: runCode,
  },
  perl: {
    flags: "-e=code -E=code -n -p -i? -l? -0? -a -F? -w -W -c!runs_code -M= -m= -I= -s -S -t -T -u -U -x -v:shows -V:shows",
    read: runCode,
  },
  "ruby irb jruby": { flags: "-e=code -n -p -i? -l -a -w -W -c -r= -I= -v -S -x -E= --version:shows", read: runCode },
  php: {
    flags:
      "-r=code -B=code -R=code -E=code -f=script -l -n -i:shows -m:shows -v:shows -w -s -d=!runs_hidden -S=!opens_port -t= -c= --ini:shows --ri=:shows",
    read: runCode,
  },
  "lua luajit lua5.1 lua5.3 lua5.4": { flags: "-e=code -l= -i -v -E", read: runCode },
  "Rscript R": { flags: "-e=code --vanilla --no-save --slave --quiet -f=script --version:shows", read: runCode },
  deno: {
    verbs: {
      "run serve": {
        flags:
          "-A --allow-all --allow-read? --allow-net? --allow-env? --allow-write? --allow-run? --watch --check --no-check -c= --config= --import-map= --lock= --unstable --reload -q",
        does: "runs_project",
        read: runAddress,
      },
      "test check lint fmt bench doc info types": { flags: "*", does: "runs_task" },
      task: { read: deniedName },
      eval: { flags: "-p --print --ext= --check", takes: "code" },
    },
  },
  java: {
    flags:
      "-jar=script -cp= -classpath= -version:shows -Xmx? -Xms? -D? --version:shows -X? -ea -server -javaagent?!runs_hidden -agentlib?!runs_hidden -agentpath?!runs_hidden",
    words: true,
    read: runJava,
  },
  "javac scalac kotlinc groovyc": {
    flags: "-d=write -cp= -classpath= -source= -target= -g -Xlint? -proc? --release= -sourcepath= -encoding= -nowarn -parameters",
    words: true,
    takes: "read...",
    does: "runs_task",
  },
  "ocaml ghci erl iex elixir clj clojure scala kotlin groovy julia tclsh wish expect gdb lldb pdb ipython octave gnuplot m4 sqlplus": {
    read: readScriptOrCode,
  },
  jupyter: {
    flags: "--version:shows --paths:shows",
    verbs: {
      nbconvert: {
        flags: "--to= --execute --output=write --output-dir=write --stdout --inplace --no-input --allow-errors --clear-output",
        takes: "script...",
        does: "runs_project",
      },
      "notebook lab server": { flags: "--no-browser --port= --ip=!opens_port --notebook-dir=list", takes: "list...", does: "runs_project" },
      kernelspec: { verbs: { list: { flags: "--json", does: "harmless" } } },
    },
  },
};

/** `elixir script.exs arguments`: a script by its name; anything else is taken for code. */
function readScriptOrCode(call: Call): void {
  const [script, ...rest] = call.words;
  const isScript = /^[\w./-]+\.(?:exs?|jl|m|plt|gp|gnuplot|exp|tcl|groovy|scala|kts|clj|ml)$/.test(script?.text ?? "");
  if (script && isScript && !script.text?.startsWith("-") && rest.every((word) => /^[\w./:=,@]+$/.test(word.text ?? "$")))
    return runScript(call, script);
  noteCode(call, call.words.map((word) => word.text ?? "$unknown").join(" "));
}

function deniedName(call: Call): void {
  const name = call.words.find((word) => !(word.text ?? "").startsWith("-"))?.text ?? "";
  call.reader.findings.note(hasDangerousName(name) ? "dangerous_script" : "runs_task", call.text);
}

/** Inline code is read where it can be; a file is the project's own or asks. */
function runCode(call: Call, usage: Usage): void {
  const { reader, text } = call;
  const given = sortWords(ownWords(call), { ...usage, stopsEarly: true });
  for (const word of given.unknown)
    reader.findings.confused(`The option ${word.source} of ${call.program} is not known.`, text, "unknown_option");
  // Which option wins where one only shows and another runs code, each version settles for itself.
  const isTold = given.flags.some(({ flag }) => flag.role === "code" || flag.role === "script" || flag.does);
  if (!isTold && given.flags.some(({ flag }) => flag.mark === "shows")) return reader.findings.note("harmless", text);
  let inline = false;
  for (const { flag, value, source } of given.flags) {
    if (flag.does) reader.findings.note(flag.does, source);
    if (flag.role === "write" && value) reader.touch("write", value, call.state);
    if (flag.role === "code") {
      inline = true;
      noteCode(call, value?.text ?? null);
    }
    if (flag.role === "script" && value && /^[./]/.test(value.text ?? "/")) preload(call, value);
    if (flag.name === "-m" && call.program.startsWith("py")) return runModule(call, value?.text ?? null);
    if (flag.name === "--run") return deniedName({ ...call, words: value ? [value] : [] });
  }
  if (inline) return touchFiles(call, given);
  if (usage.verbs && given.others[0]?.text && verbNamed(usage.verbs, given.others[0].text)) {
    const { read: _own, ...table } = usage;
    return readByTable(call, table);
  }
  const names = given.flags.map(({ flag }) => flag.name);
  const [script] = given.others;
  if (script && names.includes("--test") && staysHere(script, call)) return reader.findings.note("runs_project", text);
  if (script) return runScript(call, script);
  if (names.includes("--test") || names.includes("--check")) return reader.findings.note("runs_task", text);
  runInput(call);
  if (call.state.input.kind === "none")
    reader.findings.confused("It opens an interpreter whose input nobody can see here.", text, "runs_unknown");
}

/** `node --test tests/*.test.js`: whichever tests they are, they are the project's own. */
function staysHere(word: ShellWord, { reader, state }: Call): boolean {
  const { workspace } = reader.surroundings;
  const start = (word.text ?? "/").replace(/[^/]*[*?[{].*$/, "");
  const path = start.startsWith("/") || state.folder === null ? null : reader.surroundings.resolve(start || ".", state.folder).path;
  return word.pattern && path !== null && workspace !== null && isWithin(path, workspace);
}

/** A module that is loaded before the program: the project's own when people committed it. */
function preload(call: Call, word: ShellWord): void {
  const { reader, state } = call;
  const path = word.text !== null && state.folder !== null ? reader.surroundings.resolve(word.text, state.folder).path : null;
  if (path === null || reader.surroundings.isCommitted(path) !== true) reader.findings.note("runs_hidden", call.text);
  runScript(call, word);
}

/** `perl -pi -e … files`, `ruby -ne … files`: they are read, or edited in place. */
function touchFiles({ reader, state }: Call, { flags, others }: Given): void {
  const names = flags.map(({ flag }) => flag.name);
  if (!names.includes("-p") && !names.includes("-n")) return;
  if (names.some((name) => name === "-M" || name === "-m" || name === "-r")) reader.findings.note("runs_hidden");
  for (const file of others) {
    // Both open their operands as perl's two-argument `open` does: `cmd |` is a command, `>file` a file to write.
    if (/^\s*[|<>+]|\|\s*$/.test(file.text ?? ""))
      reader.findings.confused("It runs or writes what it is given as a file.", file.source, "runs_unknown");
    reader.touch(names.includes("-i") ? "write" : "read", file, state);
  }
}

/** A class is looked for in the class path; without one it is whatever lies in the folder. */
function runJava(call: Call, usage: Usage): void {
  const { read: _own, ...table } = usage;
  const { flags, others } = sortWords(call.words, { ...table, stopsEarly: true });
  readByTable(call, { ...table, takes: "text...", does: "runs_project" });
  const [first] = others;
  if (!first || flags.some(({ flag }) => /^-(?:cp|classpath|jar)$/.test(flag.name))) return;
  if (first.text?.endsWith(".java")) return runScript(call, first);
  call.reader.findings.confused("Which class runs is not known.", call.text, "runs_unknown");
}

/** Behind `-m module` and `-c code` all words are the module's or the code's. */
function ownWords({ words, program }: Call): Call["words"] {
  const at = program.startsWith("py") ? words.findIndex((word) => /^-[A-Za-z]*[mc]$/.test(word.text ?? "")) : -1;
  return at < 0 ? words : words.slice(0, at + 2);
}

/** `python -m module`. */
function runModule(call: Call, module: string | null): void {
  const { reader, text } = call;
  const at = call.words.findIndex(
    (word) => word.text === "-m" || (word.text?.startsWith("-m") ?? false) || /^-[A-Za-z]*m$/.test(word.text ?? ""),
  );
  const attached = call.words[at]?.text !== "-m" && call.words[at]?.text?.startsWith("-m") === true;
  const rest = call.words.slice(at + (attached ? 1 : 2));
  const usage = module === null ? undefined : verbNamed(pythonModules, module);
  if (usage)
    return usage.read
      ? usage.read({ ...call, program: module ?? "", words: rest }, usage)
      : readByTable({ ...call, program: module ?? "", words: rest }, usage);
  reader.findings.confused(`The Python module ${module ?? ""} is not known.`, text, "runs_unknown");
}

/** deno runs what an address gives; anything else is a script of the project. */
function runAddress(call: Call, { read: _own, ...table }: Usage): void {
  if (call.words.some((word) => /^(?:https?|npm|jsr|data):/.test(word.text ?? ""))) call.reader.findings.note("runs_foreign", call.text);
  readByTable(call, { ...table, takes: "script text..." });
}
