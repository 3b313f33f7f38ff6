import type { ProposedAction, RiskAssessment } from "@pullcord/sdk/protocol";

/** One simple command that the action could run, wherever it hid (pipes, substitutions, `sh -c`, `find -exec`). */
export interface ReadCommand {
  /** The program's base name after wrappers (`sudo`, `env`, `nohup`) are taken off; null where it cannot be known. */
  readonly program: string | null;
  /** The words after the program, unquoted; null where a word cannot be known. */
  readonly words: readonly (string | null)[];
  /** As written. */
  readonly text: string;
}

/** What an SQL text would do. */
export interface ReadStatement {
  readonly kind: string;
  readonly tables: readonly string[];
  /** False for a write that no narrowing condition bounds. */
  readonly bounded: boolean;
  /** As written; absent where only its words were looked at. */
  readonly text?: string;
  /** How it could be taken back, where its rows are kept; absent where nothing could. */
  readonly wayBack?: WayBack;
}

/** What taking a statement back comes to. */
export type WayBack =
  /** It changes nothing. */
  | { readonly kind: "none" }
  /** The rows that it changes, in these tables, are put back; others it only reads, named where that matters. */
  | {
      readonly kind: "rows";
      readonly tables: readonly string[];
      readonly reads?: readonly string[];
      readonly touched?: TouchedRows;
      readonly target?: RowsTarget;
    }
  /** Another statement takes it back. */
  | { readonly kind: "inverse"; readonly sql: string; readonly thing: SchemaThing; readonly renamed?: string };

/** Where the rows of one table that a statement touches can be looked for: a guess, with pieces of the statement as it was written. */
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

/** The one table whose rows an INSERT, UPDATE or DELETE touches, so that it could be asked which. */
export interface RowsTarget {
  /** As it is named: `users`, `sales.users`. */
  readonly table: string;
  /** What the statement calls its rows. */
  readonly alias: string;
  /** It ends in a list of what it returns. */
  readonly hasReturning: boolean;
}

/** What a change of a database's structure makes. */
export interface SchemaThing {
  readonly type: "table" | "view" | "index" | "column";
  readonly name: string;
  /** Of a column. */
  readonly table?: string;
}

/** SQL that an action hands to one database. */
export interface SqlRun {
  readonly place: SqlPlace;
  /** `sqlite3` is told first to keep rows from pointing at what is not there; by itself it does not. */
  readonly keepsReferences?: boolean;
  readonly statements: readonly ReadStatement[];
}

/** Where SQL runs: a file of SQLite's, resolved, or a database by its name and what is said of its server. */
export type SqlPlace =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "named"; readonly name: string }
  | {
      readonly kind: "server";
      readonly dialect: "postgres" | "mysql";
      readonly name: string;
      readonly host: string | null;
      readonly port: string | null;
    };

/** A database whose rows this server can keep. */
export type KeptDatabase =
  | { readonly dialect: "sqlite"; readonly path: string }
  | { readonly dialect: "postgres" | "mysql"; readonly name: string };

/** The same where it is looked for: with what MySQL itself calls it, the `shop` of `shop.orders`. */
export type FoundDatabase = KeptDatabase & { readonly schema?: string };

/** What is kept of an action's SQL, right before it runs. */
export interface KeptRows {
  readonly database: KeptDatabase;
  /** As the client will, in a file. */
  readonly keepsReferences?: boolean;
  readonly statements: readonly ReadStatement[];
}

/**
 * What an action really does, worked out from itself (design, "The path of one action", 4).
 * Paths are absolute and resolved as the operating system would; a null stands for one that cannot be known.
 */
export interface Reading {
  readonly commands: readonly ReadCommand[];
  readonly reads: readonly (string | null)[];
  readonly writes: readonly (string | null)[];
  readonly deletes: readonly (string | null)[];
  readonly hosts: readonly (string | null)[];
  readonly statements: readonly ReadStatement[];
  /** The same by where they run, as far as that is known. */
  readonly sqlRuns: readonly SqlRun[];
  /** A database is changed by more than these statements: by a script, a migration. */
  readonly changesDatabasesUnread?: true;
  /** Rows that are kept before it runs, so that all that it does to databases can be taken back. */
  readonly keptRows?: readonly KeptRows[];
  /**
   * What can be tried of its SQL, so that people see which rows it would change (E36), whatever else it does; or why
   * nothing can. Absent where it changes no rows, or none that this server could know of.
   */
  readonly rowsToTry?: readonly KeptRows[] | { readonly why: string };
  /** Set when the action touches Pullcord's own store, keys, hooks, process or record: the hard floor. Says what. */
  readonly touchesGate: string | null;
  /** A limit ended the reading, or a part did not parse: what lies behind that may be anything. */
  readonly cutShort?: true;
  /** A plan, a draft, a quote, test mode: nothing happens for real, so no approval level of its type holds. */
  readonly simulated?: true;
  readonly assessment: RiskAssessment;
}

