import type { Call } from "../shell/call.js";
import { literal, type ShellWord } from "../shell/word.js";
import { sortWords } from "./flags.js";
import { noteIncoming } from "./overwriting.js";
import { readByTable } from "./read-call.js";
import type { Programs, Usage } from "./usage.js";

/** Programs that pack and unpack. */
export const archives: Programs = {
  "tar gtar bsdtar": {
    flags:
      "-c -x -t -r -u -A -d -z -j -J -v -k -p -P!writes_outside -h -m -O -w -a -l -S -W -n -f= -C=text -T=read -X=read -b= -K= -N= -g= -s= --create --extract --get --list --append --update --diff --delete --gzip --bzip2 --xz --zstd --lzma --auto-compress --verbose --file= --directory=text --exclude= --exclude-from=read --exclude-vcs --exclude-vcs-ignores --strip-components= --strip= --keep-old-files --overwrite --no-same-owner --no-same-permissions --same-owner --numeric-owner --owner= --group= --mode= --transform= --wildcards --no-wildcards --dereference --files-from=read --null --to-stdout --totals --sort= --mtime= --format= --one-file-system --absolute-names!writes_outside --no-recursion --skip-old-files --preserve-permissions --anchored --newer= --level= --listed-incremental=write --to-command=!runs_hidden --checkpoint-action=!runs_hidden --checkpoint? -I=!runs_hidden --use-compress-program=!runs_hidden --rsh-command=!runs_hidden --rmt-command=!runs_hidden -F=!runs_hidden --info-script=!runs_hidden --new-volume-script=!runs_hidden --remove-files!deletes_many",
    read: readTar,
  },
  zip: {
    flags:
      "-r -q -9 -1 -0 -6 -j -u -f -v -x= -i= -e -P= -y -X -d -s= -m!deletes_many -T -TT=!runs_hidden --unzip-command=!runs_hidden -@ --exclude= --encrypt --split-size= -FS --recurse-paths",
    takes: "write readall...",
  },
  unzip: { flags: "-l:shows -v:shows -t:shows -Z:shows -p -q -o -n -j -u -a -d= -x= -O= -P= -C -qq -K!grants_access", read: readUnzip },
  "zipinfo zipnote zipgrep unrar-l lsar lz4cat": { flags: "*", takes: "read..." },
  "gzip bzip2 xz zstd lz4 lzma gunzip bunzip2 unxz unzstd unlzma brotli pigz pbzip2 lzip plzip compress uncompress lzop lrzip": {
    flags:
      "-c -d -k -f -v -q -r -t -l -n -N -S= -1 -2 -3 -4 -5 -6 -7 -8 -9 -19 -e -T= -0 -z -o=write --stdout --to-stdout --decompress --keep --force --verbose --quiet --test --list --fast --best --threads= --extreme --ultra --rm --suffix= -p= --memory= -D=read --train",
    takes: "write...",
    read: compress,
  },
  "7z 7za 7zr 7zz": {
    verbs: {
      l: { flags: "*", takes: "read..." },
      "a u": { flags: "-t= -m? -x? -p? *", words: true, takes: "write read..." },
      "x e": { flags: "-o? -y -t? -p? -aoa -aos -so", words: true, read: unpackHere },
      "t i h b": { flags: "*", takes: "read..." },
    },
  },
  unrar: {
    verbs: {
      "l v t lb": { flags: "*", takes: "read..." },
      "x e": { flags: "-o+ -o- -y -p?", read: unpackHere },
    },
  },
  "ar cpio-t": { verbs: { "t p tv": { takes: "read..." }, "r rc rcs rs q x": { takes: "write read..." } } },
  "dtrx ouch unar aunpack acat als apack arepack atool patool xar rar arj lha lhasa zoo pax p7zip innoextract cabextract gcab unshield asar unrpm":
    {
      flags: "-o=write -O=write -d=write -D=write --output=write --directory=write --outdir=write -C=folder -to-command=!runs_hidden *",
      read: packOrUnpack,
    },
  jar: { read: packOrUnpack },
  "dpkg-deb": {
    flags: "-c:shows -I:shows -f:shows -W:shows --contents:shows --info:shows --field:shows --show:shows *",
    read: packOrUnpack,
  },
  cpio: {
    flags: "-i -t -v -d -u -m -o -0 -H= --extract --list --verbose --create --format= -F=read --file=read",
    read: readCpio,
  },
};

function unpackHere(call: Call, usage: Usage): void {
  const { read: _own, ...table } = usage;
  readByTable(call, { ...table, takes: "read text...", does: "writes_workspace" });
  const into = call.words.find((word) => /^-o./.test(word.text ?? ""));
  noteIncoming(call, into && !/^-o[+-]$/.test(into.text ?? "") ? { ...into, text: into.text?.slice(2) ?? null } : null);
}

