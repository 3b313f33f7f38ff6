import { PullcordError, type JsonObject } from "../../../protocol/index.js";
import type { Row } from "../session.js";
import type { RowStep } from "../step.js";
import type { PerformedStep } from "../take-back.js";

/** What a transaction did to rows, as it is handed in. */
export interface HandedRows {
  readonly rows: readonly RowStep[];
  /** What the transaction can be asked for by; null where there is no such thing. */
  readonly transaction: string | null;
}

/** What the preview of an undo planned, as it comes back with the undo. */
export interface PlannedRows {
  readonly planned: readonly PerformedStep[];
}

type IsLiteral = (text: string) => boolean;

/**
 * Whoever has the agent's token can hand something in under the handler's name. Names are quoted where they are used;
 * values are put into statements as they are, so each has to be one value and nothing else.
 * @throws PullcordError `invalid`/`handed_in`
 */
export function handedRows(data: JsonObject, isLiteral: IsLiteral): HandedRows {
  const { rows, transaction } = data;
  if (!Array.isArray(rows) || !(transaction === null || typeof transaction === "string")) throw notRows();
  return { rows: rows.map((row) => rowStep(row, isLiteral)), transaction };
}

/** @throws PullcordError `invalid`/`handed_in` */
export function plannedRows(data: JsonObject | undefined, isLiteral: IsLiteral): PerformedStep[] {
  const planned = data?.["planned"];
  if (!Array.isArray(planned)) throw notRows();
  return planned.map((each) => {
    if (!isObject(each) || typeof each["sql"] !== "string") throw notRows();
    return { step: rowStep(each["step"], isLiteral), sql: each["sql"] };
  });
}

function rowStep(value: unknown, isLiteral: IsLiteral): RowStep {
  if (!isObject(value) || value["kind"] !== "row" || typeof value["table"] !== "string") throw notRows();
  const [key, before, after] = [value["key"], value["before"], value["after"]].map((row) => (row === null ? null : rowOf(row, isLiteral)));
  if (!key || before === undefined || after === undefined) throw notRows();
  return { kind: "row", table: value["table"], key, before, after };
}

function rowOf(value: unknown, isLiteral: IsLiteral): Row {
  if (!isObject(value) || !Object.values(value).every((literal) => typeof literal === "string" && isLiteral(literal))) throw notRows();
  return value as Row;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function notRows(): PullcordError {
  return new PullcordError("invalid", "handed_in", "What was handed in is not what a transaction of this database hands in.");
}
