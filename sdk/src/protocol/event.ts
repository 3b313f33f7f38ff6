import type { AuditEntry } from "./audit.js";
import type { LogLine, Progress } from "./progress.js";

/**
 * What the live stream carries. `recorded` events have the entry's `seq` as event id and are never lost or
 * doubled; the others are hints about the moment and have no id.
 */
export type LiveEvent =
  | { readonly kind: "recorded"; readonly entry: AuditEntry }
  | { readonly kind: "progress"; readonly runId: string; readonly progress: Progress }
  /** A stop that holds and could not be recorded. */
  | { readonly kind: "stopped"; readonly runId: string; readonly interventionId: string }
  | { readonly kind: "log"; readonly runId: string; readonly line: LogLine };
