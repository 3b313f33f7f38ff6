import { noteRequest } from "../network.js";
import type { Call } from "../shell/call.js";
import { placeOf } from "../path.js";
import { sortWords } from "./flags.js";
import { noteForbiddenTail, noteForbiddenText } from "./hidden-commands.js";
import { readByTable } from "./read-call.js";
import type { Programs, Usage } from "./usage.js";

/** Accounts, disks, later runs, other agents. */
export const system: Programs = {
  "crontab at batch": { read: readLater },
  "systemd-run start-stop-daemon daemon": { read: runApart },
  "atrm anacron fcrontab": { flags: "-l:shows", does: "later" },
  atq: { flags: "*", does: "harmless" },
  "tmux screen zellij dtach abduco byobu": {
    flags: "*",
    bare: "later",
    verbs: {
      "ls list-sessions -ls list list-windows list-panes capture-pane info show-options display-message": { flags: "*", does: "harmless" },
    },
    otherVerbs: { flags: "*", does: "later" },
    read: runApart,
  },
  usermod: {
    read: ({ reader, text }) =>
      reader.findings.note(
        /\b(?:sudo|wheel|root|adm|shadow|disk)\b(?!\s+usermod)/.test(text.replace(/^\s*sudo\s/, "")) ? "grants_access" : "changes_system",
        text,
      ),
  },
  "groupadd groupdel groupmod userdel deluser newgrp sg": { flags: "*", does: "changes_system" },
  "useradd adduser addgroup passwd chpasswd gpasswd chsh chfn vipw vigr newusers chage": { flags: "*", does: "grants_access" },
  visudo: { flags: "-c:shows --check:shows -V:shows *", does: "grants_access" },
  "mkfs mkfs.ext4 mkfs.ext3 mkfs.ext2 mkfs.xfs mkfs.btrfs mkfs.vfat mkfs.ntfs mke2fs mkswap fdisk sfdisk cfdisk parted gdisk sgdisk wipefs blkdiscard hdparm lvremove vgremove pvremove mdadm cryptsetup zpool badblocks pvcreate vgcreate scrub nwipe make-bcache flashrom mkdosfs mkntfs mkexfatfs newfs xfs_copy partclone.* mkfs.*":
    {
      flags: "-l:shows --list:shows *",
      read: (call, usage) => (looksAtDisk.test(call.text) ? call.reader.findings.note("harmless", call.text) : formatDisk(call, usage)),
    },
  "ddrescue dd_rescue": { flags: "-f -n -r= -v -d -s= -i= -o= *", takes: "read write write" },
  "qemu-img": {
    flags: "*",
    verbs: {
      "info check map compare measure": { flags: "*", takes: "read...", does: "harmless" },
      "convert dd": { flags: "-f= -O= -o= -p -c -q *", takes: "read... write" },
    },
    otherVerbs: { flags: "*", takes: "text write", does: "writes_workspace" },
  },
  nvme: {
    flags: "*",
    verbs: { "list list-subsys id-ctrl id-ns smart-log error-log version": { flags: "*", does: "harmless" } },
    otherVerbs: { flags: "*", does: "writes_device" },
  },
  "mount umount": {
    flags: "-l:shows --show:shows -t= -o= --types= --options= -O= *",
    bare: "harmless",
    does: "changes_system",
    read: mountPlaces,
  },
  "swapoff fstrim resize2fs tune2fs e2fsck fsck lvcreate lvextend fusermount udisksctl eject": {
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
  "modprobe insmod rmmod depmod update-grub grub-install efibootmgr setenforce aa-enforce aa-disable aa-teardown apparmor_parser update-rc.d locale-gen dpkg-reconfigure hwclock timedatectl-set setxkbmap loadkeys systemd-tmpfiles sysusers nvram":
    { flags: "--list:shows -p:shows --get-selections:shows --display=:shows", does: "changes_system" },
  "auditctl augenrules auditd rsyslogd": { flags: "-l:shows -s:shows", does: "tampers_audit" },
  logrotate: {
    flags: "-d:dry --debug:dry -s=write --state=write -l=write --log=write -m=!runs_hidden --mail=!runs_hidden -f -v --force --verbose",
    takes: "text...",
    does: "changes_system",
  },
  "xdg-user-dir": {
    read: ({ reader, words, text }) =>
      reader.findings.note(words.every((word) => /^[A-Z]*$/.test(word.text ?? "$")) ? "harmless" : "runs_hidden", text),
  },
  "ausearch aureport aulast": { flags: "*", does: "harmless" },
  "claude codex gemini opencode aider cursor-agent copilot qwen cline goose amp crush droid": { read: startAgent },
  "xdg-open open gio sensible-browser firefox google-chrome chromium": { flags: "*", does: "runs_outside" },
  "xclip xsel wl-copy wl-paste pbcopy pbpaste": { flags: "*", does: "reads_private" },
  "import scrot grim flameshot wmctrl xinput": { flags: "*", does: "other_effect" },
  "xdotool ydotool wtype": {
    // Keys typed into another window may well be a command there.
    read: (call) => {
      call.reader.findings.note("other_effect", call.text);
      noteForbiddenTail(call, { anyText: true });
    },
  },
  logger: {
    flags: "-n= --server= -f=read --file=read -p= -t= -i -s -P= -T -d -u= --port= --tag= --priority= --udp --tcp *",
    takes: "data...",
    does: "other_effect",
    read: (call, { read: _own, ...table }) => {
      readByTable(call, table);
      if (call.words.some((word) => /^(?:-n|--server)/.test(word.text ?? ""))) call.reader.findings.sendsOut = true;
    },
  },
  "dbus-send gdbus qdbus": { flags: "*", does: "other_effect" },
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
  ulimit: { flags: "*", does: "harmless" },
  openssl: {
    verbs: {
      "version ciphers dgst sha256 md5 rand prime list speed errstr help verify asn1parse req-text": {
        flags:
          "-out=write -in=read -engine=!runs_hidden -noout -text -subject -dates -issuer -enddate -fingerprint -hex -base64 -sha256 -sha1 -sha512 -md5 -CAfile=read -inform= -serial -pubkey -startdate -checkend= -a -v -r -hmac=!sends_credential -verify=read -signature=read -binary",
        words: true,
        takes: "read...",
      },
      // Shows the certificate alone, whatever else the file holds.
      x509: {
        flags:
          "-in=list -out=write -noout -text -subject -dates -issuer -enddate -startdate -fingerprint -serial -pubkey -hash -modulus -purpose -ext= -inform= -outform= -checkend= -checkhost= -nameopt= -certopt= -sha256 -sha1 -email -ocsp_uri",
        words: true,
      },
      "enc base64": {
        flags: "-out=write -in=read -d -e -a -A -base64 -K= -iv= -k= -pass= -salt -pbkdf2 -aes-256-cbc -p -md= -iter=",
        words: true,
        takes: "text...",
      },
      s_client: {
        flags: "-connect=host -servername= -showcerts -quiet -brief -starttls= -tls1_2 -tls1_3 -verify= -CAfile=read -alpn= -status",
        words: true,
        read: askCertificate,
      },
      "genrsa genpkey req pkcs12 rsa ec pkey ecparam": {
        flags:
          "-out=write -in=read -engine=!runs_hidden -config=script -newkey= -nodes -x509 -days= -subj= -keyout=write -key=read -new -sha256 -algorithm= -pkeyopt= -name= -genkey -noout -pubout -check -text -export -inkey=read -certfile=read -passin= -passout= -legacy -addext= -batch",
        words: true,
        takes: "text...",
      },
    },
  },
};

/** Text for later that speaks to the gate. */
function readLater(call: Call): void {
  const { words, reader, text, state } = call;
  if (words.some((word) => /^-l$/.test(word.text ?? ""))) return reader.findings.note("harmless", text);
  const later = `${words.map((word) => word.text ?? "").join(" ")} ${state.input.kind === "text" ? (state.input.text ?? "") : ""}`;
  if (/\bpullcord\b/.test(later)) return reader.findings.gate("Runs Pullcord's own command later.", text);
  // A line of a crontab begins with five times or a name for them.
  if (state.input.kind === "pipe")
    for (const { program, words: own } of reader.findings.commands)
      if (/^(?:echo|printf)$/.test(program ?? "")) noteLine(call, own.filter((word) => word !== null).join(" "));
  if (state.input.kind === "text") for (const line of (state.input.text ?? "").split("\n")) noteLine(call, line);
  reader.findings.note("later", text);
}

/** What is mounted over a place hides what was there. */
function mountPlaces(call: Call, usage: Usage): void {
  const { read: _own, ...table } = usage;
  readByTable(call, { ...table, takes: "text..." });
  for (const word of sortWords(call.words, table).others) {
    if (word.text === null || call.state.folder === null) continue;
    const { path } = call.reader.surroundings.resolve(word.text, call.state.folder);
    if (placeOf(path, call.reader.surroundings).audit) call.reader.findings.note("tampers_audit", call.text);
    if (placeOf(path, call.reader.surroundings).gate === "inside") call.reader.findings.gate(`Mounts over ${word.text}.`, call.text);
  }
}

function noteLine(call: Call, line: string): void {
  noteForbiddenText(call, line.replace(/^\s*(?:@\w+|(?:[-*,/\w]+\s+){5})/, ""));
}

/** Verbs of disk programs that only show, with nothing else on the line that could run. */
const looksAtDisk =
  /^(?:zpool (?:list|status|iostat|history|get|version|events)|cryptsetup (?:status|isLuks|luksDump|luksUUID|benchmark)|mdadm (?:--detail|-D|--examine|-E|--query|-Q)|hdparm -[Iig]|sgdisk (?:-p|--print))(?: [\w/][\w./:=,-]*)*$/;

/** An image in a file is a file like any other; anything else is taken for a disk. */
function formatDisk(call: Call, usage: Usage): void {
  const { reader, state, text } = call;
  const given = sortWords(call.words, { flags: usage.flags ?? "" });
  if (given.flags.some(({ flag }) => flag.mark === "shows")) return reader.findings.note("harmless", text);
  const files = given.others.filter((word) => word.text?.includes("/") === true);
  const image = (word: (typeof files)[number]): boolean =>
    state.folder !== null &&
    /^(?:workspace|scratch)$/.test(placeOf(reader.surroundings.resolve(word.text ?? "", state.folder).path, reader.surroundings).area);
  if (!/^mk(?:fs|2fs|e2fs|swap|dosfs|ntfs|exfatfs)/.test(call.program) || files.length === 0 || !files.every(image))
    return reader.findings.note("writes_device", text);
  for (const file of files) reader.touch("write", file, state);
}

/** What these start runs outside of what is watched; what must never run stays that. */
function runApart(call: Call, usage: Usage): void {
  const { read: _own, ...table } = usage;
  if (usage.verbs) readByTable(call, table);
  else call.reader.findings.note("later", call.text);
  noteForbiddenTail(call, { anyText: true });
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
  if (
    words.some((word) => /^(?:config|settings)$/.test(word.text ?? "")) &&
    words.some((word) => /^(?:hooks(?:\..*)?|disableAllHooks)$/.test(word.text ?? ""))
  )
    return reader.findings.gate("Changes the hooks that lead to Pullcord.", text);
  const verb = words[0]?.text ?? "";
  const shows =
    /^(?:--version|-v|--help|-h|doctor|update-not)$/.test(verb) ||
    (/^(?:mcp|config)$/.test(verb) && /^(?:list|get)$/.test(words[1]?.text ?? ""));
  reader.findings.note(shows ? "harmless" : "starts_agent", text);
}

/** With nothing to send, a connection only shows the certificate of the host. */
function askCertificate(call: Call, { read: _own, flags = "", ...table }: Usage): void {
  const { reader, state, words } = call;
  const host = words[words.findIndex((word) => word.text === "-connect") + 1]?.text ?? null;
  const isMute = host !== null && host !== "-connect" && state.input.kind === "text" && state.input.text === "";
  readByTable(call, { ...table, flags: isMute ? flags.replace("-connect=host", "-connect=data") : flags, does: "reads_network" });
  if (isMute) noteRequest({ url: `https://${host}`, method: "GET", evidence: call.text }, reader.findings, reader.surroundings);
}
