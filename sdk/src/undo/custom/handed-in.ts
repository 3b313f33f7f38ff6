import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { HandedIn, JsonObject, SettledUndo, ToldChange } from "../../protocol/index.js";
import type { BlobStore } from "../blob-store.js";
import { JsonLines } from "../json-lines.js";
import type { ActionKey } from "../kind.js";
import { ownerOnlyFolder } from "../owner-only.js";

/** What is longer, in characters of JSON, is kept as a content, compressed and under the quota of all contents. */
const longestInLine = 2_048;

/** Something that a program said, kept: in the line itself, or as a content by its hash. */
export type Stored<Value> = { readonly value: Value } | { readonly content: string };

/** What the data of an action is kept with. */
interface Said {
  readonly data: JsonObject;
  readonly changes: readonly ToldChange[];
}

/** What an action handed in. */
export interface Given extends Pick<HandedIn, "handler" | "summary" | "isTogether" | "isProvisional"> {
  readonly at: number;
  readonly key: ActionKey;
  readonly agent: string;
  readonly said: Stored<Said>;
  /** Its program has taken it back: what was handed in has not happened. */
  readonly isForgotten?: true;
}

/** Everything that actions handed in, on disk: a line each, and one more for each time that something is said of it anew. */
export class HandedInActions {
  readonly #lines: JsonLines<Given>;
  readonly #blobs: BlobStore;

  constructor(folder: string, blobs: BlobStore) {
    mkdirSync(folder, { recursive: true, mode: ownerOnlyFolder });
    this.#lines = new JsonLines(join(folder, "given.jsonl"));
    this.#blobs = blobs;
  }

  /** What an action handed in before under the same name is replaced. @throws PullcordError `unavailable`/`snapshot_quota` */
  give(given: Omit<Given, "said" | keyof HandedIn>, { data, changes = [], ...handedIn }: HandedIn): void {
    this.#lines.append({ ...given, ...handedIn, said: this.keep({ data, changes }) }, { isDurable: true });
  }

  settle({ runId, actionId }: ActionKey, { handler, hasHappened }: SettledUndo): void {
    const found = this.of(runId).find((given) => given.key.actionId === actionId && given.handler === handler);
    if (!found?.isProvisional) return;
    this.#lines.append({ ...found, isProvisional: false, ...(hasHappened ? {} : { isForgotten: true }) }, { isDurable: true });
  }

  /** Of a run, in the order in which it was handed in: the last word on each. */
  of(runId: string): Given[] {
    const own = this.#lines.all().filter(({ key }) => key.runId === runId);
    const last = new Map(own.map((given) => [pathOf(given), given]));
    return [...last.values()].filter(({ isForgotten }) => isForgotten !== true);
  }

  read<Value>(stored: Stored<Value>): Value {
    return "value" in stored ? stored.value : (JSON.parse(this.#blobs.get(stored.content).toString("utf8")) as Value);
  }

  /** Once it is there, a computer that loses power keeps it, too. @throws PullcordError `unavailable`/`snapshot_quota` */
  keep<Value>(value: Value): Stored<Value> {
    const text = JSON.stringify(value);
    if (text.length <= longestInLine) return { value };
    const content = this.#blobs.put(Buffer.from(text));
    this.#blobs.sync();
    return { content };
  }

  /** Lets go of what is older, in milliseconds since 1970. @returns the contents that are still needed */
  drop(olderThan: number): string[] {
    const kept = this.#lines.all().filter(({ at }) => at >= olderThan);
    this.#lines.replace(kept);
    return kept.flatMap(({ said }) => contentOf(said));
  }
}

export function contentOf(stored: Stored<unknown> | undefined): string[] {
  return stored && "content" in stored ? [stored.content] : [];
}

/** Where it is, as people see it: `refund/a3f9`. */
export function pathOf({ handler, key }: Pick<Given, "handler" | "key">): string {
  return `${handler}/${key.actionId}`;
}
