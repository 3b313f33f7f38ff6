import { literalOf, type MysqlTable } from "./mysql-tables.js";
import {
  heldRowsAt,
  identityOf,
  keyOf,
  mostChanges,
  quoted,
  rowsAt,
  type Cells,
  type DatabaseSession,
  type Row,
  type Watch,
} from "./session.js";
import { rowSteps, type CopiesStep, type RowStep } from "./step.js";
import type { Statement, TouchedRows } from "./statement.js";

/** How a statement is run, and what is asked in its own modes. */
export interface AsGiven {
  /** @returns how many rows the server says that it changed; one that it replaced or changed instead of putting it in counts twice */
  run(this: void, sql: string): Promise<number>;
  rows(this: void, sql: string): Promise<readonly Cells[]>;
}

/** How each kind begins: what a count proves is another thing for each. */
const heads = { updated: /^update\s/i, deleted: /^delete\s/i, put: /^(?:insert|replace)\s/i } as const;

/** Whether the rows that a statement touches can be counted: nothing happens to this table but what the statement says. */
export function areTouchesCounted(table: MysqlTable, statements: readonly Statement[]): boolean {
  if (table.key.length === 0 || table.hasTriggers || table.cascadesTo.length > 0 || statements.length === 0) return false;
  // A zone decides how a timestamp is written: the statement's own is not ours.
  if (table.columns.some(({ name, type }) => table.key.includes(name) && type === "timestamp")) return false;
  return statements.every(
    ({ text, touched }) =>
      touched !== undefined &&
      heads[touched.kind].test(text) &&
      (table.uniqueIndexes === 1 || touched.kind !== "put" || !touched.isReplacing),
  );
}

/**
 * Watches one table without reading it through. Before a statement runs, rows are looked for where it says that it touches
 * them, and locked; those of them that differ afterwards were changed by it, and when they are as many as the server says
 * that it changed, they are all. Where they are not, the table has to be read as a whole. `openAnother` shows rows as
 * others see them, which is how they stood before.
 */
export class TouchWatch implements Watch {
  readonly #session: DatabaseSession;
  readonly #table: MysqlTable;
  readonly #openAnother: () => Promise<DatabaseSession>;
  #other: DatabaseSession | null = null;
  readonly #changed = new Map<string, Row>();
  #areAll = true;

  constructor(session: DatabaseSession, table: MysqlTable, openAnother: () => Promise<DatabaseSession>) {
    this.#session = session;
    this.#table = table;
    this.#openAnother = openAnother;
  }

