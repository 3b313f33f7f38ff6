import { wordsNameGate } from "../gate-address.js";
import { classifyHost, sendsTo } from "../network.js";
import { placeOf } from "../path.js";
import type { Call } from "../shell/call.js";
import { noteCarriedFiles } from "./carried-files.js";
import { noteOptions, sortWords } from "./flags.js";
import type { Usage } from "./usage.js";

export function readNetcat(call: Call): void {
  const { reader, text, words, program } = call;
  if (program === "socat") {
    if (/\b(?:EXEC|SYSTEM|SHELL)\b/i.test(text)) return reader.findings.note("remote_shell", text);
    return connectEnds(call);
  }
  const given = sortWords(words, {
    flags:
      "-z -v -n -u -l -k -4 -6 -w= -p= -s= -i= -q= -e= -c= -x= -X= -N -C -d -t -h -r -U -b -D -o=write --exec= --sh-exec= --listen --ssl --lua-exec= --recv-only --send-only --wait= --udp --verbose --keep-open",
  });
  const names = given.flags.map(({ flag }) => flag.name);
  const host = given.others[0] ?? null;
  if (names.some((name) => /^(?:-e|-c|--exec|--sh-exec|--lua-exec)$/.test(name))) return reader.findings.note("remote_shell", text);
  if (names.includes("-l") || names.includes("--listen")) return reader.findings.note("opens_port", text);
  for (const word of given.unknown)
    reader.findings.confused(`The option ${word.source} of ${program} is not known.`, text, "unknown_option");
  if (host === null) return reader.findings.note("harmless", text);
  const here = host.text !== null && classifyHost(host.text) === "this_machine";
  if (names.includes("-z")) return reader.findings.note(here ? "local_request" : "reads_unknown_host", text);
  sendsTo({ host: host.text, port: given.others[1]?.text ?? null }, reader, text);
}

/** `socat`: a file at one end and a connection at the other sends it. */
function connectEnds({ reader, state, words, text }: Call): void {
  for (const word of words) {
    const file = /^(?:FILE|OPEN|GOPEN|CREATE):([^,]+)/i.exec(word.text ?? "")?.[1];
    if (file) reader.touch("read", { ...word, text: file }, state);
  }
  const leaves = words.some((word) =>
    /^(?:TCP|UDP|OPENSSL|SSL|SCTP|SOCKS|PROXY)[\w-]*:(?!localhost|127\.|\[?::1)/i.test(word.text ?? word.prefix),
  );
  if (leaves && !/-LISTEN/i.test(text)) reader.findings.sendsOut = true;
  reader.findings.note("opens_port", text);
}

/** `sftp`, `ftp`, `lftp`: a connection, and lines that say which files go. */
export function transferFiles(call: Call, usage: Usage): void {
  const given = noteOptions(call, usage);
  const { reader, state, text } = call;
  if (
    wordsNameGate(
      given.others.map((word) => word.text),
      reader.surroundings,
    )
  )
    reader.findings.gate("Connects to Pullcord's own API.", text);
  reader.findings.note("other_machine", text);
  reader.findings.note("sends_data", text);
  reader.findings.sendsOut = true;
  const lines = given.flags.filter(({ flag }) => /^-[ec]$/.test(flag.name)).map(({ value }) => value?.text ?? "");
  if (state.input.kind === "text") lines.push(state.input.text ?? "");
  for (const line of lines.flatMap((part) => part.split(/[;\n]/))) {
    const [verb = "", ...paths] = line.trim().split(/\s+/);
    if (!/^(?:m?put|send|reput|mirror|append|-put)$/i.test(verb)) continue;
    for (const path of paths)
      if (!path.startsWith("-")) reader.touchTree("read", { ...(call.words[0] ?? unnamed), text: path, prefix: path }, state);
    noteRemotePath(paths.at(-1) ?? "", call);
  }
}

const unnamed: Call["words"][number] = { text: "", source: "", pattern: false, prefix: "", outside: false, secret: false };

/** The name that a download gets when none is given: the last part of its address. */
export function downloadedName(url: string | null): string {
  return /^(?:\w+:\/\/)?[^/?#]+\/(?:[^?#]*\/)?([\w.-]+)(?:[?#]|$)/.exec(url ?? "")?.[1] ?? "index.html";
}

/** A path on another machine, from the home folder there: a key file there gives access there. */
export function noteRemotePath(path: string, { reader, text }: Call): void {
  const full = path.startsWith("/") ? path : `${reader.surroundings.home}/${path.replace(/^~\//, "")}`;
  if (path !== "" && placeOf(full.replace(/\/\.\//g, "/"), reader.surroundings).access) reader.findings.note("grants_access", text);
}

export function copyRemote(call: Call, usage: Usage): void {
  const given = noteOptions(call, usage);
  const { reader, state, text } = call;
  reader.findings.note("other_machine", text);
  const target = given.others.at(-1);
  for (const word of given.others) {
    const host = /^(?:[^/@]+@)?([\w.-]+):/.exec(word.text ?? word.prefix)?.[1];
    if (host) {
      reader.findings.hosts.add(host);
      if (word === target) reader.findings.sendsOut = true;
      if (word === target) noteRemotePath((word.text ?? "").replace(/^[^:]*:/, ""), call);
    } else if (word === target) reader.touch("write", word, state);
    else reader.touchTree("read", word, state);
  }
}

/** A lookup can carry data out in the name it asks for. */
export function lookUp(call: Call, usage: Usage): void {
  const given = noteOptions(call, usage);
  for (const word of given.others) {
    if (word.secret) call.reader.findings.sendsOut = true;
    else if (word.text === null) {
      call.reader.findings.note("reads_network", call.text, 20);
      call.reader.findings.asksComputed ||= !word.outside;
    }
  }
  call.reader.findings.note("reads_network", call.text);
}

/** A mail to this machine's own mail catcher reaches nobody. */
export function tryMail(call: Call): void {
  const { flags } = sortWords(call.words, { flags: "--server= -s= --attach=read --body= *", words: false });
  const server = flags.findLast(({ flag }) => /^(?:--server|-s)$/.test(flag.name))?.value?.text ?? "";
  const host = server.replace(/:\d+$/, "");
  if (host !== "" && classifyHost(host) === "this_machine") return call.reader.findings.note("local_request", call.text);
  sendMail(call);
}

export function sendMail(call: Call): void {
  const { reader, text, state } = call;
  reader.findings.note("sends_message", text);
  reader.findings.sendsOut = true;
  const { flags } = sortWords(call.words, { flags: "-a=read -A=read -s= -c= -b= -r= -q=read -i -t -f= -S= *" });
  for (const { flag, value } of flags) if (flag.role === "read" && value) reader.touch("read", value, state);
  noteCarriedFiles(call);
}
