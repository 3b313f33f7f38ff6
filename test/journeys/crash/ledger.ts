/** What clients were answered: what must be there after any number of crashes. */
export class Ledger {
  /** Actions by the id that their client gave them. */
  readonly actions = new Map<string, { readonly id: string; readonly runId: string }>();
  /** Ids of actions whose outcome was reported. */
  readonly ended = new Set<string>();
  readonly started = new Set<string>();
  /** Requests that nobody has tried to resolve: they must still be pending. */
  readonly pending = new Set<string>();
  /** The answered resolution of each request. */
  readonly resolved = new Map<string, "approve" | "deny">();
  /** Output lines by run. */
  readonly lines = new Map<string, string[]>();
  /** Commands that a crash left without an answer, and that were repeated. */
  repeated = 0;
  answered = 0;
}
