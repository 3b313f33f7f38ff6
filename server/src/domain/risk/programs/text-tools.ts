import { codeNamesGate } from "../gate-address.js";
import type { Call } from "../shell/call.js";
import type { ShellWord } from "../shell/word.js";
import { sortWords } from "./flags.js";
import { readSedScript } from "./sed-script.js";
import type { Programs, Usage } from "./usage.js";
import { noteForbiddenCalls } from "./code-calls.js";

/** Programs that change text on its way through. */
export const textTools: Programs = {
  tr: { flags: "-c -C -d -s -t --delete --complement --squeeze-repeats --truncate-set1", does: "harmless" },
  tee: { flags: "-a -i -p --append --ignore-interrupts --output-error?", takes: "write..." },
  sponge: { flags: "-a", takes: "write" },
  sed: {
    flags:
      "-n -r -E -e= -f= -i? -s -u -z -l= -b --expression= --file= --in-place? --quiet --silent --regexp-extended --separate --null-data --debug --posix --sandbox --follow-symlinks --unbuffered -I=",
    read: readSed,
  },
  gsed: { flags: "-n -r -E -e= -i? -s -u -z", read: readSed },
  "awk gawk mawk nawk": {
    flags: "-F= -v= -f=script --field-separator= --assign= --file=script -e= --source= --csv -k -b --posix --re-interval -n -M",
    read: readAwk,
  },
  split: {
    flags:
      "-l= -b= -n= -d -a= -e -x -u -t= -C= --lines= --bytes= --number= --numeric-suffixes? --hex-suffixes? --additional-suffix= --suffix-length= --verbose --filter=!runs_hidden",
    takes: "read write",
    does: "writes_workspace",
  },
  csplit: {
    flags:
      "-b= -n= -f=write -k -s -q -z --lines= --bytes= --number= --numeric-suffixes? --additional-suffix= --suffix-length= --prefix=write --suffix-format= --digits= --keep-files --verbose",
    takes: "read text...",
    does: "writes_workspace",
  },
  "tac-r rename prename": { flags: "-n:dry -v -f -e=!runs_code -s=", takes: "text write...", does: "writes_workspace" },
  "dos2unix unix2dos": { flags: "-n -k -q -o -b -i? -f -c= -l -m -r -s -v --keep-bom --info? --force --newline", takes: "write..." },
  sd: { flags: "-p:dry --preview:dry -s -f= -F --fixed-strings", takes: "text text write..." },
  envsubst: { flags: "-v", does: "harmless" },
  "gettext msgfmt msgmerge xgettext": { flags: "-o=write --output-file=write -c -v -d= -L=", takes: "read..." },
  "aspell hunspell": { flags: "-d= -l -a", takes: "text..." },
  pandoc: {
    flags:
      "-o=write --output=write -f= -t= -r= -w= --from= --to= -s --standalone --toc -N -V= -M= --metadata= --wrap= --columns= --template=read -c= --css= --number-sections --list-input-formats --list-output-formats",
    takes: "read...",
  },
  "indent astyle clang-format shfmt": {
    flags:
      "-i!writes_workspace -w!writes_workspace -d -l -s --style= -style= --dry-run -n --Werror -kr --inplace!writes_workspace -ci -bn -o=write --dump-config *",
    takes: "read...",
  },
};

function readSed(call: Call, usage: Usage): void {
  const { reader, text, state } = call;
  const given = sortWords(call.words, usage);
  for (const word of given.unknown) reader.findings.confused(`The option ${word.source} of sed is not known.`, text, "unknown_option");
  const scripts: (ShellWord | null)[] = given.flags.filter(({ flag }) => /^(?:-e|--expression)$/.test(flag.name)).map(({ value }) => value);
  const files = [...given.others];
  const scriptFiles = given.flags.filter(({ flag }) => /^(?:-f|--file)$/.test(flag.name));
  if (scriptFiles.length > 0) reader.findings.confused("The sed script is in a file.", text);
  else if (scripts.length === 0) scripts.push(files.shift() ?? null);
  for (const script of scripts) {
    if (!script) continue;
    const effects = script.text === null ? null : readSedScript(script.text);
    if (effects === null) {
      reader.findings.confused("The sed script could not be read.", text);
      continue;
    }
    if (effects.runs) reader.findings.note("runs_hidden", text);
    for (const file of effects.writes) reader.touch("write", { ...script, text: file, prefix: file, pattern: false }, state);
    for (const file of effects.reads) reader.touch("read", { ...script, text: file, prefix: file, pattern: false }, state);
  }
  const inPlace = given.flags.some(({ flag }) => /^(?:-i|-I|--in-place)$/.test(flag.name));
  for (const file of files) {
    // Names that a search listed below the workspace: what stays of each is its own text.
    if (inPlace && file.text === null && file.below !== undefined) reader.findings.note("writes_workspace", text);
    else reader.touch(inPlace ? "write" : "read", file, state);
  }
}

/** awk programs that only compute and print: no system(), no pipes, no redirections, no getline, no extensions. */
function readAwk(call: Call, usage: Usage): void {
  const { reader, text, state } = call;
  const given = sortWords(call.words, { ...usage, stopsEarly: true });
  for (const word of given.unknown) reader.findings.confused(`The option ${word.source} of awk is not known.`, text, "unknown_option");
  const programs = given.flags.filter(({ flag }) => /^(?:-e|--source)$/.test(flag.name)).map(({ value }) => value);
  const fromFile = given.flags.some(({ flag }) => /^(?:-f|--file)$/.test(flag.name));
  const files = [...given.others];
  if (fromFile) reader.findings.confused("The awk program is in a file.", text);
  else if (programs.length === 0) programs.push(files.shift() ?? null);
  for (const program of programs) {
    if (!program || program.text === null) reader.findings.confused("The awk program is only known when it runs.", text, "runs_unknown");
    else if (program.text.length > awkLimit) reader.findings.confused("The awk program is too long to be read.", text, "runs_code");
    else if (awkActs(program.text)) {
      if (/\/inet\d?\//.test(program.text) && /\|&?|system/.test(program.text)) reader.findings.note("remote_shell", text);
      if (codeNamesGate(program.text, reader.surroundings)) reader.findings.gate("Runs code that reaches for Pullcord.", text);
      noteForbiddenCalls(call, program.text);
      reader.findings.confused("The awk program runs commands or writes files.", text, "runs_code");
    }
  }
  for (const file of files) if (!/^\w+=/.test(file.text ?? "")) reader.touch("read", file, state);
  reader.findings.note("harmless", text);
}

/** Longest awk program that is read, in UTF-16 code units: the patterns below take more than linear time. */
const awkLimit = 4_000;

function awkActs(program: string): boolean {
  const bare = program
    .replace(/"(?:\\.|[^"\\])*"/g, '""')
    .replace(/\/(?:\\.|[^/\\\n])+\//g, (match) => (/[;{}]/.test(match) ? match : "//"));
  if (/\bsystem\b|\bgetline\b|@(?:load|include|\w+\()|\bENVIRON\b|\bPROCINFO\b|\/inet/.test(bare)) return true;
  if (/(?<!\|)\|(?!\|)/.test(bare)) return true;
  return /\bprintf?\b[^;}\n]*>/.test(bare);
}
