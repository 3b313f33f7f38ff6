import { type Action, type Json, type JsonObject, quotedWord } from "@pullcord/sdk";
import { escapeLines } from "../screen/escape.js";

/** A named part of what will run, complete and letter for letter but for what is invisible. */
export interface Part {
  readonly label: string;
  readonly lines: readonly string[];
}

/** Everything that decides what runs: nothing cut, nothing left out (V9.2.2). */
export function whatWillRun({ proposed, approvedArguments }: Pick<Action, "proposed" | "approvedArguments">): Part[] {
  const shown = approvedArguments ?? proposed.arguments;
  const { tool, workingDirectory, environment } = proposed;
  return [
    ...heroParts(shown),
    ...(approvedArguments === undefined ? [] : [{ label: "in place of", lines: jsonLines(proposed.arguments) }]),
    ...(workingDirectory === undefined ? [] : [{ label: "in", lines: escapeLines(workingDirectory) }]),
    ...(environment === undefined ? [] : [{ label: "environment", lines: escapeLines(environment) }]),
    ...(tool === undefined ? [] : [{ label: "as called", lines: [...escapeLines(tool.name), ...jsonLines(tool.input)] }]),
  ];
}

type Edit = { readonly before?: unknown; readonly after?: unknown };

/** The best-known argument as itself, all others as JSON. */
function heroParts(given: JsonObject): Part[] {
  const { command, argv, sql, path, url, content, edits, ...unknown } = given;
  const others: Record<string, Json> = { ...unknown };
  const parts: Part[] = [];
  for (const [label, value] of Object.entries({ command, sql, url, path })) {
    if (typeof value === "string") parts.push({ label, lines: escapeLines(value) });
    else if (value !== undefined) others[label] = value;
  }
  if (isWords(argv)) parts.push({ label: "command", lines: escapeLines(argv.map(quotedWord).join(" ")) });
  else if (argv !== undefined) others["argv"] = argv;
  if (typeof content === "string") parts.push({ label: "content", lines: escapeLines(content) });
  else if (content !== undefined) others["content"] = content;
  if (Array.isArray(edits)) parts.push({ label: "changes", lines: edits.flatMap((edit) => diffLines(edit as Edit)) });
  else if (edits !== undefined) others["edits"] = edits;
  if (Object.keys(others).length > 0) parts.push({ label: "with", lines: jsonLines(others) });
  return parts;
}

function isWords(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((word) => typeof word === "string");
}

function diffLines({ before, after }: Edit): string[] {
  const side = (sign: string, text: unknown) =>
    (typeof text === "string" ? escapeLines(text) : jsonLines(text)).map((line) => `${sign} ${line}`);
  return [...side("-", before), ...side("+", after)];
}

function jsonLines(value: unknown): string[] {
  return escapeLines(JSON.stringify(value ?? null, null, 2));
}
