import { randomUUID } from "node:crypto";
import { join } from "node:path";
import {
  bounds,
  type HandedIn,
  type JsonObject,
  type PathChange,
  type PathLeft,
  type SettledUndo,
  type UndoTask,
  type UndoTaskAnswer,
} from "../../protocol/index.js";
import type { BlobStore } from "../blob-store.js";
import { Journals } from "../journals.js";
import { isByWanted, type ActionKey, type BeyondFiles, type Part, type Selection, type UndoEnd, type UndoKind } from "../kind.js";
import { contentOf, HandedInActions, pathOf, type Given, type Stored } from "./handed-in.js";
import { contentsOf, itemsOf, taskOf, type Item } from "./item.js";
import { Programs } from "./programs.js";
import { asChange, asLeft, below, inOne, shown } from "./told.js";

/** How long a program may take to say what it would do, in milliseconds. */
const previewMs = 10_000;
/** After so long without an answer a task is offered again, to whichever program asks, in milliseconds. */
const againMs = 30_000;

/** A custom part of an undo on disk: each program is asked under the same name again after a crash. */
interface CustomJournal {
  readonly id: string;
  readonly items: readonly Item[];
  /** What came of those that are done, in their order. */
  readonly ends: readonly ItemEnd[];
  readonly state: "running" | "done";
}

interface ItemEnd extends Pick<UndoEnd, "restored" | "conflicts" | "unverified"> {
  readonly isTaken: boolean;
  /** What takes it back in turn. */
  readonly back?: Stored<{ readonly data: JsonObject }>;
}

export interface CustomKindOptions {
  readonly folder: string;
  readonly blobs: BlobStore;
  readonly now?: () => number;
}

/**
 * Whatever programs have registered a handler for: an action hands in the handler's name with its data, and an undo asks
 * whichever program is there then (A22). Who keeps the data is us; who knows what it means is the program alone.
 */
export class CustomKind implements UndoKind {
  readonly name = "custom";
  readonly programs: Programs;
  readonly #handedIn: HandedInActions;
  readonly #journals: Journals<CustomJournal>;
  readonly #now: () => number;

  constructor({ folder, blobs, now = Date.now }: CustomKindOptions) {
    this.#handedIn = new HandedInActions(join(folder, "handed-in"), blobs);
    this.#journals = new Journals(join(folder, "handed-in", "undos"));
    this.#now = now;
    this.programs = new Programs(now);
  }

  /** Keeps what an action hands in. @throws PullcordError `unavailable`/`snapshot_quota` */
  give(key: ActionKey, agent: string, handedIn: HandedIn): void {
    this.#handedIn.give({ at: this.#now(), key, agent }, handedIn);
  }

  settle(key: ActionKey, settled: SettledUndo): void {
    this.#handedIn.settle(key, settled);
  }

  /** Whether anything was handed in for a run, taken back or not. */
  hasAny(runId: string): boolean {
    return this.#handedIn.of(runId).length > 0;
  }

  async ended(): Promise<void> {}

  async cancelled(): Promise<void> {}

  underWay(): [] {
    return [];
  }