  /** Runs a statement, and finds the rows that it changed. */
  async around({ text, touched }: Statement, asGiven: AsGiven): Promise<void> {
    const looked = this.#areAll && touched ? await this.#lookedFor(touched, asGiven) : null;
    if (looked === null || !touched) {
      this.#areAll = false;
      await asGiven.run(text);
      return;
    }
    const top = touched.kind === "put" ? await topOf(this.#session, this.#table) : null;
    const before = await this.#rowsAt(looked);
    const count = await asGiven.run(text);
    const put = touched.kind === "put" ? await this.#putAbove(top, { touched, asGiven }) : [];
    const keys = put && distinct([...looked, ...put]);
    const steps = keys && rowSteps(this.#table, before, await this.#rowsAt(keys));
    this.#areAll = steps !== null && isAllOf(touched, steps, count);
    for (const step of steps ?? []) if (step.kind === "row") this.#changed.set(identityOf(step.key), step.key);
  }

  async changed(): ReturnType<Watch["changed"]> {
    const { name } = this.#table;
    if (!this.#areAll) return { wholly: [name] };
    const keys = [...this.#changed.values()];
    return { before: new Map([[name, await this.#asOthersSee(keys)]]), after: new Map([[name, await this.#rowsAt(keys)]]) };
  }

  async end(): Promise<void> {
    await this.#other?.close();
  }

  /** Keys of rows that stand where the statement will look, locked; null where they are too many. */
  async #lookedFor(touched: TouchedRows, { rows }: AsGiven): Promise<readonly Row[] | null> {
    const where = touched.kind === "put" ? this.#whereValues(touched) : touched;
    if (where === null) return [];
    const limit = where.isLimited ? "" : ` LIMIT ${mostChanges + 1}`;
    const found = await rows(`SELECT ${keyList(this.#table)} FROM ${where.from} ${where.condition}${limit} FOR UPDATE`);
    // Values are as literals are in our own modes: none of them is NULL.
    return found.length > mostChanges ? null : (found as readonly Row[]);
  }

  /** Rows that the values say; null where they say none. */
  #whereValues({ columns, rows }: TouchedRows & { readonly kind: "put" }): { from: string; condition: string; isLimited: boolean } | null {
    const table = this.#table;
    const names = (columns ?? table.columns.map(({ name }) => name)).map((name) => name.toLowerCase());
    const conditions = rows.flatMap((values) => {
      const parts = table.key.map(
        (name) => [name, values.length === names.length ? values[names.indexOf(name.toLowerCase())] : undefined] as const,
      );
      if (parts.some(([, value]) => value === undefined || /^(?:null|default)$/i.test(value))) return [];
      return [`(${parts.map(([name, value]) => `${inBackticks(name)} = ${value}`).join(" AND ")})`];
    });
    return conditions.length === 0
      ? null
      : { from: inBackticks(table.name), condition: `WHERE ${conditions.join(" OR ")}`, isLimited: false };
  }

  /** Keys of rows that were put in; null where they are too many. */
  async #putAbove(
    top: string | null,
    { touched, asGiven }: { readonly touched: TouchedRows; readonly asGiven: AsGiven },
  ): Promise<readonly Row[] | null> {
    const at = await this.#lookedFor(touched, asGiven);
    if (at === null || top === null) return at;
    const list = keyList(this.#table);
    const found = await asGiven.rows(
      `SELECT ${list} FROM ${inBackticks(this.#table.name)} WHERE ${inBackticks(this.#table.key[0] ?? "")} > ${top} LIMIT ${mostChanges + 1} FOR UPDATE`,
    );
    if (found.length > mostChanges) return null;
    // Others may have put rows in since this transaction looked first.
    const isOthers = new Set((await this.#asOthersSee(found as readonly Row[])).map((row) => identityOf(keyOf(row, this.#table))));
    return [...at, ...(found as readonly Row[]).filter((key) => !isOthers.has(identityOf(key)))];
  }

  #rowsAt(keys: readonly Row[]): Promise<Row[]> {
    return heldRowsAt(this.#session, this.#table, keys);
  }

  async #asOthersSee(keys: readonly Row[]): Promise<Row[]> {
    if (keys.length === 0) return [];
    this.#other ??= await this.#openAnother();
    // It sees what was there when it looked first, until its transaction ends.
    await this.#other.rollback();
    return rowsAt(this.#other, this.#table, keys);
  }
}

/**
 * Whether rows that were found to have changed are all that a statement changed. An UPDATE that moves a row to another key
 * makes the row at the old key go, and is not counted here.
 */
function isAllOf(touched: TouchedRows, steps: readonly (RowStep | CopiesStep)[], count: number): boolean {
  const rows = steps.filter((step) => step.kind === "row");
  const [came, went] = [rows.filter(({ before }) => before === null).length, rows.filter(({ after }) => after === null).length];
  const inPlace = rows.length - came - went;
  if (touched.kind !== "put") return rows.length === count && (touched.kind === "deleted" ? went : inPlace) === count;
  if (!touched.isReplacing) return came === rows.length && came === count;
  return went === 0 && came + inPlace === touched.rows.length && came + 2 * inPlace === count;
}

/** The highest number in a table that the server numbers, as a condition may compare with; null in any other table. */
export async function topOf(session: Pick<DatabaseSession, "rows">, { counter, sql }: MysqlTable): Promise<string | null> {
  if (counter === null) return null;
  const [found] = await session.rows(`SELECT CAST(max(${quoted(counter)}) AS CHAR) AS top FROM ${sql}`);
  return found?.["top"] ?? lowest;
}

/** Below any number that a key can have. */
const lowest = "-9223372036854775809";

/** The key's columns as literals, in words that mean the same in every mode. */
function keyList({ key, columns }: MysqlTable): string {
  const own = key.flatMap((name) => columns.filter((column) => column.name === name));
  return own.map((column) => `${literalOf(column, inBackticks(column.name))} AS ${inBackticks(column.name)}`).join(", ");
}

function distinct(keys: readonly Row[]): Row[] {
  return [...new Map(keys.map((key) => [identityOf(key), key])).values()];
}

/** A name in every mode. */
function inBackticks(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}
