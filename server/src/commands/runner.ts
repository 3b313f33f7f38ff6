import { hash } from "node:crypto";
import type { Actor } from "@pullcord/sdk/protocol";
import { once } from "../store/idempotency.js";
import type { Store } from "../store/store.js";
import type { Lane } from "../store/writers-line.js";
import type { Command, CommandContext, LookContext, Outside } from "./context.js";
import { systemActor } from "./system-actor.js";

/** Who calls, and the key that makes a repeated call harmless. */
export interface Caller {
  readonly actor: Actor;
  /** Whose keys they are, `agent:claude-code`. */
  readonly principal: string;
  readonly idempotencyKey?: string | undefined;
  /** The agent's token: agents take turns by it. */
  readonly tokenId?: string;
}

/** The system's own acts: expiry, start, stop. */
export const systemCaller: Caller = { actor: systemActor, principal: "system" };

/** Runs commands, each in one transaction, each answered after it is durable. */
export class CommandRunner {
  readonly store: Store;
  readonly outside: Outside;
  readonly #now: () => number;

  constructor(options: { readonly store: Store; readonly outside: Outside; readonly now: () => number }) {
    this.store = options.store;
    this.outside = options.outside;
    this.#now = options.now;
  }

  get now(): number {
    return this.#now();
  }

  /** What looks without writing works with. */
  look(actor: Actor): LookContext {
    return { tx: this.store.read, now: this.#now(), actor, outside: this.outside };
  }

  async run<Input, Output, Ahead>(command: Command<Input, Output, Ahead>, input: Input, caller: Caller): Promise<Output> {
    const { actor } = caller;
    const askedAt = this.#now();
    const ahead = await command.lookAhead?.(this.look(actor), input);
    const effects: (() => void)[] = [];
    const output = await this.store.transact(
      async (tx) => {
        const now = this.#now();
        const context: CommandContext = {
          tx,
          askedAt,
          now,
          actor,
          outside: this.outside,
          afterCommit: (effect) => effects.push(effect),
        };
        if (caller.idempotencyKey === undefined) return command(context, input, ahead);
        const requestHash = hash("sha256", `${command.name} ${JSON.stringify(input)}`);
        const { again } = command;
        const repeatable = { principal: caller.principal, key: caller.idempotencyKey, requestHash, at: now };
        return once<Output>(tx, { ...repeatable, again: again && ((kept) => again(context, kept)) }, () => command(context, input, ahead));
      },
      laneOf(caller, command.isUrgent?.(input) ?? false),
    );
    for (const effect of effects) effect();
    return output;
  }
}

function laneOf({ actor, tokenId }: Caller, isUrgent: boolean): Lane {
  if (actor.kind === "agent") return { kind: "agent", token: tokenId ?? actor.id };
  if (isUrgent) return { kind: "stop" };
  return { kind: actor.kind === "person" ? "person" : "system" };
}