  changesOf(selection: Selection): PathChange[] {
    const told = this.#selected(selection).flatMap((given): PathChange[] => {
      const { changes } = this.#handedIn.read(given.said);
      const own = changes.length > 0 ? changes.map((change) => asChange(given.handler, change)) : [shown(pathOf(given), given.summary)];
      return own.map((change) => ({ ...change, runs: [], actionIds: [given.key.actionId] }));
    });
    return [...Map.groupBy(told, ({ path }) => path).values()].map((own) => own.reduce(inOne));
  }

  reservations(): [] {
    return [];
  }

  beyondFiles(runId: string): BeyondFiles[] {
    return this.#selected({ runId }).map(({ key, summary }) => ({
      actionId: key.actionId,
      notKept: `its own program offers to take it back: ${summary}`,
    }));
  }

  async plan(selection: Selection): Promise<Part[]> {
    const items = itemsOf(this.#selected(selection), selection);
    return items.length === 0 ? [] : [await this.#planned(items)];
  }

  async planRedo(partId: string): Promise<Part | null> {
    const journal = this.#journals.read(partId);
    if (!journal) return null;
    const lost: PathLeft[] = [];
    const items = reached(journal).flatMap(({ item: { planned: _planned, ...item }, end }): Item[] => {
      const actionId = item.actions[0]?.actionId;
      if (end.back && actionId !== undefined) return [{ ...item, only: undefined, known: [], actions: [{ actionId, said: end.back }] }];
      lost.push({ of: "custom", path: item.path, sentence: noWayBack });
      return [];
    });
    const { conflicts, ...part } = await this.#planned(items.toReversed());
    return { ...part, conflicts: [...lost, ...conflicts] };
  }

  async #planned(items: readonly Item[]): Promise<Part> {
    const previews = await Promise.all(items.map((item) => this.#preview(item)));
    return {
      // Last of all: what a program did can't be taken back when something else fails.
      since: 0,
      changes: previews.flatMap(({ changes }) => changes),
      conflicts: previews.flatMap(({ conflicts }) => conflicts),
      means: previews.map(({ means }) => means),
      begin: (id) =>
        this.#journals.write({
          id,
          items: previews.flatMap(({ item, changes, conflicts, planned }) => {
            const known = conflicts.map(({ path }) => path);
            return changes.length === 0 ? [] : [{ ...item, known, ...(planned && { planned: this.#handedIn.keep(planned) }) }];
          }),
          ends: [],
          state: "running",
        }),
    };
  }

  async carryOut(partId: string): Promise<UndoEnd> {
    let journal = this.#journals.read(partId);
    if (!journal) throw new Error(`There is no journal of part ${partId}.`);
    // One that hangs is waited for once, and not again for each thing that it was handed: other undos wait meanwhile.
    const silent = new Set<string>();
    while (journal.ends.length < journal.items.length) {
      const item = journal.items[journal.ends.length] as Item;
      const program = JSON.stringify([item.agent, item.handler]);
      const { isSilent, ...end } = this.#taken(partId).has(item.path)
        ? left(item, "Another undo has taken it back meanwhile.")
        : silent.has(program)
          ? left(item, `The program that registers ${item.handler} did not answer before this, so it was not asked again.`)
          : await this.#takeBack(item, `${partId}-${journal.ends.length}`);
      if (isSilent) silent.add(program);
      this.#journals.write((journal = { ...journal, ends: [...journal.ends, end] }));
    }
    this.#journals.write((journal = { ...journal, state: "done" }));
    return {
      restored: journal.ends.flatMap(({ restored }) => restored),
      conflicts: journal.ends.flatMap(({ conflicts }) => conflicts),
      unverified: journal.ends.flatMap(({ unverified }) => unverified),
    };
  }

  /** What a program has done is done. */
  async backOut(partId: string): Promise<UndoEnd> {
    const journal = this.#journals.read(partId);
    const paths = journal?.ends.flatMap(({ restored }) => restored) ?? [];
    return { restored: [], conflicts: [], unverified: paths, ...(paths.length === 0 ? {} : { failure: noWayBack }) };
  }

  sweep(olderThan: number): Set<string> {
    const needed = this.#handedIn.drop(olderThan);
    this.#journals.drop(olderThan, ({ state }) => state === "done");
    const inUndos = this.#journals
      .all()
      .flatMap(({ items, ends }) => [...items.flatMap(contentsOf), ...ends.flatMap(({ back }) => contentOf(back))]);
    return new Set([...needed, ...inUndos]);
  }

  async close(): Promise<void> {
    this.programs.close();
  }

  async #preview(item: Item): Promise<Preview> {
    const { agent, handler, path, summary } = item;
    const stays = (sentence: string): Preview => ({
      item,
      changes: [],
      conflicts: [{ of: "custom", path, sentence }],
      means: [path, sentence],
    });
    const there = this.programs.there(agent, handler);
    if (!there) return stays(`Waits for a program of ${agent} that registers ${handler}: ${summary}`);
    const answer = await this.#ask(item, { kind: "preview", id: `p-${randomUUID()}` }, previewMs);
    if (answer === "too much")
      return stays(`${tooMuch} Take it back in pieces: later actions first (--to), or some of its paths (--only).`);
    if (answer === null) return stays(`The program that registered ${handler} did not say what it would do.`);
    if (!answer.isDone) return stays(answer.sentence);
    const means = there.isCompensation ? " It takes back the effect by a further act, and doesn't undo it." : "";
    const { plan, sentence } = answer;
    const changes = plan ? plan.changes.map((change) => asChange(handler, change)) : [{ ...shown(path, sentence), runs: [runLine(item)] }];
    return {
      item,
      changes: changes.map((change) => ({ ...change, sentence: `${change.sentence}${means}` })),
      conflicts: plan ? plan.conflicts.map((each) => asLeft(handler, each)) : [],
      means: [path, answer],
      planned: plan?.planned,
    };
  }

  /** Asked again after a crash, a program gets the same name for it: it must not do it twice. */
  async #takeBack(item: Item, id: string): Promise<ItemEnd & { readonly isSilent?: true }> {
    const { handler, path } = item;
    const answer = await this.#ask(item, { kind: "undo", id }, bounds.customUndoMs);
    if (answer === "too much") return left(item, tooMuch);
    if (answer === null)
      return { ...left(item, `The program that registers ${handler} did not answer in ${bounds.customUndoMs / 1_000} s.`), isSilent: true };
    if (!answer.isDone) return left(item, `${handler}: ${answer.sentence}`);
    if (answer.end) {
      const { restored, conflicts, unverified, back } = answer.end;
      return {
        isTaken: true,
        restored: restored.map((each) => below(handler, each)),
        conflicts: conflicts.map((each) => asLeft(handler, each)).filter((each) => !item.known.includes(each.path)),
        unverified: unverified.map((each) => below(handler, each)),
        ...(back && { back: this.#handedIn.keep({ data: back }) }),
      };
    }
    const verified = await this.#ask(item, { kind: "verify", id: `${id}-verify` }, previewMs);
    const isVerified = verified !== null && verified !== "too much" && verified.isDone;
    return { isTaken: true, restored: [path], conflicts: [], unverified: isVerified ? [] : [path] };
  }

  async #ask(item: Item, asked: Pick<UndoTask, "kind" | "id">, limitMs: number): Promise<UndoTaskAnswer | "too much" | null> {
    const task = taskOf(item, asked, this.#handedIn);
    return task === null ? "too much" : this.programs.ask({ agent: item.agent, task }, { limitMs, againMs });
  }

  /** What was handed in last under each name, and was not taken back yet. What goes back together knows that by itself. */
  #selected(selection: Selection): Given[] {
    const taken = this.#taken();
    return this.#handedIn.of(selection.runId).filter((given) => isByWanted([given.key], selection) && !taken.has(pathOf(given)));
  }

  /** What was taken back, by any other part than this: no refund is made twice because two people undo at once. */
  #taken(otherThan?: string): Set<string> {
    const others = this.#journals.all().filter(({ id }) => id !== otherThan);
    return new Set(others.flatMap((journal) => reached(journal).flatMap(({ item }) => (item.isTogether ? [] : [item.path]))));
  }
}

interface Preview extends Pick<Part, "changes" | "conflicts" | "means"> {
  readonly item: Item;
  readonly planned?: JsonObject | undefined;
}

const noWayBack = "What a program has taken back can't be done again by us.";
const tooMuch = `What was handed in is more than a program is given at a time (${bounds.undoTogetherLength / 2 ** 20} MiB).`;

function reached({ items, ends }: CustomJournal): { readonly item: Item; readonly end: ItemEnd }[] {
  return ends.flatMap((end, index) => (end.isTaken ? [{ item: items[index] as Item, end }] : []));
}

function left({ path }: Item, sentence: string): ItemEnd & { readonly isSilent?: true } {
  return { isTaken: false, restored: [], conflicts: [{ of: "custom", path, sentence }], unverified: [] };
}

function runLine({ handler, agent, actions, summary }: Item): string {
  return `${handler} of ${agent}, for ${actions.map(({ actionId }) => actionId).join(", ")}: ${summary}`;
}
