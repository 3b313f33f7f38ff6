import type { Call } from "../shell/call.js";
import { isGatePort } from "../gate-address.js";
import { sortWords } from "./flags.js";
import { endsAll, endsRecorder, isRecorder } from "./recorders.js";
import type { Programs } from "./usage.js";

/** Ends, steers and restarts what runs. */
export const processes: Programs = {
  kill: { read: readKill },
  fuser: { read: readFuser },
  killall5: { flags: "*", does: "stops_all" },
  "killall pkill skill xkill snice": { read: killByName },
  "kill-port fkill": { read: killByPort },
  renice: { flags: "*", does: "stops_process" },
  loginctl: { read: readSessions },
  systemctl: { read: readService },
  "service rc-service invoke-rc.d initctl sv launchctl": { read: readOldService },
  "reboot shutdown poweroff halt init telinit kexec": { flags: "*", does: "stops_all" },
};

/** Signals to what this shell started itself are fine; any other process asks, the gate's and all of them are denied. */
function readKill(call: Call): void {
  const { words, reader, text } = call;
  const { findings, surroundings } = reader;
  if (words.some((word) => /^-[lL]$/.test(word.text ?? ""))) return findings.note("harmless", text);
  const named = words.findIndex((word) => /^(?:-s|-n|--signal)$/.test(word.text ?? ""));
  const targets = words.filter(
    (word, index) =>
      index !== named &&
      (named < 0 || index !== named + 1) &&
      !(index === 0 && /^-(?:[A-Z]+\d*|\d+)$/.test(word.text ?? "")) &&
      word.text !== "--",
  );
  const signal = words.map((word) => word.text ?? "").join(" ");
  for (const word of targets) {
    const target = word.text;
    if (target !== null && surroundings.gate.pids.includes(Math.abs(Number(target))))
      return findings.gate(`Sends a signal to Pullcord's server, process ${target}.`, text);
    if (target === "-1" || (target === "1" && !/^-0\b/.test(signal))) findings.note("stops_all", text);
    else if (/^-0\b|-s 0\b/.test(signal)) findings.note("harmless", text);
    else if (target !== null && target.startsWith("%")) findings.note("harmless", text);
    else if (target === null && /^"?\$!"?$|^"?\$\{!\}"?$/.test(word.source)) findings.note("harmless", text);
    else if (/pullcord/.test(word.source) || (target === null && (mentionsGate(call) || looksForGatePort(call))))
      findings.gate("Ends Pullcord's own process.", text);
    else findings.note(target === null && endsAll(call) ? "stops_all" : "stops_process", text);
  }
  if (targets.some((word) => word.text === null) && endsRecorder(call)) findings.note("tampers_audit", text);
  if (targets.length === 0) findings.note(/^-1\b/.test(signal) ? "stops_all" : "harmless", text);
}

/** Who uses a file or a port; `-k` ends them. */
function readFuser({ words, reader, text }: Call): void {
  const ends = words.some((word) => /^-\w*k|^--kill/.test(word.text ?? ""));
  if (!ends) return reader.findings.note("harmless", text);
  if (words.some((word) => gatePorts(reader).some((port) => new RegExp(`(?:^|:)${port}(?:/|$)`).test(word.text ?? ""))))
    return reader.findings.gate("Ends Pullcord's own process.", text);
  reader.findings.note("stops_process", text);
}

function gatePorts({ surroundings }: Call["reader"]): string[] {
  return surroundings.gate.hosts.map((host) => host.slice(host.lastIndexOf(":") + 1));
}

/** A session that ends takes all its processes along. */
function readSessions({ words, reader, text }: Call): void {
  const verb = words.find((word) => !(word.text ?? "").startsWith("-"))?.text ?? "";
  if (/^(?:|list-\S+|\S+-status|show-\S+|status)$/.test(verb)) return reader.findings.note("harmless", text);
  reader.findings.note(/^(?:terminate|kill)-(?:user|session|seat)$/.test(verb) ? "stops_all" : "changes_system", text);
}

