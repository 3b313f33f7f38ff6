import { noteAssignment } from "../shell/assignment.js";
import type { Call } from "../shell/call.js";
import { asParameter, literal, type ShellWord, unknownWord } from "../shell/word.js";
import { sortWords } from "./flags.js";
import { noteForbidden, noteForbiddenText } from "./hidden-commands.js";
import { isProductionWord } from "./production.js";
import { noteEchoed } from "./shell-builtins.js";
import { noteListed } from "./listed-names.js";
import { readByTable, runInput, runScript, withUnknownInput } from "./read-call.js";
import type { Programs, Usage } from "./usage.js";

/** Programs that run the rest of their words, or shell text. */
export const wrappers: Programs = {
  grc: { flags: "--pty -e -s -c= --colour? --config=read --stderr --stdout", takes: "command" },
  "nohup builtin catchsegv unbuffer": { takes: "command" },
  command: { flags: "-v:shows -V:shows -p", takes: "command" },
  time: { flags: "-p -v -f= --format= -a -o=write --output=write -q --verbose", takes: "command" },
  timeout: { flags: "-k= --kill-after= -s= --signal= -v --verbose --preserve-status --foreground", takes: "text command" },
  nice: { flags: "-n= --adjustment= -NUM", takes: "command" },
  ionice: { flags: "-c= -n= -t -p= --class= --classdata=", takes: "command" },
  stdbuf: { flags: "-i= -o= -e= --input= --output= --error=", takes: "command" },
  "setsid daemonize": { flags: "-c -f -w --fork --wait --ctty", does: "later", takes: "command" },
  exec: { flags: "-a= -c -l", takes: "command" },
  watch: { read: watchCommand },
  "caffeinate chronic faketime": { takes: "command", flags: "-i -s -d" },
  "taskset chrt numactl setarch linux64 linux32 i386 x86_64": {
    takes: "text command",
    flags: "-p -c -a --all-tasks --pid --cpu-list -r -f -o -b -i -R",
  },
  env: { read: readEnvironment },
  "sudo doas sudo-rs gksudo gksu kdesu run0": { read: asOther },
  "su runuser": { read: switchUser },
  pkexec: { flags: "--user= --disable-internal-agent", does: "privilege", takes: "command" },
  xargs: { read: readXargs },
  parallel: {
    flags: "*",
    read: (call) => {
      call.reader.findings.note("runs_unknown", call.text);
      noteGiven(call);
    },
  },
  "sh bash dash zsh ksh mksh ash rbash fish csh tcsh yash": { read: readShell },
  "strace ltrace": { flags: "-f -e= -p=!stops_process -o=write -c -t -tt -T -s= -y -v", takes: "command", does: "stops_process" },
  flock: { flags: "-n -w= -x -s -u -o -E= --nonblock --wait= --exclusive --shared -c=shell", takes: "write command" },
  script: {
    flags: "-q -c=shell -a -f -e --command=shell --quiet --append --flush --return",
    takes: "write",
    bare: "runs_unknown",
    read: recordShell,
  },
  scriptreplay: { flags: "-q -c=shell -a -f -e", takes: "write" },
  ssh: { read: readSsh },
  busybox: { takes: "command" },
};

const environmentFlags =
  "-i --ignore-environment -u= --unset= -0 --null -v --debug -C=folder --chdir=folder -S= --split-string= --block-signal? --default-signal? --ignore-signal?";

