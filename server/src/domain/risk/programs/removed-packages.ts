import type { Call } from "../shell/call.js";
import { isRecorder } from "./recorders.js";

const managers =
  /^(?:npm|pnpm|yarn|bun|volta|pipx?|uv|brew|apt|apt-get|aptitude|dnf|yum|zypper|pacman|yay|paru|apk|snap|flatpak|port|nix-env|xbps-remove|emerge|rpm|dpkg|pkg|opkg|scoop|choco|winget|mise|asdf)$/;
const removal =
  /^(?:un\w*|rm|r|remove|purge|autoremove|delete|del|erase|disable|-R\w*|-e|-r|-P|--(?:remove|purge|erase|uninstall|unmerge)|-C|rme)$/;

/** Without these nothing starts any more. */
const essential =
  /^(?:libc6|glibc|musl|bash|dash|coreutils|util-linux|base-files|filesystem|dpkg|rpm|pacman|apk-tools|systemd|init|login|linux-image[\w.-]*|kernel)$/;

/** A package that goes takes its program with it: Pullcord itself, or what keeps the machine's record. */
export function noteRemovedPackage({ program, words, reader, text }: Call): void {
  if (!managers.test(program) || !words.some((word) => removal.test(word.text ?? ""))) return;
  const names = words.map((word) => (word.text ?? "").replace(/(?<=.)[@=:].*$/, ""));
  if (names.some((name) => /^(?:@pullcord\/.*|pullcord)$/.test(name))) reader.findings.gate("Removes Pullcord's own program.", text);
  if (/^(?:apt|apt-get|aptitude|dnf|yum|zypper|pacman|rpm|dpkg|apk|emerge)$/.test(program) && names.some((name) => essential.test(name)))
    reader.findings.note("wipes", text);
  if (names.some(isRecorder)) reader.findings.note("tampers_audit", text);
}
