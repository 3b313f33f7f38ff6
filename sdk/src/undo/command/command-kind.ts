import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { PathChange, PathLeft } from "../../protocol/index.js";
import { Journals } from "../journals.js";
import {
  isByWanted,
  isPathWanted,
  type BeyondFiles,
  type ActionKey,
  type Part,
  type Reservation,
  type Selection,
  type UndoEnd,
  type UndoKind,
} from "../kind.js";
import { accountOf, refusedThings, sentenceOf, shownChange } from "./describe.js";
import type { Asking, SeenCommand, Step, ThingChange, Things } from "./family.js";
import { masked } from "./masked.js";
import { isSamePlace, Observations, type Place, type SeenChange, type SeenThing } from "./observations.js";
import { familyOf, namedPlace, pathOf, placesOf } from "./places.js";
import { inverseOfAll, inversesOf } from "./inverses.js";
import { runProgram, shownCall, stepMs, typedCall } from "./run-program.js";
import { endOf, goOn, type CommandJournal, type Going } from "./steps.js";
import { takeBackThings } from "./take-back.js";
import { ownerOnlyFolder } from "../owner-only.js";

export interface CommandKindOptions {
  readonly folder: string;
  /** What programs are run with, asked each time. */
  readonly environment: () => Readonly<Record<string, string | undefined>>;
  /** Why a command may not be run; null where it may. */
  readonly refusal?: (command: string) => string | null;
  /** How long a look may take: an action waits for it. */
  readonly bounds: { readonly longestMs: number };
  readonly now?: () => number;
}

/** An action's commands, as far as they can have effects outside files. */
export interface SeenCommands {
  readonly commands: readonly SeenCommand[];
  /** Whether none that no family knows has effects beyond files. */
  readonly isAll: (isKnown: (command: SeenCommand) => boolean) => boolean;
}