function readEnvironment(call: Call): void {
  const { reader, text } = call;
  const given = sortWords(call.words, { flags: environmentFlags, stopsEarly: true });
  for (const word of given.unknown) reader.findings.confused(`The option ${word.source} of env is not known.`, text, "unknown_option");
  const state = call.state.copy();
  for (const { flag, value } of given.flags) {
    if ((flag.name === "-u" || flag.name === "--unset") && value?.text?.startsWith("PULLCORD_"))
      reader.findings.gate(`Unsets ${value?.source}, which steers Pullcord.`, text);
    if (flag.role === "folder" && value)
      state.folder = value.text === null ? null : reader.surroundings.resolve(value.text, state.folder ?? "/").path;
    if ((flag.name === "-S" || flag.name === "--split-string") && value) {
      if (value.text === null) return reader.findings.confused("It runs text that is only known when it runs.", text, "runs_unknown");
      state.depth += 1;
      reader.readText(
        `${/^\s*\w+=/.test(value.text) ? "env " : ""}${value.text} ${given.others.map((word) => quote(word)).join(" ")}`,
        state,
      );
      return;
    }
  }
  const at = given.others.findIndex((word) => !/^\w+=/.test(word.text ?? word.prefix));
  for (const word of at < 0 ? given.others : given.others.slice(0, at)) {
    const whole = word.text ?? word.prefix;
    const name = whole.slice(0, whole.indexOf("="));
    noteAssignment(
      {
        name,
        value: { text: word.text === null ? null : whole.slice(name.length + 1), secret: word.secret, outside: false },
        exported: true,
      },
      reader.findings,
    );
    state.variables.set(name, { text: word.text === null ? null : whole.slice(name.length + 1), secret: word.secret, outside: false });
  }
  // Alone it prints every variable; only a filter right behind it narrows that, which the pipe tells.
  if (at < 0) return reader.findings.note(call.state.narrowed ? "reads_workspace" : "reads_secret", text);
  reader.runWords(given.others.slice(at), state);
}

function quote(word: ShellWord): string {
  return word.text === null ? "$unknown" : `'${word.text.replaceAll("'", "'\\''")}'`;
}

function asOther(call: Call): void {
  const { reader, text } = call;
  const given = sortWords(call.words, {
    flags:
      "-u= -g= -h= -p= -C= -D= -T= -U= -r= -t= -R= -E -H -n -S -k -K -i -s -b -A -B -P -l:shows -v -V:shows -e --user= --group= --preserve-env? --login --shell --stdin --non-interactive --list:shows --validate --reset-timestamp --remove-timestamp --background",
    stopsEarly: true,
  });
  reader.findings.note("privilege", text);
  for (const word of given.unknown) reader.findings.confused(`The option ${word.source} is not known.`, text, "unknown_option");
  if (given.flags.some(({ flag }) => flag.name === "-e")) return given.others.forEach((word) => reader.touch("write", word, call.state));
  const at = given.others.findIndex((word) => !/^\w+=/.test(word.text ?? word.prefix));
  if (at >= 0) reader.runWords(given.others.slice(at), call.state);
}

function switchUser(call: Call): void {
  call.reader.findings.note("privilege", call.text);
  const { flags } = sortWords(call.words, { flags: "-c= --command= -s= --shell= -l -m -p -u= -g= - *" });
  for (const { flag, value } of flags) if (/^(?:-c|--command)$/.test(flag.name) && value) runText(call, value);
}

function runText(call: Call, word: ShellWord): void {
  const { reader, text } = call;
  if (word.text === null) return reader.findings.confused("It runs text that is only known when it runs.", text, "runs_unknown");
  const state = call.state.copy();
  state.depth += 1;
  reader.readText(word.text, state);
}

function watchCommand(call: Call): void {
  const { others, unknown } = sortWords(call.words, {
    flags: "-n= --interval= -d -t -x -g -e -c -b --color --differences? --no-title --exec --errexit --chgexit",
    stopsEarly: true,
  });
  for (const word of unknown)
    call.reader.findings.confused(`The option ${word.source} of watch is not known.`, call.text, "unknown_option");
  if (others.some((word) => word.text === null))
    return call.reader.findings.confused("It runs text that is only known when it runs.", call.text, "runs_unknown");
  if (others.length > 0) runText(call, literal(others.map((word) => word.text).join(" ")));
}

/** `parallel rm -rf ::: a b`: the command with each of the words. */
function noteGiven(call: Call): void {
  const at = call.words.findIndex((word) => /^:::\+?$/.test(word.text ?? ""));
  const start = call.words.findIndex((word) => /^[a-z]/.test(word.text ?? ""));
  const command = call.words.slice(Math.max(start, 0), at < 0 ? undefined : at);
  for (const given of at < 0 ? [] : call.words.slice(at + 1, at + 1 + filledLimit))
    noteForbidden(call, (state) => call.reader.runWords([...command, given], state));
}