/** A target that is only known while it runs may be Pullcord's own when something before it looked for that. */
function mentionsGate({ reader }: Call): boolean {
  const ports = gatePorts(reader).map((port) => `:${port}`);
  return reader.findings.commands.some(({ words }) =>
    words.some((word) => word !== null && (/pullcord/.test(word) || ports.some((port) => word.endsWith(port)))),
  );
}

/** Something that lists who has a port open was asked about Pullcord's. */
function looksForGatePort({ reader }: Call): boolean {
  return reader.findings.commands.some(
    ({ program, words }) =>
      /^(?:lsof|ss|netstat|fuser|awk|gawk|grep|egrep|rg|sed)$/.test(program ?? "") && namesGatePort(words, reader.surroundings),
  );
}

function namesGatePort(words: readonly (string | null)[], surroundings: Call["reader"]["surroundings"]): boolean {
  return words.some((word) => word !== null && word.split(/[^\d-]+/).some((piece) => isGatePort(piece, surroundings)));
}

/** Ends whatever has a port open. */
function killByPort({ words, reader, text }: Call): void {
  const texts = words.map((word) => word.text);
  if (namesGatePort(texts, reader.surroundings)) return reader.findings.gate("Ends Pullcord's own process.", text);
  reader.findings.note("stops_process", text);
}

function killByName(call: Call): void {
  const { words, reader, text } = call;
  const { others } = sortWords(words, { flags: "-s= -u= -g= -P= -t= -U= -G= -signal= --signal= *" });
  if (words.some((word) => /pullcord/.test(word.text ?? word.source))) return reader.findings.gate("Ends Pullcord's own process.", text);
  if (words.some((word) => /^(?:-l|--list|-V)$/.test(word.text ?? "")) && others.length === 0)
    return reader.findings.note("harmless", text);
  if (others.some((word) => isRecorder(word.text ?? ""))) reader.findings.note("tampers_audit", text);
  // The children of this very shell.
  if (/-P\s+"?\$\$/.test(text)) return reader.findings.note("harmless", text);
  reader.findings.note(
    others.some((word) => /^(?:systemd|init|launchd|dbus-daemon|Xorg|gnome-shell)$/.test(word.text ?? "")) ||
      others.some((word) => /^(?:\.|\.\*|\^?\.\+?|)$/.test(word.text ?? "x")) ||
      (others.length === 0 && /\s(?:-\w*[uU]\w*|--user|--euid|--uid)\b/.test(text))
      ? "stops_all"
      : "stops_process",
    text,
  );
}

const serviceReads =
  /^(?:status|show|list-units|list-unit-files|list-timers|list-sockets|list-jobs|list-dependencies|is-active|is-enabled|is-failed|is-system-running|cat|help|get-default|show-environment|list-machines)$/;

function readService(call: Call): void {
  const { words, reader, text } = call;
  const { others } = sortWords(words, {
    flags: "-H=!other_machine --host=!other_machine -M= -t= -p= -n= -o= --type= --state= --property= --lines= --output= *",
  });
  const [verb, ...units] = others;
  if (serviceReads.test(verb?.text ?? "list-units")) return reader.findings.note("harmless", text);
  noteUnits(
    call,
    units.map((word) => word.text),
    mentionsGate(call),
  );
  if (/^(?:reboot|poweroff|halt|kexec|suspend|hibernate|isolate|rescue|emergency)$/.test(verb?.text ?? ""))
    return reader.findings.note("stops_all", text);
  reader.findings.note("changes_system", text);
}

function noteUnits(call: Call, units: readonly (string | null)[], listedGate: boolean): void {
  const { findings } = call.reader;
  for (const unit of units) {
    if (unit === null ? listedGate : unit.startsWith("pullcord") || /^p?\*$/.test(unit))
      findings.gate("Changes Pullcord's own service.", call.text);
    else if (unit !== null && isRecorder(unit)) findings.note("tampers_audit", call.text);
  }
}

function readOldService(call: Call): void {
  const { words, reader, text } = call;
  const texts = words.map((word) => word.text);
  if (texts.some((word) => /^(?:status|--status-all|list|print)$/.test(word ?? "")) && texts.length <= 2)
    return reader.findings.note("harmless", text);
  noteUnits(call, texts, false);
  reader.findings.note("changes_system", text);
}
