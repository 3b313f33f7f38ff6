import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Compilable,
  type Dialect,
} from "kysely";
import type { Tables } from "./tables.js";

export type DialectName = "sqlite" | "postgres";
/** What a column can hold. */
export type Cell = string | number | null;
export type Parameters = Readonly<Record<string, Cell>>;

/**
 * One query, written once with Kysely, compiled once for each database (design: hot statements compiled once).
 * `P` are its named parameters, `R` its rows.
 */
export interface Statement<P extends Parameters, R> {
  compiled(dialect: DialectName): CompiledStatement;
  /** Carries the types only. */
  readonly types?: { readonly parameters: P; readonly row: R };
}

export interface CompiledStatement {
  readonly sql: string;
  /** The parameters in the order the database wants them. */
  bind(parameters: Parameters): Cell[];
}

class Placeholder {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** The limit of a hot query. A bound one would make SQLite compile the statement anew at each call, ten times its work. */
export const one = sql.lit(1);

/** Stands in a query for the parameter of that name; typed `never` so that it fits every column. */
export type Value<P> = (name: keyof P & string) => never;

export function statement<P extends Parameters, R>(build: (db: Kysely<Tables>, value: Value<P>) => Compilable<R>): Statement<P, R> {
  const cache = new Map<DialectName, CompiledStatement>();
  return {
    compiled(dialect) {
      const known = cache.get(dialect);
      if (known) return known;
      const fresh = compile(build(builders[dialect], (name) => new Placeholder(name) as never));
      cache.set(dialect, fresh);
      return fresh;
    },
  };
}

function compile(query: Compilable): CompiledStatement {
  const { sql: text, parameters } = query.compile();
  const bind = (given: Parameters) =>
    parameters.map((parameter) => (parameter instanceof Placeholder ? (given[parameter.name] ?? null) : (parameter as Cell)));
  return { sql: text, bind };
}

function builder(dialect: Pick<Dialect, "createAdapter" | "createIntrospector" | "createQueryCompiler">): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: { ...dialect, createDriver: () => new DummyDriver() } });
}

const builders: Record<DialectName, Kysely<Tables>> = {
  sqlite: builder({
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }),
  postgres: builder({
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }),
};

/** A query whose shape depends on what is asked (lists with filters); compiled at each call. */
export function adHoc<R>(dialect: DialectName, build: (db: Kysely<Tables>) => Compilable<R>): CompiledStatement & { readonly row?: R } {
  return compile(build(builders[dialect]));
}
