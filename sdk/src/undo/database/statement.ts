import type { SchemaThing } from "./session.js";

/** One statement as it will run. */
export interface Statement {
  readonly text: string;
  /** The tables that it names, as it names them. */
  readonly tables: readonly string[];
  /** Others that it names and only reads; where that matters. */
  readonly reads?: readonly string[];
  /** Of a change of the database's structure: how it is taken back. */
  readonly inverse?: Inverse;
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
