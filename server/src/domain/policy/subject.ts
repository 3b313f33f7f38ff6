import type { ActionType, JsonObject, ProposedAction } from "@pullcord/sdk/protocol";
import type { Reading } from "../reading.js";
import { commandLines, isOnlyCommands, type CommandLine } from "./command-line.js";

/** What rules are held against. */
export interface Subject {
  readonly proposed: ProposedAction;
  readonly agent: string;
  /** The run's and the action's own, where they differ both: what an agent names takes no rule away. */
  readonly environments: readonly string[];
  readonly reading: Reading;
  /** The risk that holds, the agent's claim included. */
  readonly score: number;
  /** When it is decided. */
  readonly now: number;
  /** The proposed type and whatever else the reading shows it to be. */
  readonly types: readonly ActionType[];
  /** Its commands, ready for patterns. */
  readonly lines: readonly CommandLine[];
  /** Whether its shell text is nothing but those commands. */
  readonly isOnlyCommands: boolean;
  /** The run's folder; null when unknown. */
  readonly workspace: string | null;
  /** The agent's home folder; null when unknown. */
  readonly home: string | null;
}

/** Whether one thing in an action fits. `unknown` stands for a part that cannot be read. */
export type Fit = "yes" | "no" | "unknown";

/**
 * Holds one condition against an action: an answer for each thing in it that the condition is about, none where it
 * lacks such a thing. The rule's effect decides whether any or all of them have to fit (`match.ts`).
 */
export type Test = (subject: Subject) => readonly Fit[];

/** Makes an action ready for the rules: what many of them look at is worked out once. */
export function subjectOf(parts: Omit<Subject, "types" | "lines" | "isOnlyCommands">): Subject {
  const { proposed, reading } = parts;
  return { ...parts, types: typesOf(proposed, reading), lines: commandLines(reading), isOnlyCommands: isOnlyCommands(proposed, reading) };
}

/** The types an action really is: what it says, and what its reading shows, so that a shell is no way around a rule. */
export function typesOf(proposed: ProposedAction, reading: Reading | null): readonly ActionType[] {
  const types = new Set<ActionType>([proposed.type]);
  if (!reading) return [...types];
  if (reading.commands.length > 0) types.add("command_execute");
  if (reading.reads.length > 0) types.add("file_read");
  if (reading.writes.length > 0) types.add("file_write");
  if (reading.deletes.length > 0) types.add("file_delete");
  if (reading.hosts.length > 0) types.add("network_request");
  for (const { kind } of reading.statements) types.add(readingVerbs.has(statementVerb(kind)) ? "database_read" : "database_modify");
  return [...types];
}

const readingVerbs: ReadonlySet<string> = new Set(["select", "explain", "show", "fetch", "declare"]);
/** Where PostgreSQL's name of a statement does not begin with its verb. */
const otherVerbs: Readonly<Record<string, string>> = {
  view: "create",
  index: "create",
  rename: "alter",
  variable: "set",
  variableshow: "show",
};

/** The verb of a statement by PostgreSQL's name for it: `DropStmt` is `drop`, `AlterTableStmt` is `alter`. */
export function statementVerb(kind: string): string {
  const name = kind.replace(/Stmt$/, "");
  const [first = name] = /^[A-Z]?[a-z]+/.exec(name) ?? [];
  const verb = first.toLowerCase();
  return otherVerbs[name.toLowerCase()] ?? otherVerbs[verb] ?? verb.replace(/db$/, "");
}

/** The objects a condition on arguments looks into. */
export function argumentsOf({ proposed }: Subject): readonly JsonObject[] {
  return proposed.tool ? [proposed.arguments, proposed.tool.input] : [proposed.arguments];
}
