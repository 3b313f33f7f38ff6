import { type Place, placeOf } from "../path.js";
import type { Call } from "../shell/call.js";
import type { ShellWord } from "../shell/word.js";
import { type Given, sortWords } from "./flags.js";
import { noteIncoming, notePatch } from "./overwriting.js";
import { readByTable } from "./read-call.js";
import { noteRemotePath } from "./outgoing.js";
import type { Programs, Usage } from "./usage.js";

/** Programs that make, copy, move, change and delete files. */
export const fileChangers: Programs = {
  "rm srm": {
    flags:
      "-f -v -i -I -d -r -R --recursive --force --dir --verbose --interactive? --preserve-root? --no-preserve-root!wipes --one-file-system",
    read: removeFiles,
  },
  "rimraf del-cli trash trash-put gio-trash": {
    flags: "-g --glob -v -f -r -i --verbose --preserve-root --impl= --filter=",
    takes: "deleteall...",
  },
  unlink: { takes: "delete" },
  rmdir: { flags: "-p -v --parents --verbose --ignore-fail-on-non-empty", takes: "list...", does: "deletes_recreatable" },
  shred: {
    flags: "-f -n= -s= -u -v -x -z --force --iterations= --size= --remove? --verbose --exact --zero --random-source=read",
    takes: "delete...",
    does: "deletes_unsaved",
  },
  wipe: { flags: "*", takes: "deleteall...", does: "deletes_unsaved" },
  touch: { flags: "-a -c -m -h -d= -t= -r=list --date= --time= --no-create --reference=list --no-dereference", takes: "append..." },
  mkdir: { flags: "-p -m= -v --parents --mode= --verbose", takes: "append..." },
  mktemp: { flags: "-d -p= -u -q -t --tmpdir? --directory --dry-run --suffix= --quiet", does: "writes_scratch" },
  mkfifo: { flags: "-m=", takes: "write..." },
  cp: {
    flags:
      "-a -b -d -f -i -H -l -L -n -p -P -r -R -s -u -v -x -T -t=write -S= --archive --force --interactive --recursive --update? --verbose --no-clobber --preserve? --parents --target-directory=write --no-target-directory --backup? --reflink? --link --symbolic-link --dereference --sparse= --attributes-only --no-preserve= --suffix= --no-dereference --one-file-system --strip-trailing-slashes --remove-destination",
    read: copyFiles,
  },
  mv: {
    flags:
      "-b -f -i -n -u -v -T -t=write -S= --force --interactive --no-clobber --update? --verbose --target-directory=write --no-target-directory --backup? --suffix= --strip-trailing-slashes",
    read: moveFiles,
  },
  ln: {
    flags: "-s -f -n -r -v -T -t=write -b -i -L -P -S= --symbolic --force --no-dereference --relative --verbose --backup? --interactive",
    read: linkFiles,
  },
  install: {
    flags:
      "-m= -o= -g= -d -D -v -p -s -t=write -T -c -b -C --mode= --owner= --group= --directory --target-directory=write --verbose --strip-program=!runs_hidden --preserve-timestamps",
    read: copyFiles,
  },
  "dd dcfldd dc3dd": { read: copyBlocks },
  truncate: { flags: "-s= -c -o -r=list --size= --no-create --reference=list", read: emptyFiles },
  fallocate: { flags: "-l= -o= -d -z -p -c -n -v -x --length=", takes: "write" },
  patch: {
    flags:
      "-p= -i=read -d=folder -R -N -s -f -b -E -l -u -t -F= -o=write -r=write --dry-run:dry --input=read --strip= --reverse --forward --batch --force --silent --quiet --verbose --no-backup-if-mismatch --backup --directory=folder -NUM --fuzz= --merge? --binary --posix --reject-file=write --output=write -z= --suffix=",
    read: applyPatch,
  },
  rsync: {
    read: synchronize,
    flags:
      "-a -v -z -r -l -p -t -g -o -D -u -n:dry -i -h -P -c -x -H -A -X -S -q -m -R -d -I -W -C -L -E -O -y --archive --verbose --compress --recursive --update --dry-run:dry --progress --partial --delete --delete-after --delete-before --delete-during --delete-excluded --exclude= --include= --exclude-from=read --include-from=read --files-from=read --stats --human-readable --itemize-changes --checksum --size-only --ignore-existing --existing --info= --bwlimit= --max-size= --min-size= --links --copy-links --perms --times --no-perms --no-owner --no-group --chmod= --chown= --filter= -f= --relative --mkpath --list-only --timeout= --port= --inplace --append --sparse --hard-links --numeric-ids --no-times --omit-dir-times --safe-links --prune-empty-dirs --quiet --remove-source-files --backup --backup-dir=write --suffix= --log-file=write --temp-dir=write --compare-dest=list --link-dest=list -e=!runs_hidden --rsh=!runs_hidden --rsync-path=!runs_hidden --password-file=read",
  },
  "rename.ul mmv": { flags: "-n:dry -v", takes: "text text write..." },
  "basenc-w": { takes: "write..." },
};

