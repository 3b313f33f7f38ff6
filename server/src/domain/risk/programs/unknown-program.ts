import { placeOf } from "../path.js";
import type { Call } from "../shell/call.js";
import { noteForbiddenCalls } from "./code-calls.js";
import { noteForbiddenTail } from "./hidden-commands.js";
import { noteProductionWipe } from "./production.js";

/** Words by which a program says that it overwrites what it is given. */
const overwrites =
  /(?:^|[-_.\s])(?:format|erase|wipe|sanitize|write\S*|create|make|zero|destroy|init|restore|clone|flash|burn|image|scrub|overwrite|copy|restore|program)(?:$|[-_.=\s])/i;
/** Words by which a program says that it sends what it is given. */
const sends = /(?:^|[-_.\s])(?:send|upload|push|put|share|publish|paste|post|transfer|deploy|backup|sync|beam)(?:$|[-_.=\s])/i;

/** A program that nobody has entered asks in any case; what its words plainly say must never run is denied. */
export function noteUnknownProgram(call: Call): void {
  const { reader, state, words, text } = call;
  noteForbiddenTail(call);
  noteForbiddenCalls(call, text);
  noteProductionWipe(call);
  for (const word of words) {
    const path = (word.text ?? "").replace(/^(?:--?[\w-]+=|@)/, "");
    if (!/[./]/.test(path) || (state.folder === null && !path.startsWith("/"))) continue;
    const place = placeOf(reader.surroundings.resolve(path, state.folder ?? "/").path, reader.surroundings);
    // What it does there nobody knows: closed.
    if (place.gate === "inside") reader.findings.gate(`Hands ${path}, which belongs to Pullcord, to a program that is not known.`, text);
    else if (place.area === "device" && overwrites.test(text)) reader.touch("write", { ...word, text: path }, state);
    else if (place.secret) {
      reader.touch("read", { ...word, text: path }, state);
      reader.findings.sendsOut ||= sends.test(text);
    }
  }
}