/** Whatever these name may be written, and what they unpack comes under names nobody sees here. */
function packOrUnpack(call: Call, usage: Usage): void {
  const { read: _own, flags = "*", ...table } = usage;
  readByTable(call, { ...table, flags, takes: "write...", does: "writes_workspace" });
  noteIncoming(call, null);
}

function readCpio(call: Call, usage: Usage): void {
  const { read: _own, ...table } = usage;
  readByTable(call, { ...table, does: "writes_workspace" });
  if (call.words.some((word) => /^-\w*[ip]|^--(?:extract|pass-through)/.test(word.text ?? "-i"))) noteIncoming(call, null);
}

/** tar takes its first word as options even without a dash, and `f` names the archive. */
function readTar(call: Call, usage: Usage): void {
  const { reader, state, text } = call;
  const [first, ...rest] = call.words;
  const words = first?.text && /^[a-zA-Z]+$/.test(first.text) ? bundled(first.text, rest) : call.words;
  const given = sortWords(words, usage);
  for (const word of given.unknown) reader.findings.confused(`The option ${word.source} of tar is not known.`, text, "unknown_option");
  const names = new Set(given.flags.map(({ flag }) => flag.name));
  const value = (...of: string[]): ShellWord | undefined => given.flags.findLast(({ flag }) => of.includes(flag.name))?.value ?? undefined;
  for (const { flag, value: word, source } of given.flags) {
    if (flag.does) reader.findings.note(flag.does, source);
    if (flag.role === "read" && word) reader.touch("read", word, state);
  }
  if (names.has("--remove-files")) for (const word of given.others) reader.touchTree("delete", word, state);
  const archive = value("-f", "--file");
  if (archive && /^[\w.@-]+:/.test(archive.text ?? archive.prefix)) reader.findings.note("other_machine", text);
  const lists = names.has("-t") || names.has("--list") || names.has("-d") || names.has("--diff");
  const extracts = names.has("-x") || names.has("--extract") || names.has("--get");
  if (archive && archive.text !== "-") reader.touch(lists || extracts ? "read" : "write", archive, state);
  if (lists) return;
  if (extracts) {
    const into = value("-C", "--directory");
    if (!names.has("-O") && !names.has("--to-stdout")) unpackInto(call, into);
    for (const member of given.others) if (into?.text && member.text) reader.touch("write", literal(`${into.text}/${member.text}`), state);
    return;
  }
  const inner = state.copy();
  const folder = value("-C", "--directory");
  if (folder) inner.folder = folder.text === null ? null : reader.surroundings.resolve(folder.text, state.folder ?? "/").path;
  for (const word of given.others) reader.touchTree("read", word, inner);
}

/** `tar cvf name files`: letters that take values take the following words, in order. */
function bundled(letters: string, rest: readonly ShellWord[]): ShellWord[] {
  const words: ShellWord[] = [];
  const values = [...rest];
  for (const letter of letters) {
    words.push(literal(`-${letter}`));
    if (/[fCTXbKNgsIF]/.test(letter)) {
      const next = values.shift();
      if (next) words.push(next);
    }
  }
  return [...words, ...values];
}

function readUnzip(call: Call, usage: Usage): void {
  const { reader, state, text } = call;
  const given = sortWords(call.words, usage);
  for (const word of given.unknown) reader.findings.confused(`The option ${word.source} of unzip is not known.`, text, "unknown_option");
  if (given.others[0]) reader.touch("read", given.others[0], state);
  if (given.flags.some(({ flag }) => flag.mark === "shows" || flag.name === "-p")) return;
  for (const { flag } of given.flags) if (flag.does) reader.findings.note(flag.does, text);
  unpackInto(call, given.flags.find(({ flag }) => flag.name === "-d")?.value ?? undefined);
}

function unpackInto(call: Call, folder: ShellWord | undefined): void {
  const { reader, state } = call;
  const into = folder ?? literal(".");
  reader.touch("write", into, state);
  noteIncoming(call, into);
  // What came from elsewhere may bring any name along; in the workspace git shows what it changed.
  if (state.input.kind === "pipe" && state.input.fetched) {
    reader.findings.unpacked = true;
    reader.findings.note("writes_workspace", call.text, 40);
  }
}

/** With `-c` the file stays as it is and goes to the output. */
function compress(call: Call, usage: Usage): void {
  const { read: _own, ...table } = usage;
  const toOutput = call.words.some((word) =>
    /^(?:-[a-z\d]*c[a-z\d]*|--(?:to-)?stdout|-[a-z]*[lt][a-z]*|--list|--test)$/.test(word.text ?? ""),
  );
  readByTable(call, { ...table, takes: toOutput ? "read..." : "write..." });
}
