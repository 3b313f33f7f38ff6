import type { AuditEntry } from "@pullcord/sdk/protocol";
import type { Database } from "./database.js";
import { adHoc, type CompiledStatement, type DialectName, type Parameters, type Statement } from "./statement.js";
import type { Compilable, Kysely } from "kysely";
import type { Tables } from "./tables.js";

/** Runs statements and gives their rows. */
export interface Reader {
  all<P extends Parameters, R>(statement: Statement<P, R>, parameters: P): Promise<R[]>;
  first<P extends Parameters, R>(statement: Statement<P, R>, parameters: P): Promise<R | undefined>;
  /** A query made for this one call: lists with filters. */
  query<R>(build: (db: Kysely<Tables>) => Compilable<R>): Promise<R[]>;
}

/** The end of the audit log, as far as this transaction has got. */
export interface LogEnd {
  seq: number;
  head: string;
}

/** What a command writes through. All of it is kept, or nothing. */
export interface Transaction extends Reader {
  readonly logEnd: LogEnd;
  /** Entries appended so far; published after the commit. */
  readonly appended: AuditEntry[];
}

type Execute = (statement: CompiledStatement, parameters: Parameters) => Promise<Record<string, unknown>[]>;

export function reader(dialect: DialectName, execute: Execute): Reader {
  return {
    all: (statement, parameters) => execute(statement.compiled(dialect), parameters) as never,
    first: async (statement, parameters) => (await execute(statement.compiled(dialect), parameters))[0] as never,
    query: (build) => execute(adHoc(dialect, build), {}) as never,
  };
}

export function transaction(database: Database, logEnd: LogEnd): Transaction {
  return { ...reader(database.dialect, (statement, parameters) => database.write(statement, parameters)), logEnd, appended: [] };
}
