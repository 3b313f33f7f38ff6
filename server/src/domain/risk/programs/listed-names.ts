import type { Call } from "../shell/call.js";
import { literal, type ShellWord } from "../shell/word.js";
import { noteForbidden } from "./hidden-commands.js";

/** Tests of find that keep only some of what lies there. */
const narrowing = /^-(?:i?name|i?path|i?regex|newer\S*|[acm](?:time|min)|size|user|group|perm|empty|links|inum)$/;

/** `find ~ -maxdepth 1 | xargs rm -rf`, `ls / | xargs -I{} rm -rf /{}`: whatever the names are, together they are all there is. */
export function noteListed(call: Call, words: readonly ShellWord[], place: string | null): void {
  const { reader } = call;
  const folders = reader.findings.commands.flatMap(({ program, words: own }) => listedFolders(program, own));
  for (const folder of new Set(folders)) {
    const all = everythingIn(folder);
    const filled =
      place === null
        ? [...words, all]
        : words.map((word) => (word.text?.includes(place) ? everythingIn(word.text.slice(0, word.text.indexOf(place)) || folder) : word));
    noteForbidden(call, (state) => reader.runWords(filled, state));
  }
}

function listedFolders(program: string | null, words: readonly (string | null)[]): string[] {
  // `-name '*'` keeps everything.
  if (words.some((word, index) => word === null || (narrowing.test(word) && words[index + 1] !== "*"))) return [];
  const plain = words.filter((word): word is string => word !== null && !word.startsWith("-"));
  if (program === "ls") return plain.map((word) => word.replace(/\/\*$/, "") || "/");
  if (program === "fd" || program === "fdfind") return plain.slice(1);
  if (program !== "find") return [];
  const end = words.findIndex((word) => word?.startsWith("-"));
  return words.slice(0, end < 0 ? undefined : end).filter((word): word is string => word !== null);
}

function everythingIn(folder: string): ShellWord {
  return { ...literal(`${folder.replace(/\/$/, "")}/*`), pattern: true };
}
