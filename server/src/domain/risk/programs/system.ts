import type { Call } from "../shell/call.js";
import { isGatePort } from "../gate-address.js";
import { sortWords } from "./flags.js";
import type { Programs } from "./usage.js";

/** Processes, services, accounts, disks, later runs. */
export const system: Programs = {
  kill: { read: readKill },
  fuser: { read: readFuser },
  killall5: { flags: "*", does: "stops_all" },
  "killall pkill skill xkill snice": { read: killByName },
  "kill-port fkill": { read: killByPort },
  renice: { flags: "*", does: "stops_process" },
  systemctl: { read: readService },
  "service rc-service invoke-rc.d initctl sv launchctl": { read: readOldService },
  "reboot shutdown poweroff halt init telinit": { flags: "*", does: "stops_all" },
  "crontab at batch": { read: readLater },
  "atrm systemd-run anacron fcrontab": { flags: "-l:shows", does: "later" },
  atq: { flags: "*", does: "harmless" },
  "tmux screen zellij dtach abduco byobu": {
    flags: "*",
    bare: "later",
    verbs: {
      "ls list-sessions -ls list list-windows list-panes capture-pane info show-options display-message": { flags: "*", does: "harmless" },
    },
    otherVerbs: { flags: "*", does: "later" },
  },
  usermod: {
    read: ({ reader, text }) =>
      reader.findings.note(
        /\b(?:sudo|wheel|root|adm|shadow|disk)\b(?!\s+usermod)/.test(text.replace(/^\s*sudo\s/, "")) ? "grants_access" : "changes_system",
        text,
      ),
  },
  "groupadd groupdel groupmod userdel deluser newgrp sg": { flags: "*", does: "changes_system" },
  "useradd adduser addgroup passwd chpasswd gpasswd chsh chfn visudo vipw vigr newusers chage": { flags: "*", does: "grants_access" },
  "mkfs mkfs.ext4 mkfs.ext3 mkfs.ext2 mkfs.xfs mkfs.btrfs mkfs.vfat mkfs.ntfs mke2fs mkswap fdisk sfdisk cfdisk parted gdisk sgdisk wipefs blkdiscard hdparm lvremove vgremove pvremove mdadm cryptsetup zpool badblocks":
    { flags: "-l:shows --list:shows", does: "writes_device" },
  "mount umount losetup swapon swapoff fstrim resize2fs tune2fs e2fsck fsck lvcreate lvextend fusermount udisksctl eject": {
    flags: "-l:shows --show:shows -s:shows",
    bare: "harmless",
    does: "changes_system",
    takes: "text...",
  },
  "iptables ip6tables nft ufw firewall-cmd iptables-restore ebtables tc": { read: readFirewall },
  sysctl: {
    read: ({ reader, text, words }) =>
      reader.findings.note(words.every((word) => /^-[an]$|^[a-z][\w.]*$/.test(word.text ?? "=")) ? "harmless" : "changes_system", text),
  },
  "modprobe insmod rmmod depmod kexec update-grub grub-install efibootmgr setenforce aa-enforce aa-disable aa-teardown apparmor_parser update-alternatives update-rc.d ldconfig locale-gen dpkg-reconfigure hwclock timedatectl-set setxkbmap loadkeys systemd-tmpfiles sysusers nvram":
    { flags: "--list:shows -p:shows --get-selections:shows --display=:shows", does: "changes_system" },
  "auditctl augenrules auditd rsyslogd logrotate": { flags: "-l:shows -s:shows", does: "tampers_audit" },
  "ausearch aureport aulast": { flags: "*", does: "harmless" },
  "claude codex gemini opencode aider cursor-agent copilot qwen cline goose amp crush droid": { read: startAgent },
  "xdg-open open gio sensible-browser firefox google-chrome chromium": { flags: "*", does: "runs_outside" },
  "xclip xsel wl-copy wl-paste pbcopy pbpaste": { flags: "*", does: "reads_private" },
  "import scrot grim flameshot xdotool ydotool wmctrl xinput": { flags: "*", does: "other_effect" },
  "dbus-send gdbus busctl qdbus": { flags: "*", does: "other_effect" },
  "gsettings dconf defaults xrandr xset": {
    flags: "*",
    verbs: { "get list-schemas list-keys list-recursively read list range": { flags: "*", does: "harmless" } },
    otherVerbs: { flags: "*", does: "changes_system" },
  },
  "pm2 supervisorctl forever foreman overmind honcho": {
    flags: "*",
    verbs: {
      "list ls status logs show describe monit tail info check jlist": { flags: "*", does: "harmless" },
      start: { flags: "*", does: "later" },
    },
    otherVerbs: { flags: "*", does: "stops_process" },
  },
  direnv: {
    flags: "*",
    verbs: { "status version show_dump": { flags: "*", does: "harmless" } },
    otherVerbs: { flags: "*", does: "writes_guarded" },
  },
  printenv: {
    read: ({ reader, text, words, state }) =>
      reader.findings.note(
        words.length > 0 &&
          words.every((word) => /^[A-Z_]+$/.test(word.text ?? "") && !/SECRET|TOKEN|PASS|KEY|AUTH|CRED/.test(word.text ?? "TOKEN"))
          ? "harmless"
          : state.narrowed
            ? "reads_workspace"
            : "reads_secret",
        text,
      ),
  },
  "ulimit prlimit": { flags: "*", does: "harmless" },
  openssl: {
    verbs: {
      "version ciphers dgst sha256 md5 rand prime list speed errstr help x509 verify asn1parse req-text": {
        flags:
          "-out=write -in=read -engine=!runs_hidden -noout -text -subject -dates -issuer -enddate -fingerprint -hex -base64 -sha256 -sha1 -sha512 -md5 -CAfile=read -inform= -serial -pubkey -startdate -checkend= -a -v -r -hmac=!sends_credential -verify=read -signature=read -binary",
        words: true,
        takes: "read...",
      },
      "enc base64": {
        flags: "-out=write -in=read -d -e -a -A -base64 -K= -iv= -k= -pass= -salt -pbkdf2 -aes-256-cbc -p -md= -iter=",
        words: true,
        takes: "text...",
      },
      s_client: {
        flags: "-connect=host -servername= -showcerts -quiet -brief -starttls= -tls1_2 -tls1_3 -verify= -CAfile=read -alpn= -status",
        words: true,
        does: "reads_network",
      },
      "genrsa genpkey req pkcs12 rsa ec pkey ecparam": {
        flags:
          "-out=write -in=read -engine=!runs_hidden -config=read -newkey= -nodes -x509 -days= -subj= -keyout=write -key=read -new -sha256 -algorithm= -pkeyopt= -name= -genkey -noout -pubout -check -text -export -inkey=read -certfile=read -passin= -passout= -legacy -addext= -batch",
        words: true,
        takes: "text...",
      },
    },
  },
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
    else findings.note("stops_process", text);
  }
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