function readXargs(call: Call): void {
  const { reader, text, state } = call;
  const given = sortWords(call.words, {
    flags:
      "-0 --null -a=read --arg-file=read -d= --delimiter= -E= -e? -I= -i? -L= -l? -n= --max-args= -P= --max-procs= -p -r --no-run-if-empty -s= -t --verbose -x --replace? --max-lines? --max-chars= --exit -o",
    stopsEarly: true,
  });
  for (const word of given.unknown) reader.findings.confused(`The option ${word.source} of xargs is not known.`, text, "unknown_option");
  for (const { flag, value } of given.flags) if (flag.role === "read" && value) reader.touch("read", value, state);
  const [first, ...rest] = given.others;
  if (!first) return reader.findings.note("harmless", text);
  const mark = given.flags.find(({ flag }) => /^(?:-I|-i|--replace)$/.test(flag.name));
  const place = mark ? (mark.value?.text ?? "{}") : null;
  const fromFile = given.flags.some(({ flag }) => flag.role === "read");
  const apart = given.flags.some(({ flag }) => /^(?:-0|--null|-d|--delimiter|-E|-e)$/.test(flag.name));
  const texts = !fromFile && state.input.kind === "text" && state.input.text !== null ? namesIn(state.input.text) : null;
  if (texts) {
    // What comes in is known: `echo ~ | xargs rm -rf`.
    const filled =
      place === null
        ? [[first, ...rest, ...texts]]
        : texts.slice(0, filledLimit).map((name) => [first, ...rest].map((word) => fillWith(word, place, name)));
    for (const line of filled) reader.runWords(line, state);
    if (!apart && texts.length > 0 && (place === null || texts.length <= filledLimit)) return;
  }
  noteListed(call, [first, ...rest], place);
  if (place === null) {
    const names = state.input.kind === "pipe" ? { ...computedNames, below: state.input.below } : computedNames;
    // With nothing on its input it may run without a further word, and then other words decide.
    if (rest.length > 0) reader.runWords([first, ...rest], state);
    return reader.runWords([first, ...rest, names], state);
  }
  const below = state.input.kind === "pipe" ? state.input.below : undefined;
  const fill = (word: ShellWord): ShellWord =>
    word.text?.includes(place)
      ? {
          ...unknownWord(word.source),
          prefix: word.text.slice(0, word.text.indexOf(place)),
          below: word.text === place ? below : undefined,
        }
      : word;
  reader.runWords([first, ...rest].map(fill), state);
}

/** Most names that are put into a command one by one. */
const filledLimit = 12;

