import type { HazardName } from "../hazards.js";
import type { Call } from "../shell/call.js";

/**
 * What is known of a program, as data. A family is one file, a program is one entry, whose key may hold several
 * names. Whatever an entry does not mention is not understood, and asks.
 */
export interface Usage {
  /** What using it does, whatever the words. */
  readonly does?: HazardName | readonly HazardName[];
  /**
   * Options, in one text, each `name`, then what it means:
   *
   *     -v            takes no value, harmless
   *     -n=           takes a value that means nothing
   *     -o=write      takes a value: `Role`
   *     --color?      takes a value only after `=`; harmless (`--color?=write` gives it a role)
   *     --force!git_discards   does that as well
   *     --dry-run:dry  nothing happens for real: only reads remain
   *     --list:shows   the call only shows something
   *     *             any other option is harmless
   *
   * Short options may be bundled (`-xzf`) unless `words` is set.
   */
  readonly flags?: string;
  /** Roles of the words that are no options, in order; `read...` repeats: `"text read..."`, `"read... write"`. */
  readonly takes?: string;
  /** What it does when no such word is given. */
  readonly bare?: HazardName;
  /** Subcommands; a key may hold several names, and end in `*`. */
  readonly verbs?: Readonly<Record<string, Usage>>;
  /** What a subcommand that is not listed does, where all of them are alike. */
  readonly otherVerbs?: Usage;
  /** Long options begin with one dash (`find`, `java`, `terraform`). */
  readonly words?: boolean;
  /** Options after the first other word belong to that word. */
  readonly stopsEarly?: boolean;
  /** What data cannot say. Replaces everything above but `flags` and `words`, which it may use. */
  readonly read?: (call: Call, usage: Usage) => void;
}

export type Programs = Readonly<Record<string, Usage>>;

/** What a word is to a program. `data` means nothing at all; `text` means nothing unless it is a stray path or shell. */
export const roles = [
  "text",
  "data",
  "list",
  "read",
  "readall",
  "write",
  "append",
  "move",
  "delete",
  "deleteall",
  "shell",
  "command",
  "code",
  "script",
  "sql",
  "host",
  "url",
  "upload",
  "folder",
  "unknown",
] as const;
export type Role = (typeof roles)[number];

export interface Flag {
  readonly name: string;
  readonly takes: "nothing" | "value" | "attached";
  readonly role: Role;
  readonly does: HazardName | null;
  readonly mark: "dry" | "shows" | null;
}

export interface FlagTable {
  readonly named: ReadonlyMap<string, Flag>;
  readonly anyOther: boolean;
}