/** Where a path leads, as the operating system would walk it. */
export interface ResolvedPath {
  /** Absolute, links followed; null when it cannot be known (a loop, no permission, too long). */
  readonly path: string | null;
  readonly exists: boolean;
  readonly kind: "file" | "directory" | "other" | "absent";
}

/**
 * What is found out about the machine that the action would run on. The domain asks it and does no I/O itself;
 * without a machine to look at (remote mode) every answer is the cautious one.
 */
export interface Surroundings {
  /** The run's own folder, resolved; null when the client named none. */
  readonly workspace: string | null;
  /** Home folder of the account that the agent acts as. */
  readonly home: string;
  /** What belongs to Pullcord itself. */
  readonly gate: GateParts;
  /** Resolves `path` against the absolute folder `from`. Never throws. */
  resolve(path: string, from: string): ResolvedPath;
  /** Whether git tracks this resolved path and it has no uncommitted change; null when unknown. */
  isCommitted(path: string): boolean | null;
  /** Whether a snapshot will hold what stands at this resolved path; absent where no snapshots are kept. */
  isKept?(path: string): boolean;
  /** Places outside files where a command may leave effects that an undo takes back, in words; absent where none is. */
  undoes?(this: void, command: ReadCommand, folder: string | null): readonly string[];
  /** Whether all that a command does is such an effect, and goes back exactly; absent where none is. */
  undoesWhole?(this: void, command: ReadCommand, folder: string | null): boolean;
  /** The database there, where its rows can be kept; absent where none can. */
  databaseAt?(place: SqlPlace): FoundDatabase | null;
  /** What else is known of this place. Whatever is missing, or answers null, is judged by name alone: the cautious answer. */
  readonly facts?: SettingFacts;
}

/** Facts of the place an action runs in. All optional; all answers may be null for "not known". */
export interface SettingFacts {
  /** Whether the lock file names this package: installing it brings nothing new. */
  isLocked?(registry: PackageRegistry, name: string): boolean | null;
  /** A script of the project, by who runs it and its name. `folder` is where it is run, resolved. */
  script?(runner: ScriptRunner, name: string, folder: string | null): ScriptFact | null;
  database?(name: string | null, host: string | null): DatabaseKind | null;
  /** A cluster by its context; null asks for the current one. */
  cluster?(context: string | null): ClusterKind | null;
  isProductionHost?(host: string): boolean | null;
  /** A build or an install makes this resolved path again. */
  isRecreatable?(path: string): boolean | null;
  /** Nothing makes this resolved path again. */
  isIrreplaceable?(path: string): boolean | null;
  /** What lies below a resolved folder, for the preview (E34); bounded. */
  below?(folder: string): FilesBelow | null;
}

export type PackageRegistry = "npm" | "pip";
export type ScriptRunner = "npm" | "make";
export type DatabaseKind = "development" | "throwaway" | "production" | "gate";
export type ClusterKind = "throwaway" | "production";

export interface ScriptFact {
  /** Shell text that would run; null when it cannot be read. */
  readonly body: string | null;
  /** What a person wrote that it does, where there is no body. */
  readonly says: string | null;
  /** Git has the file it stands in, unchanged: what is not understood in it was at least seen by people. */
  readonly committed: boolean;
}

export interface FilesBelow {
  /** Resolved, in the order found. */
  readonly paths: readonly string[];
  /** False when the walk stopped at its limit. */
  readonly complete: boolean;
}

export interface GateParts {
  /** Absolute folders and files: data, configuration, hook settings. */
  readonly paths: readonly string[];
  /** `host:port` of the API. */
  readonly hosts: readonly string[];
  /** Process ids of the server. */
  readonly pids: readonly number[];
}

/** Reads an action. Pure but for what it asks the surroundings. */
export type Read = (proposed: ProposedAction, surroundings: Surroundings) => Reading;
