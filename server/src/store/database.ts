import type { CompiledStatement, DialectName, Parameters } from "./statement.js";

export type Row = Record<string, unknown>;

/**
 * What the store needs of a database. One writer connection, and readers that see only what is committed.
 * A statement that the database fails throws PullcordError `unavailable`: `not_recorded` or `not_read`.
 */
export interface Database {
  readonly dialect: DialectName;
  /** On the writer's connection; inside a transaction when one is begun. */
  write(statement: CompiledStatement, parameters: Parameters): Promise<Row[]>;
  read(statement: CompiledStatement, parameters: Parameters): Promise<Row[]>;
  begin(): Promise<void>;
  /** Durable when it resolves. */
  commit(): Promise<void>;
  rollback(): Promise<void>;
  savepoint(): Promise<void>;
  releaseSavepoint(): Promise<void>;
  rollbackToSavepoint(): Promise<void>;
  close(): Promise<void>;
}
