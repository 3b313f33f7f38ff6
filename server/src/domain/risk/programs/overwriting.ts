import type { Surroundings } from "../../reading.js";
import type { Call } from "../shell/call.js";
import type { ShellWord } from "../shell/word.js";

/** Where agents' hook settings stand in a folder. */
const settingsFolder = ".claude";

/**
 * Files that come in under names nobody sees here (an archive, a patch, a copied tree) may replace the hook settings
 * of the folder that they land in: asks where there are any. `from` is the folder whose content comes in, when known.
 */
export function noteIncoming(call: Call, into: ShellWord | null, from?: ShellWord): void {
  const { reader, state, text } = call;
  const { surroundings } = reader;
  const folder = into === null ? state.folder : resolved(into, state.folder, surroundings);
  if (folder === null) return;
  if (folder.endsWith(`/${settingsFolder}`)) return reader.findings.gate("May replace Pullcord's hook settings.", text);
  if (!holdsSettings(folder, surroundings)) return;
  const source = from ? resolved(from, state.folder, surroundings) : null;
  if (source !== null && !holdsSettings(source, surroundings)) return;
  reader.findings.note("writes_guarded", text);
}

/** The same for a patch: one that stands in the text itself is looked through. */
export function notePatch(call: Call, patch: string | null): void {
  if (patch === null) return noteIncoming(call, null);
  if (/\.claude\/settings|\.pullcord\//.test(patch)) call.reader.findings.gate("Changes Pullcord's hook settings.", call.text);
}

function holdsSettings(folder: string, surroundings: Surroundings): boolean {
  return surroundings.resolve(`${folder}/${settingsFolder}`, "/").kind === "directory";
}

function resolved({ text }: ShellWord, folder: string | null, surroundings: Surroundings): string | null {
  if (text === null || (folder === null && !text.startsWith("/"))) return null;
  return surroundings.resolve(text === "" ? "." : text, folder ?? "/").path;
}