export function confuse(call: Call, given: Given): void {
  for (const word of given.unknown)
    call.reader.findings.confused(`The option ${word.source} of ${call.program} is not known.`, call.text, "unknown_option");
  for (const { flag, source } of given.flags) if (flag.does) call.reader.findings.note(flag.does, source);
}

export function has(given: Given, ...names: readonly string[]): boolean {
  return given.flags.some(({ flag }) => names.includes(flag.name));
}

function removeFiles(call: Call, usage: Usage): void {
  const given = sortWords(call.words, usage);
  confuse(call, given);
  const recursive = has(given, "-r", "-R", "--recursive");
  for (const word of given.others) {
    if (recursive) call.reader.touchTree("delete", word, call.state);
    else call.reader.touch("delete", word, call.state);
  }
}

/** Sources are read, the last word or `-t` is written to. */
function copyFiles(call: Call, usage: Usage): void {
  const given = sortWords(call.words, usage);
  confuse(call, given);
  const { reader, state } = call;
  const into = given.flags.find(({ flag }) => /^(?:-t|--target-directory)$/.test(flag.name))?.value;
  const sources = into || call.words.some((word) => word.text === "-d") ? given.others : given.others.slice(0, -1);
  const target = into ?? given.others.at(-1);
  for (const source of sources) reader.touchTree(has(given, "-d") && call.program === "install" ? "write" : "read", source, state);
  if (target) noteTarget(call, target, sources);
  if (target && has(given, "-r", "-R", "-a", "--recursive", "--archive"))
    for (const source of sources)
      if (/(?:^|\/)\.?$|^\.\.$/.test(source.text ?? "") || source.pattern || has(given, "-T", "--no-target-directory"))
        noteIncoming(call, target, source.pattern ? undefined : source);
  if (call.program === "install" && /-m\s*=?[0-7]*[4-7][0-7]{3}\b|-m\s*\S*s/.test(call.text))
    reader.findings.note("grants_access", call.text);
}

/** A copy into a folder lands under its own name there: both may be what is written. */
function noteTarget(call: Call, target: ShellWord, sources: readonly ShellWord[]): void {
  const { reader, state } = call;
  reader.touch("write", target, state);
  if (target.text === null) return;
  const { surroundings } = reader;
  const seen = target.text.startsWith("/") || state.folder !== null ? surroundings.resolve(target.text, state.folder ?? "/") : null;
  if (!target.text.endsWith("/") && seen?.kind !== "directory" && target.text !== ".") return;
  for (const source of sources) {
    const name = source.text?.replace(/\/$/, "").split("/").at(-1);
    if (name && !source.pattern) reader.touchTree("write", { ...target, text: `${target.text.replace(/\/$/, "")}/${name}` }, state);
  }
}

/** Moving takes the source away; inside the workspace it is there under its new name. */
function moveFiles(call: Call, usage: Usage): void {
  const given = sortWords(call.words, usage);
  confuse(call, given);
  const { reader, state, text } = call;
  const into = given.flags.find(({ flag }) => /^(?:-t|--target-directory)$/.test(flag.name))?.value;
  const sources = into ? given.others : given.others.slice(0, -1);
  const target = into ?? given.others.at(-1);
  const thrownAway = target?.text !== null && target?.text !== undefined && lead(call, target).area === "null_device";
  for (const source of sources) {
    reader.touch(thrownAway ? "delete" : "move", source, state);
    if (lead(call, source).vital) reader.findings.note("wipes", text);
  }
  if (target) noteTarget(call, target, sources);
}

/** Where a word leads. */
export function lead({ reader, state }: Call, word: ShellWord): Place {
  const { surroundings } = reader;
  const known = word.text !== null && (state.folder !== null || word.text.startsWith("/"));
  return placeOf(known ? surroundings.resolve(word.text, state.folder ?? "/").path : null, surroundings);
}

/** Emptying a file loses it, unless something makes it again. */
function emptyFiles(call: Call, usage: Usage): void {
  const given = sortWords(call.words, usage);
  confuse(call, given);
  const grows = given.flags.some(({ flag, value }) => /^(?:-s|--size)$/.test(flag.name) && value?.text?.startsWith("+") === true);
  for (const file of given.others) {
    call.reader.touch("write", file, call.state);
    const place = lead(call, file);
    if (!grows && !place.recreatable && place.area !== "scratch") call.reader.findings.note("deletes_unsaved", call.text);
  }
}

function linkFiles(call: Call, usage: Usage): void {
  const given = sortWords(call.words, usage);
  confuse(call, given);
  const { reader, state } = call;
  const targets = given.others.length > 1 ? given.others.slice(0, -1) : given.others;
  const name = given.others.at(-1);
  // A relative symbolic link starts from where it stands.
  const symbolic = has(given, "-s", "--symbolic") && !has(given, "-r", "--relative") && given.others.length > 1;
  const stands = symbolic && name?.text ? folderOfLink(call, name) : state.folder;
  // A link makes a second name for a file: writing through it later writes there.
  for (const target of targets) {
    const inner = state.copy();
    inner.folder = stands;
    reader.touch("read", target, inner);
    if (!insideWorkspace({ ...call, state: inner }, target)) reader.findings.note("writes_outside", call.text);
  }
  if (name) reader.touch("write", name, state);
  if (name && given.others.length > 1) for (const target of targets) rememberLink(call, { name, target, stands });
}

