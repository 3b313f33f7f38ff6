import type { PathChange, PathLeft } from "../../protocol/index.js";
import { unifiedDiff } from "../unified-diff.js";
import { keyText, shownValue, type Row } from "./session.js";
import type { CopiesStep, RowStep, SchemaStep, Step } from "./step.js";
import type { PerformedStep, StepConflict } from "./take-back.js";

/** Longest value shown, in characters. */
const longestValue = 500;

/** Where a step is, as people see it: `shop.db/orders/17`. */
export function pathOf(shown: string, step: Step): string {
  if (step.kind !== "schema") return `${shown}/${step.table}/${keyText(step.kind === "row" ? step.key : step.row)}`;
  const { type, name, table } = step.thing;
  return type === "column" ? `${shown}/${table}.${name}` : `${shown}/${name}`;
}

/** What a run did to rows and structure, each thing once, from before its first change to after its last. */
export function changesFrom(shown: string, steps: readonly { readonly step: Step; readonly actionId: string }[]): PathChange[] {
  const byPath = Map.groupBy(steps, ({ step }) => pathOf(shown, step));
  return [...byPath].flatMap(([path, own]) => {
    const folded = own.map(({ step }) => step).reduce(fold);
    const actionIds = [...new Set(own.map(({ actionId }) => actionId))];
    return isNothing(folded) ? [] : [{ ...described(path, folded), runs: [], actionIds }];
  });
}

/** What an undo does, in the order in which it does it. */
export function performedChanges(shown: string, performed: readonly PerformedStep[]): PathChange[] {
  const byPath = Map.groupBy(performed, ({ step }) => pathOf(shown, step));
  return [...byPath].map(([path, own]) => {
    const folded = own.map(({ step }) => step).reduce(fold);
    return { ...described(path, folded), runs: own.map(({ sql }) => sql), actionIds: [] };
  });
}

export function conflictsFrom(shown: string, conflicts: readonly StepConflict[]): PathLeft[] {
  return conflicts.map(({ step, sentence }) => ({ of: "database", path: pathOf(shown, step), sentence }));
}

/** Two steps of one thing, the older first, as one. */
function fold(older: Step, newer: Step): Step {
  if (older.kind === "copies" && newer.kind === "copies") return { ...older, came: older.came + newer.came };
  if (older.kind !== "row" || newer.kind !== "row") return newer;
  const before = older.before === null ? null : { ...newer.before, ...older.before };
  const after = newer.after === null ? null : { ...older.after, ...newer.after };
  return { ...older, before, after };
}

function isNothing(step: Step): boolean {
  if (step.kind === "schema") return false;
  if (step.kind === "copies") return step.came === 0;
  const { before, after } = step;
  if (before === null || after === null) return before === after;
  return Object.keys(after).every((column) => before[column] === after[column]);
}

function described(path: string, step: Step): Pick<PathChange, "of" | "path" | "kind" | "sentence" | "diff"> {
  const words = step.kind === "row" ? rowWords(step) : step.kind === "copies" ? copiesWords(step) : schemaWords(step);
  return { of: "database", path, ...words };
}

function rowWords({ table, before, after }: RowStep): Pick<PathChange, "kind" | "sentence" | "diff"> {
  const diff = unifiedDiff(lines(before), lines(after));
  if (before === null) return { kind: "added", sentence: `row of ${table}`, diff };
  if (after === null) return { kind: "removed", sentence: `row of ${table}`, diff };
  return { kind: "changed", sentence: `row of ${table}: ${Object.keys(after).join(", ")}`, diff };
}

function copiesWords({ table, row, came }: CopiesStep): Pick<PathChange, "kind" | "sentence" | "diff"> {
  const sentence = Math.abs(came) === 1 ? `row of ${table}` : `${Math.abs(came)} rows of ${table}, all alike`;
  return came > 0
    ? { kind: "added", sentence, diff: unifiedDiff("", lines(row)) }
    : { kind: "removed", sentence, diff: unifiedDiff(lines(row), "") };
}

function schemaWords({ thing: { type }, makes, run }: SchemaStep): Pick<PathChange, "kind" | "sentence" | "diff"> {
  return { kind: makes ? "added" : "removed", sentence: `${type}: ${run}`, diff: null };
}

function lines(row: Row | null): string {
  return Object.entries(row ?? {})
    .map(([column, value]) => `${column}: ${shortened(value)}\n`)
    .join("");
}

function shortened(literal: string): string {
  const text = shownValue(literal).replaceAll("\n", "\\n");
  return text.length > longestValue ? `${text.slice(0, longestValue)}… (${text.length} characters)` : text;
}
