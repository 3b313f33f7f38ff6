import { placeOf } from "../path.js";
import type { Call } from "../shell/call.js";
import type { ShellWord } from "../shell/word.js";

/** Files of secrets among the words are read, whatever the words mean to the program. */
export function noteSecretFiles(call: Call): boolean {
  const before = call.reader.findings.holdsSecret;
  call.reader.findings.holdsSecret = false;
  for (const word of call.words) noteSecretFile(call, word);
  const found = call.reader.findings.holdsSecret;
  call.reader.findings.holdsSecret ||= before;
  return found;
}

/**
 * Words of a program that sends: files of secrets among them go along, however they are named (`--body-file .env`,
 * `-F key=@.env`, `-a .env`).
 */
export function noteCarriedFiles(call: Call): void {
  if (noteSecretFiles(call)) call.reader.findings.sendsOut = true;
}

function noteSecretFile({ reader, state }: Call, word: ShellWord): void {
  if (word.text === null) return;
  const path = word.text.replace(/^-{1,2}[\w-]+=/, "").replace(/^[^@/]*@(?=[.~/\w])|^fileb?:\/\//, "");
  if (path === "" || path.startsWith("-") || !/^[\w./~+-]+$/.test(path)) return;
  const full = path.replace(/^~(?=\/|$)/, reader.surroundings.home);
  if (state.folder === null && !full.startsWith("/")) return;
  if (!placeOf(reader.surroundings.resolve(full, state.folder ?? "/").path, reader.surroundings).secret) return;
  reader.touch("read", { ...word, text: full }, state);
}