/** Effects of commands outside files: packages, services, containers, branches of remotes, accounts (E23). */
export class CommandKind implements UndoKind {
  readonly name = "command";
  readonly #observations: Observations;
  readonly #journals: Journals<CommandJournal>;
  readonly #asking: Asking;
  readonly #environment: CommandKindOptions["environment"];
  readonly #refusal: (command: string) => string | null;
  readonly #now: () => number;
  readonly #underWay = new Map<string, { readonly key: ActionKey; readonly places: readonly Place[] }>();
  /** One look at a time: two at once could not tell whose change they see. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor({ folder, environment, bounds, refusal = () => null, now = Date.now }: CommandKindOptions) {
    const own = join(folder, "commands");
    mkdirSync(join(own, "machine"), { recursive: true, mode: ownerOnlyFolder });
    this.#observations = new Observations(own);
    this.#journals = new Journals(join(own, "undos"));
    this.#environment = environment;
    this.#refusal = refusal;
    this.#asking = {
      folder: join(own, "machine"),
      ask: (call) => runProgram(call, { environment: environment(), limitMs: bounds.longestMs }),
    };
    this.#now = now;
    for (const line of this.#observations.all()) {
      if (line.kind === "began") this.#underWay.set(line.action.actionId, { key: line.action, places: line.places });
      if (line.kind === "ended") this.#underWay.delete(line.action.actionId);
    }
  }

  /**
   * Looks at the places that an action's commands may change, before it runs. Where that fails, the account of it says so.
   * @returns why places could not be looked at
   */
  began(key: ActionKey, { commands, isAll }: SeenCommands): Promise<readonly string[]> {
    const places = placesOf(commands);
    if (places.length === 0) return Promise.resolve([]);
    return this.#inTurn(async () => {
      // Of a place that can't be looked at before, nobody could tell afterwards who changed it.
      const { seen, trouble } = await this.#lookAt(places);
      const line = { action: key, places: seen, trouble, isAll: isAll((command) => placesOf([command]).length > 0) };
      this.#observations.append({ kind: "began", at: this.#now(), ...line });
      this.#underWay.set(key.actionId, { key, places: seen });
      return trouble;
    });
  }

  ended(key: ActionKey): Promise<void> {
    return this.#inTurn(async () => {
      const action = this.#underWay.get(key.actionId);
      if (!action) return;
      const { trouble } = await this.#lookAt(action.places);
      this.#forget(key, trouble);
    });
  }

  cancelled(key: ActionKey): Promise<void> {
    return this.#inTurn(() => Promise.resolve(this.#underWay.has(key.actionId) ? this.#forget(key, []) : undefined));
  }

  underWay(runId: string): ActionKey[] {
    return [...this.#underWay.values()].flatMap(({ key }) => (key.runId === runId ? [key] : []));
  }

  changesOf(selection: Selection): PathChange[] {
    return this.#selected(selection).flatMap(({ place, changes }) => {
      const byName = Map.groupBy(changes, ({ name }) => name);
      return [...byName].flatMap(([name, own]) => {
        const [before, after] = [own[0]?.before ?? null, own.at(-1)?.after ?? null];
        const actionIds = own.flatMap(({ by }) => by.flatMap((key) => (key.runId === selection.runId ? [key.actionId] : [])));
        const showing = { ...inverseOfAll(own), actionIds: [...new Set(actionIds)] };
        return before === after ? [] : [shownChange(place, { name, from: before, to: after }, showing)];
      });
    });
  }

  reservations(selection: Selection): Reservation[] {
    const began = this.#observations.all().flatMap((line) => (line.kind === "began" ? [line] : []));
    return this.#selected(selection).flatMap(({ place }) => {
      const paths = familyOf(place).reserves?.(place.at) ?? [];
      const doers = began.filter(({ places }) => places.some((each) => isSamePlace(each, place)));
      return paths.length === 0 ? [] : [{ of: this.name, paths, actionIds: new Set(doers.map(({ action }) => action.actionId)) }];
    });
  }

  beyondFiles(runId: string): BeyondFiles[] {
    const lines = this.#observations.all();
    const troubleOf = (actionId: string) =>
      lines.flatMap((line) => (line.kind !== "observed" && line.action.actionId === actionId ? line.trouble : []));
    return lines.flatMap((line) => {
      if (line.kind !== "began" || line.action.runId !== runId) return [];
      const { actionId } = line.action;
      const seen = lines.flatMap((each) => (each.kind === "observed" ? each.changes : []));
      const changes = seen.filter(({ by }) => by.some((key) => key.actionId === actionId));
      return [{ actionId, ...accountOf(line, { changes, trouble: troubleOf(actionId) }) }];
    });
  }

  async plan(selection: Selection): Promise<Part[]> {
    const parts: Part[] = [];
    for (const { place, changes, since } of this.#selected(selection)) {
      const standing = await this.#inTurn(() => this.#look(place)).catch(sentenceOf);
      parts.push(await this.#part(place, { since, ...takeBackThings(changes, standing, familyOf(place).isStill) }));
    }
    return parts;
  }

  async planRedo(partId: string): Promise<Part | null> {
    const journal = this.#journals.read(partId);
    return journal && this.#back(journal);
  }

  async carryOut(partId: string): Promise<UndoEnd> {
    const journal = this.#journals.read(partId);
    if (!journal) throw new Error(`There is no journal of part ${partId}.`);
    const { place } = journal;
    const done = journal.state === "done" ? journal : await goOn(journal, this.#going(place));
    // What an undo did is nobody's action.
    const now = await this.#inTurn(() => this.#look(place, [])).catch(() => null);
    return endOf(done, now, (name) => pathOf(place, name));
  }

  async backOut(partId: string): Promise<UndoEnd> {
    const journal = this.#journals.read(partId);
    const back = `${partId}-back`;
    if (journal && !this.#journals.read(back)) (await this.#back(journal)).begin(back);
    return this.carryOut(back);
  }

  sweep(olderThan: number): Set<string> {
    this.#observations.drop(olderThan);
    this.#journals.drop(olderThan, ({ state }) => state === "done");
    return new Set();
  }

  async close(): Promise<void> {
    await this.#turn;
  }

  /** What it takes to have things again as they were before a part was carried out. */
  async #back({ place, steps, left }: CommandJournal): Promise<Part> {
    const isLeft = new Set(left.map(({ name }) => name));
    const done = steps.flatMap(({ changes }) => changes).filter(({ name }) => !isLeft.has(name));
    const seen = done.toReversed().map(({ name, from, to }) => ({ name, before: from, after: to }));
    const standing = await this.#inTurn(() => this.#look(place)).catch(sentenceOf);
    return this.#part(place, { since: 0, ...takeBackThings(seen, standing) });
  }

  async #part(
    place: Place,
    { since, wanted, left }: { readonly since: number; readonly wanted: readonly ThingChange[]; readonly left: CommandJournal["left"] },
  ): Promise<Part> {
    const ways = await familyOf(place).ways(place.at, wanted, this.#asking);
    const judged = ways.steps.map((step) => ({ step, why: this.#refused(step) }));
    const steps = judged.flatMap(({ step, why }) => (why === undefined ? [step] : []));
    const cannot = [...ways.cannot, ...judged.flatMap(({ step, why }) => refusedThings(step, why))];
    const conflict = ({ name, sentence }: CommandJournal["left"][number]): PathLeft => ({
      of: "command",
      path: pathOf(place, name),
      sentence: masked(sentence),
    });
    return {
      since,
      changes: steps.flatMap(({ changes, calls }) => changes.map((change) => shownChange(place, change, { runs: calls.map(shownCall) }))),
      conflicts: [...left, ...cannot].map(conflict),
      means: { place, steps },
      begin: (partId) => this.#journals.write({ id: partId, place, steps, done: 0, left: [], state: "running" }),
    };
  }

  /** Why the policy does not have one of its calls run. */
  #refused({ calls }: Step): string | undefined {
    return calls.map((call) => this.#refusal(typedCall({ argv: call.argv, folder: call.folder }))).find((why) => why !== null) ?? undefined;
  }

  #going(place: Place): Going {
    const run: Going["run"] = (call) => runProgram(call, { environment: this.#environment(), limitMs: stepMs });
    return { journals: this.#journals, family: familyOf(place), asking: this.#asking, run };
  }

  /** @returns those that were seen, and of the others why not */
  async #lookAt(places: readonly Place[]): Promise<{ readonly seen: Place[]; readonly trouble: string[] }> {
    const seen: Place[] = [];
    const trouble: string[] = [];
    for (const place of places) {
      try {
        await this.#look(place);
        seen.push(place);
      } catch (error) {
        trouble.push(`could not look at ${namedPlace(place)}: ${sentenceOf(error)}`);
      }
    }
    return { seen, trouble };
  }

  async #look(place: Place, by: readonly ActionKey[] = this.#doersIn(place)): Promise<Things> {
    const things = await familyOf(place).look(place.at, this.#asking);
    const inverses = (changes: readonly SeenChange[]) => inversesOf(place, changes, this.#asking);
    await this.#observations.note(place, things, { at: this.#now(), by, inversesOf: inverses });
    return things;
  }

  #doersIn(place: Place): ActionKey[] {
    return [...this.#underWay.values()].flatMap(({ key, places }) => (places.some((each) => isSamePlace(each, place)) ? [key] : []));
  }

  #forget(key: ActionKey, trouble: readonly string[]): void {
    this.#underWay.delete(key.actionId);
    this.#observations.append({ kind: "ended", at: this.#now(), action: key, trouble });
  }

  #selected(selection: Selection): { readonly place: Place; readonly changes: readonly SeenThing[]; readonly since: number }[] {
    const seen = this.#observations.all().flatMap((line) => (line.kind === "observed" ? [line] : []));
    const places = new Map(seen.map(({ place }) => [JSON.stringify(place), place]));
    return [...places.values()].flatMap((place) => {
      const own = seen.filter((line) => isSamePlace(line.place, place));
      const isWanted = ({ name, by }: SeenThing) => isByWanted(by, selection) && isPathWanted(pathOf(place, name), selection.only);
      const changes = own.flatMap((line) => line.changes.filter(isWanted));
      const since = Math.min(...own.filter((line) => line.changes.some(isWanted)).map(({ at }) => at));
      return changes.length === 0 ? [] : [{ place, changes, since }];
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}
