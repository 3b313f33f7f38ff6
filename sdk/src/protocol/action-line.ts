import type { ActionType, ProposedAction } from "./action.js";

/** Longest line, in characters. What is approved is never shown through this. */
const longestLine = 160;

/** What comes before the subject; other types say their name. */
const verbs: Partial<Record<ActionType, string>> = {
  file_read: "read ",
  file_write: "write ",
  file_delete: "delete ",
  command_execute: "",
  network_request: "request ",
  database_read: "",
  database_modify: "",
};

/** One line that says what an action is, for lists, boards and the record. The agent's own text: show it escaped. */
export function actionLine({ type, arguments: given, tool }: ProposedAction): string {
  const { command, argv, path, sql, url } = given;
  const words = Array.isArray(argv) ? argv.map(String).map(quotedWord).join(" ") : undefined;
  const subject = [command, words, path, sql, url].find((value) => typeof value === "string");
  const spoken = type.replaceAll("_", " ");
  const line = subject === undefined ? `${tool?.name ?? spoken} ${JSON.stringify(given)}` : `${verbs[type] ?? `${spoken}: `}${subject}`;
  const flat = line.replaceAll(/\s+/g, " ").trim();
  return flat.length > longestLine ? `${flat.slice(0, longestLine)}…` : flat;
}

/** A word as a shell would need it, so that its borders are seen. */
export function quotedWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
