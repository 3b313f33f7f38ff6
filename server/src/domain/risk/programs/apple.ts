import type { Call } from "../shell/call.js";
import { builds, converts, keyed, looking, reads, shows } from "./shapes.js";
import type { Programs, Usage } from "./usage.js";

const changes: Usage = { flags: "*", does: "changes_system" };

/** Programs of macOS: what shows is free, what sets asks. */
export const apple: Programs = {
  ...keyed(["sw_vers vm_stat hostinfo ioreg system_profiler kextstat istats wacaw zprint mdls mdfind xcresulttool"], shows),
  ...keyed(["afinfo GetFileInfo opendiff qlmanage afplay wait4path"], reads),
  ...keyed(["afconvert textutil iconutil genstrings segedit plistsync"], { ...converts, words: true }),
  ...keyed(["tuist swiftgen xcodegen"], builds),
  airport: { flags: "-I -s", does: "harmless" },
  nettop: { flags: "-m= -n -d -l= -p= -t= -s= -P -L= -c", does: "harmless" },
  say: { flags: "-v= -r= -f=read -o=write -i -a= --progress --interactive? --file-format= --data-format=", takes: "text..." },
  networkQuality: { flags: "-c -s -v -d -u -p", does: "reads_network" },
  pmset: { flags: "-g:shows *", does: "changes_system" },
  scutil: {
    flags: "--get=:shows --dns:shows --proxy:shows --nwi:shows --renew=!changes_system --set=!changes_system -r=:shows",
    does: "changes_system",
  },
  networksetup: { flags: "*", words: true, read: readSettings },
  systemsetup: { flags: "*", words: true, read: readSettings },
  spctl: { flags: "--status:shows -a -v -t= --assess --verbose? --type= --context=", takes: "read..." },
  "csrutil fdesetup": { verbs: { "status list isactive": shows }, otherVerbs: changes },
  tmutil: {
    verbs: {
      "listbackups latestbackup destinationinfo status compare calculatedrift uniquesize isexcluded machinedirectory version listlocalsnapshots":
        shows,
    },
    otherVerbs: changes,
  },
  diskutil: {
    verbs: {
      "list info activity listFilesystems verifyVolume verifyDisk": shows,
      "apfs ap": { verbs: { "list listUsers listSnapshots": shows }, otherVerbs: changes },
    },
    otherVerbs: changes,
  },
  hdiutil: { verbs: { "info imageinfo verify checksum pmap plugins help": shows }, otherVerbs: changes },
  "PlistBuddy plistbuddy": { flags: "-c=text -x -h", read: readPropertyList },
  pkgutil: {
    flags:
      "--pkgs?:shows --packages:shows --files=:shows --pkg-info=:shows --file-info=:shows --check-signature=:shows --payload-files=:shows --groups:shows",
    does: "changes_system",
  },
  lipo: {
    flags: "-info:shows -archs:shows -detailed_info:shows -create -output=write -extract= -thin= -remove= -verify_arch:shows -arch=",
    words: true,
    takes: "read...",
  },
  codesign: {
    flags: "-d -v -vv -vvv -vvvv --verify --display --verbose? --entitlements=write --deep --strict -R= --xml -r= -dv -dvv -dvvv -dvvvv",
    takes: "read...",
  },
  xcrun: {
    flags:
      "--sdk= -sdk= --find=:shows -f=:shows --show-sdk-path:shows --show-sdk-version:shows --show-sdk-platform-path:shows --toolchain= -r -v -l -n",
    takes: "command",
  },
  simctl: { verbs: { "list help getenv listapps appinfo": shows }, otherVerbs: { flags: "*", does: "other_effect" } },
  "xcode-select": { flags: "-p:shows --print-path:shows -v:shows -h:shows", does: "changes_system" },
  xcodes: looking("installed runtimes"),
  xattr: { flags: "-l -p=text -v -x -s -r", takes: "read..." },
  "mdutil mdimport": { flags: "-s -t -d= -L -A -X", takes: "text..." },
  ditto: {
    flags: "-c -k -x -z -j -V -v --rsrc --norsrc --keepParent --sequesterRsrc --arch= --zlibCompressionLevel=",
    takes: "read... write",
  },
  dscl: { flags: "*", read: readDirectory },
  dscacheutil: { flags: "-q=:shows -a=:shows -cachedump:shows -configuration:shows -statistics:shows", does: "changes_system" },
  drutil: looking("discinfo trayinfo subchannel toc"),
  "heap leaks vmmap stringdups": { flags: "*", takes: "text..." },
  carthage: { verbs: { "build outdated validate version help archive": builds }, otherVerbs: { flags: "*", does: "installs_new" } },
  pod: looking("outdated env", { flags: "*", does: "installs_new" }),
};

/** `networksetup -getdnsservers Wi-Fi`: the first word says whether it gets or sets. */
function readSettings({ words, reader, text }: Call): void {
  reader.findings.note(
    /^-(?:get\w+|list\w+|show\w+|is\w+enabled|version|help|print\w+)$/.test(words[0]?.text ?? "") ? "harmless" : "changes_system",
    text,
  );
}

/** `PlistBuddy -c 'Print :key' file`; any other command changes the file. */
function readPropertyList(call: Call): void {
  const { words, reader, state } = call;
  const commands = words.filter((_, index) => words[index - 1]?.text === "-c");
  const file = words.at(-1);
  if (!file || commands.includes(file)) return reader.findings.confused("Which property list is meant is not known.", call.text);
  const prints = commands.length > 0 && commands.every((word) => /^print\b/i.test(word.text ?? ""));
  reader.touch(prints ? "read" : "write", file, state);
}

/** `dscl . -list /Users`: accounts are shown; all else changes them. Password hashes are data of people. */
function readDirectory({ words, reader, text }: Call): void {
  const texts = words.map((word) => word.text ?? "?");
  if (/ShadowHash|authentication_authority|password/i.test(text)) return reader.findings.note("reads_personal", text);
  reader.findings.note(
    texts.some((word) => /^-?(?:list|read|search|readall|ls)$/.test(word)) &&
      !texts.some((word) => /^-?(?:create|append|merge|delete|change|passwd|mv|rm)\w*$/.test(word))
      ? "harmless"
      : "changes_system",
    text,
  );
}