/** Text for later that speaks to the gate. */
function readLater(call: Call): void {
  const { words, reader, text, state } = call;
  if (words.some((word) => /^-l$/.test(word.text ?? ""))) return reader.findings.note("harmless", text);
  const later = `${words.map((word) => word.text ?? "").join(" ")} ${state.input.kind === "text" ? (state.input.text ?? "") : ""}`;
  if (/\bpullcord\b/.test(later)) return reader.findings.gate("Runs Pullcord's own command later.", text);
  reader.findings.note("later", text);
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
    ({ program, words }) => /^(?:lsof|ss|netstat|fuser)$/.test(program ?? "") && namesGatePort(words, reader.surroundings),
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
  // The children of this very shell.
  if (/-P\s+"?\$\$/.test(text)) return reader.findings.note("harmless", text);
  reader.findings.note(
    others.some((word) => /^(?:\.|\.\*|\^?\.\+?|)$/.test(word.text ?? "x")) || (others.length === 0 && /-u/.test(text))
      ? "stops_all"
      : "stops_process",
    text,
  );
}

const serviceReads =
  /^(?:status|show|list-units|list-unit-files|list-timers|list-sockets|list-jobs|list-dependencies|is-active|is-enabled|is-failed|is-system-running|cat|help|get-default|show-environment|list-machines)$/;
const recorders = /^(?:rsyslog|syslog|auditd|systemd-journald|journald)(?:\.\w+)?$/;

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
    else if (unit !== null && recorders.test(unit)) findings.note("tampers_audit", call.text);
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

function readFirewall(call: Call): void {
  const { words, reader, text } = call;
  const gatePorts = reader.surroundings.gate.hosts.map((host) => host.slice(host.lastIndexOf(":") + 1));
  if (words.some((word) => gatePorts.includes(word.text ?? ""))) return reader.findings.gate("Closes the way to Pullcord's own API.", text);
  reader.findings.note(
    words.some((word) => /^(?:-L|-S|--list|--list-rules|status|list|--list-all|--state|show|-nL|-vL|-nvL)$/.test(word.text ?? "")) &&
      !words.some((word) => /^-[ADIFXPZ]$/.test(word.text ?? ""))
      ? "harmless"
      : "changes_system",
    text,
  );
}

function startAgent(call: Call): void {
  const { words, reader, text } = call;
  const verb = words[0]?.text ?? "";
  const shows =
    /^(?:--version|-v|--help|-h|doctor|update-not)$/.test(verb) ||
    (/^(?:mcp|config)$/.test(verb) && /^(?:list|get)$/.test(words[1]?.text ?? ""));
  reader.findings.note(shows ? "harmless" : "starts_agent", text);
}
