import { placeOf } from "../path.js";
import type { Call } from "../shell/call.js";

/**
 * Words of a program that sends: files of secrets among them go along, however they are named (`--body-file .env`,
 * `-F key=@.env`, `-a .env`).
 */
export function noteCarriedFiles({ reader, state, words }: Call): void {
  for (const word of words) {
    if (word.text === null) continue;
    const path = word.text.replace(/^-{1,2}[\w-]+=/, "").replace(/^[^@/]*@(?=[.~/\w])/, "");
    if (path === "" || path.startsWith("-") || !/^[\w./~+-]+$/.test(path)) continue;
    const full = path.replace(/^~(?=\/|$)/, reader.surroundings.home);
    if (state.folder === null && !full.startsWith("/")) continue;
    if (!placeOf(reader.surroundings.resolve(full, state.folder ?? "/").path, reader.surroundings).secret) continue;
    reader.touch("read", { ...word, text: full }, state);
    reader.findings.sendsOut = true;
  }
}