/** The names in a text, as xargs takes them apart; quotes and backslashes make them unknown. */
function namesIn(text: string): ShellWord[] | null {
  if (/["'\\\u0000]/.test(text)) return null;
  return text
    .split(/\s+/)
    .filter((name) => name !== "")
    .map((name) => ({ ...literal(name), pattern: /[*?[]/.test(name) }));
}

function fillWith(word: ShellWord, place: string, name: ShellWord): ShellWord {
  const text = word.text?.replaceAll(place, name.text ?? "") ?? null;
  return { ...word, text, prefix: text ?? word.prefix, pattern: word.pattern || name.pattern };
}

/** What comes in on standard input: names that nobody can know here. */
const computedNames: ShellWord = { ...unknownWord("(standard input)"), outside: false };

function readShell(call: Call): void {
  const { reader, text, words } = call;
  const given = sortWords(words, {
    flags:
      "-c -e -u -x -v -n -l -i -s -p -o= +o= -O= +O= -f -E --norc --noprofile --login --posix --rcfile=script --init-file=script -eu -ex",
    stopsEarly: true,
  });
  for (const word of given.unknown)
    reader.findings.confused(`The option ${word.source} of the shell is not known.`, text, "unknown_option");
  const [first, ...rest] = given.others;
  const names = given.flags.map(({ flag }) => flag.name);
  if (names.includes("-c") && first) {
    if (first.text === null) return reader.findings.confused("It runs text that is only known when it runs.", text, "runs_unknown");
    const state = call.state.copy();
    state.depth += 1;
    rest.forEach((word, index) => state.variables.set(String(index), asParameter(word)));
    return reader.readText(first.text, state);
  }
  const { input } = call.state;
  if (!first && (call.state.connected || (input.kind === "pipe" && input.remote === true))) reader.findings.note("remote_shell", text);
  if (names.includes("-n") && first) return reader.touch("read", first, call.state);
  if (!first || names.includes("-s")) return readShellInput(call, names.includes("-i"));
  if (first.source.startsWith("<(")) noteEchoed(call);
  if (first.text === null && first.source.startsWith("<("))
    return reader.findings.note(/curl|wget/.test(first.source) ? "runs_foreign" : "runs_unknown", text);
  runScript(call, first);
}

/** `sh` without a script runs what it is given. */
function readShellInput(call: Call, interactive: boolean): void {
  const { state, reader, text } = call;
  if (!interactive && state.input.kind === "text" && state.input.text !== null) {
    const script = literal(state.input.text);
    return withUnknownInput(state, () => runText(call, script));
  }
  runInput(call);
  if (interactive || state.input.kind === "none")
    reader.findings.confused("It opens a shell whose commands nobody can see here.", text, "runs_unknown");
}

const sshFlags =
  "-4 -6 -A!sends_credential -a -C -f -G:shows -g!opens_port -K -k -M -N -n -q -s -T -t -V:shows -v -X -x -Y -y -B= -b= -c= -D=!opens_port -E=write -e= -F=read -I= -i=text -J= -L=!opens_port -l= -m= -O= -o= -p= -Q= -R=!opens_port -S= -W= -w=";

function readSsh(call: Call, _usage: Usage): void {
  const { reader, text } = call;
  const given = sortWords(call.words, { flags: sshFlags, stopsEarly: true });
  for (const word of given.unknown) reader.findings.confused(`The option ${word.source} of ssh is not known.`, text, "unknown_option");
  if (given.flags.some(({ flag }) => flag.mark === "shows")) return reader.findings.note("harmless", text);
  for (const { flag, value } of given.flags) {
    if (flag.name === "-o") noteForbiddenText(call, /^\w+command[= ]([^]+)$/i.exec(value?.text ?? "")?.[1]);
    if (flag.name === "-o" && /^(?:proxycommand|localcommand|permitlocalcommand|knownhostscommand)/i.test(value?.text ?? "proxycommand"))
      reader.findings.note("runs_hidden", text);
    if (flag.does) reader.findings.note(flag.does, text);
  }
  const [host, ...rest] = given.others;
  reader.findings.note("other_machine", text);
  if (host?.text) reader.findings.hosts.add(host.text.replace(/^.*@/, ""));
  reader.findings.sendsOut = true;
  if (rest.length === 0) return;
  if (rest.some((word) => word.text === null))
    return reader.findings.confused("What runs on the other machine is only known when it runs.", text, "runs_unknown");
  const state = call.state.copy();
  state.folder = reader.surroundings.home;
  state.depth += 1;
  const far = rest.map((word) => word.text).join(" ");
  reader.readText(far, state);
  if (isProductionWord(host?.text ?? "") && takesData.test(far)) reader.findings.note("wipes_production", text);
}

/** What a server keeps, deleted as a whole. */
const takesData =
  /\brm\s+(?:-\S+\s+)*-\w*[rR]\S*\s+(?:\S+\s+)*\/(?:var\/(?:lib|www)|srv|data|opt|home|mnt)(?:\/[\w.-]+)?\/?\*?(?:\s|$|;|&)/;

/** Without a command it opens a shell whose keys nobody sees here. */
function recordShell(call: Call, { read: _own, ...table }: Usage): void {
  readByTable(call, table);
  if (!sortWords(call.words, table).flags.some(({ flag }) => flag.role === "shell"))
    call.reader.findings.confused("It opens a shell whose commands nobody can see here.", call.text, "runs_unknown");
}
