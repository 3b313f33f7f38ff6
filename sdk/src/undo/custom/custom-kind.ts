import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { bounds, type HandedIn, type PathChange, type PathLeft, type UndoTask, type UndoTaskAnswer } from "../../protocol/index.js";
import { JsonLines } from "../json-lines.js";
import { Journals } from "../journals.js";
import {
  isByWanted,
  isPathWanted,
  type BeyondFiles,
  type ActionKey,
  type Part,
  type Selection,
  type UndoEnd,
  type UndoKind,
} from "../kind.js";
import { Programs } from "./programs.js";
import { ownerOnlyFolder } from "../owner-only.js";

/** How long a program may take to say what it would do, in milliseconds. */
const previewMs = 10_000;
/** After so long without an answer a task is offered again, to whichever program asks, in milliseconds. */
const againMs = 30_000;

/** What an action handed in, on disk. */
export interface Given extends HandedIn {
  readonly at: number;
  readonly key: ActionKey;
  readonly agent: string;
}

type Item = Pick<Given, "key" | "agent" | "handler" | "summary" | "data">;

/** A custom part of an undo on disk: each program is asked under the same name again after a crash. */
interface CustomJournal {
  readonly id: string;
  readonly items: readonly Item[];
  readonly done: number;
  readonly left: readonly { readonly path: string; readonly sentence: string }[];
  readonly unverified: readonly string[];
  readonly state: "running" | "done";
}

export interface CustomKindOptions {
  readonly folder: string;
  readonly now?: () => number;
}

/**
 * Whatever programs have registered a handler for: an action hands in the handler's name with its data, and an undo asks
 * whichever program is there then (A22). Who keeps the data is us; who knows what it means is the program alone.
 */
export class CustomKind implements UndoKind {
  readonly name = "custom";
  readonly programs: Programs;
  readonly #given: JsonLines<Given>;
  readonly #journals: Journals<CustomJournal>;
  readonly #now: () => number;

  constructor({ folder, now = Date.now }: CustomKindOptions) {
    const own = join(folder, "custom");
    mkdirSync(own, { recursive: true, mode: ownerOnlyFolder });
    this.#given = new JsonLines(join(own, "given.jsonl"));
    this.#journals = new Journals(join(own, "undos"));
    this.#now = now;
    this.programs = new Programs(now);
  }

  /** Keeps what an action hands in; what it handed in before under the same name is replaced. */
  give(key: ActionKey, agent: string, handedIn: HandedIn): void {
    this.#given.append({ at: this.#now(), key, agent, ...handedIn });
  }

  /** Whether anything was ever handed in for a run, taken back or not. */
  hasAny(runId: string): boolean {
    return this.#given.all().some(({ key }) => key.runId === runId);
  }

  async ended(): Promise<void> {}

  async cancelled(): Promise<void> {}

  underWay(): [] {
    return [];
  }

