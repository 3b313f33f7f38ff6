import type { SchemaThing } from "./session.js";

/** One statement as it will run. */
export interface Statement {
  readonly text: string;
  /** The tables that it names, as it names them. */
  readonly tables: readonly string[];
  /** Where it could be asked which rows it touches. */
  readonly target?: RowsTarget;
  /** Others that it names and only reads; where that matters. */
  readonly reads?: readonly string[];
  /** Where the rows that it touches can be looked for; where that is known. */
  readonly touched?: TouchedRows;
  /** Of a change of the database's structure: how it is taken back. */
  readonly inverse?: Inverse;
}

/** Where to look for the rows of one table that a statement touches, in its own words. A guess: whether it found all is counted. */
export type TouchedRows =
  | {
      readonly kind: "updated" | "deleted";
      /** `orders AS o` */
      readonly from: string;
      /** `WHERE o.id < 5 ORDER BY o.id LIMIT 3`, or nothing. */
      readonly condition: string;
      readonly isLimited: boolean;
    }
  | {
      readonly kind: "put";
      /** Null for all of the table's, in their order. */
      readonly columns: readonly string[] | null;
      /** Plain values; none where they are made as it runs. */
      readonly rows: readonly (readonly string[])[];
      /** Takes the place of rows that are there, or changes them. */
      readonly isReplacing: boolean;
    };

/** The one table whose rows an INSERT, UPDATE or DELETE touches. */
export interface RowsTarget {
  /** `users`, `sales.users`, as the statement names it. */
  readonly table: string;
  /** What it calls the table's rows. */
  readonly alias: string;
  /** It ends in a list of what it returns already. */
  readonly hasReturning: boolean;
}

/** A statement that takes a change of structure back. */
export interface Inverse {
  readonly thing: SchemaThing;
  /** Whether the thing is there once the statement has run. */
  readonly makes: boolean;
  readonly sql: string;
  /** Of a table that gets another name: the one it had. */
  readonly renamed?: string;
}