/** From here on the new name leads where the link does, whether symbolic or hard. */
function rememberLink(
  { reader, state }: Call,
  { name, target, stands }: { readonly name: ShellWord; readonly target: ShellWord; readonly stands: string | null },
): void {
  const { surroundings, links } = reader;
  if (name.text === null || target.text === null) return;
  const known = (text: string, folder: string | null): boolean => folder !== null || text.startsWith("/");
  if (!known(name.text, state.folder) || !known(target.text, stands)) return;
  const seen = surroundings.resolve(name.text, state.folder ?? "/");
  const inFolder = seen.kind === "directory" || name.text.endsWith("/");
  const base = target.text.replace(/\/$/, "").split("/").at(-1) ?? "";
  const link = inFolder && seen.path !== null ? `${seen.path === "/" ? "" : seen.path}/${base}` : seen.path;
  const leads = surroundings.resolve(target.text, stands ?? "/").path;
  if (link !== null && leads !== null && link !== leads) links.set(link, leads);
}

function folderOfLink({ reader, state }: Call, name: ShellWord): string | null {
  if (state.folder === null || name.text === null) return state.folder;
  const seen = reader.surroundings.resolve(name.text, state.folder);
  if (seen.path === null || seen.kind === "directory" || name.text.endsWith("/")) return seen.path;
  return seen.path.slice(0, seen.path.lastIndexOf("/")) || "/";
}

function insideWorkspace({ reader, state }: Call, word: ShellWord): boolean {
  const { surroundings } = reader;
  if (word.text === null || (state.folder === null && !word.text.startsWith("/"))) return false;
  return placeOf(surroundings.resolve(word.text, state.folder ?? "/").path, surroundings).area === "workspace";
}

function copyBlocks(call: Call): void {
  const { words, reader, state } = call;
  for (const word of words) {
    const [, key = "", value = ""] = /^([a-z]+)=([\s\S]*)$/.exec(word.text ?? "") ?? [];
    const file: ShellWord = { ...word, text: value, prefix: value };
    if (word.text === null) reader.findings.confused("What dd reads or writes is only known when it runs.", call.text);
    else if (key === "if") reader.touch("read", file, state);
    else if (key === "of") reader.touch("write", file, state);
    else if (!/^(?:bs|ibs|obs|cbs|count|skip|seek|conv|iflag|oflag|status|iseek|oseek)$/.test(key))
      reader.findings.confused(`The word ${word.source} of dd is not known.`, call.text, "unknown_option");
  }
}

function applyPatch(call: Call, usage: Usage): void {
  const { read: _own, ...table } = usage;
  readByTable(call, { ...table, takes: "write read", does: "writes_workspace" });
  const given = sortWords(call.words, table);
  const fromFile = given.others.length > 1 || has(given, "-i", "--input");
  if (!given.flags.some(({ flag }) => flag.mark === "dry"))
    notePatch(call, call.state.input.kind === "text" && !fromFile ? call.state.input.text : null);
}

const remote = /^(?:[^/]+@)?[\w.-]+::?|^rsync:\/\//;

function synchronize(call: Call, usage: Usage): void {
  const given = sortWords(call.words, usage);
  confuse(call, given);
  const { reader, state, text } = call;
  const dry = given.flags.some(({ flag }) => flag.mark === "dry");
  const places = given.others;
  const target = places.at(-1);
  for (const place of places) {
    if (!remote.test(place.text ?? place.prefix)) continue;
    reader.findings.note("other_machine", text);
    reader.findings.hosts.add((place.text ?? "").replace(/^.*@/, "").replace(/:.*$/, ""));
  }
  for (const source of places.slice(0, -1)) if (!remote.test(source.text ?? source.prefix)) reader.touchTree("read", source, state);
  if (!target) return;
  if (remote.test(target.text ?? target.prefix)) {
    reader.findings.sendsOut = true;
    noteRemotePath((target.text ?? "").replace(/^(?:rsync:\/\/)?[^:/]*:{0,2}/, ""), call);
  }
  if (!remote.test(target.text ?? target.prefix) && !dry) {
    reader.touch("write", target, state);
    for (const source of places.slice(0, -1))
      if (/\/\.?$|^\.\.?$/.test(source.text ?? "/"))
        noteIncoming(call, target, remote.test(source.text ?? source.prefix) ? undefined : source);
    if (has(given, "--delete", "--delete-after", "--delete-before", "--delete-during", "--delete-excluded"))
      reader.touchTree("delete", target, state);
  }
  if (has(given, "--remove-source-files")) for (const source of places.slice(0, -1)) reader.touchTree("delete", source, state);
}
