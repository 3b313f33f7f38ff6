import type { ProposedAction } from "@pullcord/sdk";

/** One line for a list that says what an action is. Agent's text: escape it. */
export function actionSentence({ type, arguments: given, tool }: ProposedAction): string {
  const { command, argv, path, sql, url } = given;
  const words = Array.isArray(argv) ? argv.map(String).map(quoted).join(" ") : undefined;
  const subject = [command, words, path, sql, url].find((value) => typeof value === "string");
  return subject === undefined ? `${tool?.name ?? type} ${JSON.stringify(given)}` : `${verbs[type] ?? type}${subject}`;
}

const verbs: Readonly<Partial<Record<ProposedAction["type"], string>>> = {
  command_execute: "",
  file_read: "read ",
  file_write: "write ",
  file_delete: "delete ",
  database_read: "",
  database_modify: "",
  network_request: "fetch ",
};

/** A word as a shell would need it, so that its borders are seen. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
