import { canonicalJson, type DeliveredInstruction, type Run } from "../../protocol/index.js";
import type { HookBody, ToolUse } from "./hook-body.js";
import { keepNewest } from "./keep-newest.js";
import type { TokenCount } from "./token-count.js";

/** Most sessions and calls remembered; the oldest go first. What is forgotten is found again through the API. */
const mostSessions = 1_000;
const mostCallsPerSession = 2_000;

/** A tool call that may have to be matched with a later event. */
export interface Call {
  readonly actionId: string;
  /** True when the client's own dialog was asked to come up. */
  readonly isAsked: boolean;
  readonly fingerprint: string;
}

/** One Claude Code session: the run it is, and its calls under way. Only a cache. */
export class Session {
  readonly run: Pick<Run, "id" | "agent">;
  readonly tokens: TokenCount;
  readonly #calls = new Map<string, Call>();
  #owed: readonly DeliveredInstruction[] = [];

  constructor(run: Pick<Run, "id" | "agent">, tokens: TokenCount) {
    this.run = run;
    this.tokens = tokens;
  }

  get runId(): string {
    return this.run.id;
  }

  remember(use: ToolUse, call: Call): void {
    keepNewest(this.#calls, [use.id ?? call.fingerprint, call], mostCallsPerSession);
  }

  /** The call of this id, which is then over. */
  take(toolUseId: string | undefined): Call | undefined {
    if (toolUseId === undefined) return undefined;
    const call = this.#calls.get(toolUseId);
    this.#calls.delete(toolUseId);
    return call;
  }

  /** Keeps instructions that arrived where the client takes no text, for the next event that does. */
  owe(instructions: readonly DeliveredInstruction[]): void {
    this.#owed = [...this.#owed, ...instructions];
  }

  takeOwed(): readonly DeliveredInstruction[] {
    const owed = this.#owed;
    this.#owed = [];
    return owed;
  }

  /** The newest call that does this; PermissionRequest carries no id. */
  callLike(fingerprint: string): Call | undefined {
    return [...this.#calls.values()].findLast((call) => call.fingerprint === fingerprint);
  }
}

/** The sessions of this server, each opened once however many hooks arrive at the same time. */
export class Sessions {
  readonly #sessions = new Map<string, Promise<Session>>();

  get(key: string): Promise<Session> | undefined {
    return this.#sessions.get(key);
  }

  open(key: string, open: () => Promise<Session>): Promise<Session> {
    const opening = open();
    keepNewest(this.#sessions, [key, opening], mostSessions);
    opening.catch(() => this.#sessions.delete(key));
    return opening;
  }

  forget(key: string): void {
    this.#sessions.delete(key);
  }
}

/** Tells the same call again where it comes without its id. */
export function fingerprint({ subagent }: HookBody, { name, input }: ToolUse): string {
  return canonicalJson([name, input, subagent?.id ?? null]);
}