  changesOf(selection: Selection): PathChange[] {
    return this.#selected(selection).map((given) => ({ ...shown(given, given.summary), actionIds: [given.key.actionId] }));
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
    const items = this.#selected(selection).toReversed();
    if (items.length === 0) return [];
    const previews = await Promise.all(items.map(async (item) => ({ item, found: await this.#preview(item) })));
    const ready = previews.filter(({ found }) => found.isDone);
    const left = previews.filter(({ found }) => !found.isDone);
    return [
      {
        // Last of all: what a program did can't be taken back when something else fails.
        since: 0,
        changes: ready.map(({ item, found }) => ({ ...shown(item, found.sentence), runs: [runLine(item)] })),
        conflicts: left.map(({ item, found }) => ({ of: "custom", path: pathOf(item), sentence: found.sentence })),
        means: previews,
        begin: (partId) =>
          this.#begin(
            partId,
            ready.map(({ item }) => item),
          ),
      },
    ];
  }

  async planRedo(partId: string): Promise<Part | null> {
    const journal = this.#journals.read(partId);
    if (!journal) return null;
    const conflicts = this.#reached(journal).map((item): PathLeft => ({ of: "custom", path: pathOf(item), sentence: noWayBack }));
    return { since: 0, changes: [], conflicts, means: conflicts, begin: (id) => this.#begin(id, []) };
  }

  async carryOut(partId: string): Promise<UndoEnd> {
    let journal = this.#journals.read(partId);
    if (!journal) throw new Error(`There is no journal of part ${partId}.`);
    // One that hangs is waited for once, and not again for each thing that it was handed: other undos wait meanwhile.
    const silent = new Set<string>();
    while (journal.done < journal.items.length) {
      const item = journal.items[journal.done] as Item;
      const { left, isVerified, isSilent }: TakenBack = silent.has(programOf(item))
        ? { left: `The program that registers ${item.handler} did not answer before this, so it was not asked again.`, isVerified: true }
        : await this.#takeBack(item, `${partId}-${journal.done}`);
      if (isSilent) silent.add(programOf(item));
      journal = {
        ...journal,
        done: journal.done + 1,
        left: left === null ? journal.left : [...journal.left, { path: pathOf(item), sentence: left }],
        unverified: isVerified ? journal.unverified : [...journal.unverified, pathOf(item)],
      };
      this.#journals.write(journal);
    }
    this.#journals.write((journal = { ...journal, state: "done" }));
    return {
      restored: this.#reached(journal).map(pathOf),
      conflicts: journal.left.map((left) => ({ of: "custom", ...left })),
      unverified: journal.unverified,
    };
  }

  /** What a program has done is done. */
  async backOut(partId: string): Promise<UndoEnd> {
    const journal = this.#journals.read(partId);
    const paths = journal ? this.#reached(journal).map(pathOf) : [];
    return { restored: [], conflicts: [], unverified: paths, ...(paths.length === 0 ? {} : { failure: noWayBack }) };
  }

  sweep(olderThan: number): Set<string> {
    this.#given.replace(this.#given.all().filter(({ at }) => at >= olderThan));
    this.#journals.drop(olderThan, ({ state }) => state === "done");
    return new Set();
  }

  async close(): Promise<void> {
    this.programs.close();
  }

  async #preview(item: Item): Promise<UndoTaskAnswer> {
    const there = this.programs.there(item.agent, item.handler);
    if (!there) return { isDone: false, sentence: `Waits for a program of ${item.agent} that registers ${item.handler}: ${item.summary}` };
    const answer = await this.#ask(item, { kind: "preview", id: `p-${randomUUID()}` }, previewMs);
    const sentence = answer?.sentence ?? `The program that registered ${item.handler} did not say what it would do.`;
    const means = there.isCompensation ? " It takes back the effect by a further act, and doesn't undo it." : "";
    return { isDone: answer?.isDone ?? false, sentence: answer?.isDone === true ? `${sentence}${means}` : sentence };
  }

  /** Asked again after a crash, a program gets the same name for it: it must not do it twice. */
  async #takeBack(item: Item, id: string): Promise<TakenBack> {
    const answer = await this.#ask(item, { kind: "undo", id }, bounds.customUndoMs);
    if (answer === null)
      return {
        left: `The program that registers ${item.handler} did not answer in ${bounds.customUndoMs / 1_000} s.`,
        isVerified: true,
        isSilent: true,
      };
    if (!answer.isDone) return { left: `${item.handler}: ${answer.sentence}`, isVerified: true };
    const verified = await this.#ask(item, { kind: "verify", id: `${id}-verify` }, previewMs);
    return { left: null, isVerified: verified?.isDone === true };
  }

  #ask({ agent, handler, key, data }: Item, { kind, id }: Pick<UndoTask, "kind" | "id">, limitMs: number): Promise<UndoTaskAnswer | null> {
    return this.programs.ask({ agent, task: { id, kind, handler, actionId: key.actionId, data } }, { limitMs, againMs });
  }

  #begin(partId: string, items: readonly Item[]): void {
    this.#journals.write({ id: partId, items, done: 0, left: [], unverified: [], state: "running" });
  }

  #reached({ items, left, done }: CustomJournal): Item[] {
    return items.slice(0, done).filter((item) => !left.some(({ path }) => path === pathOf(item)));
  }

  /** What was handed in last under each name, and was not taken back yet. */
  #selected(selection: Selection): Given[] {
    const taken = new Set(this.#journals.all().flatMap((journal) => this.#reached(journal).map(pathOf)));
    const wanted = this.#given
      .all()
      .filter((given) => isByWanted([given.key], selection) && isPathWanted(pathOf(given), selection.only) && !taken.has(pathOf(given)));
    return [...new Map(wanted.map((given) => [pathOf(given), given])).values()];
  }
}

interface TakenBack {
  /** Why it stays; null once it is taken back. */
  readonly left: string | null;
  readonly isVerified: boolean;
  readonly isSilent?: true;
}

function programOf({ agent, handler }: Item): string {
  return JSON.stringify([agent, handler]);
}

const noWayBack = "What a program has taken back can't be done again by us.";

function pathOf({ handler, key }: Pick<Given, "handler" | "key">): string {
  return `${handler}/${key.actionId}`;
}

function shown(item: Item, sentence: string): Omit<PathChange, "actionIds"> & { readonly actionIds: readonly string[] } {
  return { of: "custom", path: pathOf(item), kind: "changed", sentence, diff: null, runs: [], actionIds: [] };
}

function runLine({ handler, agent, key, summary }: Item): string {
  return `${handler} of ${agent}, for ${key.actionId}: ${summary}`;
}
