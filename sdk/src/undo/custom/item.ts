import { bounds, type HandedInAction, type JsonObject, type UndoTask } from "../../protocol/index.js";
import { isPathWanted, type Selection } from "../kind.js";
import { contentOf, pathOf, type Given, type HandedInActions, type Stored } from "./handed-in.js";

/** What one program is asked to take back at a time, on disk. */
export interface Item {
  readonly agent: string;
  readonly handler: string;
  /** One line for people, the program's. */
  readonly summary: string;
  /** Where it is, as people see it: `refund/a3f9`; of what is taken back together, the handler's name. */
  readonly path: string;
  /** Newest first. */
  readonly actions: readonly ItemAction[];
  readonly isTogether: boolean;
  /** Only these paths below the handler's name. */
  readonly only?: readonly string[] | undefined;
  /** What its preview planned. */
  readonly planned?: Stored<JsonObject>;
  /** Paths that its preview has left already. */
  readonly known: readonly string[];
}

interface ItemAction {
  readonly actionId: string;
  readonly isProvisional?: boolean | undefined;
  readonly said: Stored<{ readonly data: JsonObject }>;
}

/** What is to be asked for what was handed in: each action by itself, or all of one handler together; the newest first. */
export function itemsOf(given: readonly Given[], { only }: Selection): Item[] {
  const groups = Map.groupBy(given.toReversed(), (each) => (each.isTogether === true ? together(each) : pathOf(each)));
  return [...groups.values()].flatMap((own) => {
    const [newest] = own;
    if (!newest) return [];
    const { agent, handler, isTogether = false } = newest;
    const path = isTogether ? handler : pathOf(newest);
    const below = isTogether ? onlyBelow(handler, only) : undefined;
    if (below === undefined ? !isPathWanted(path, only) : below.length === 0) return [];
    const summary = own.length === 1 ? newest.summary : `${newest.summary}, and ${own.length - 1} more before it`;
    const actions = own.map(({ key, isProvisional, said }) => ({ actionId: key.actionId, isProvisional, said }));
    return [{ agent, handler, summary, path, actions, isTogether, only: below, known: [] }];
  });
}

function together({ agent, handler }: Given): string {
  return JSON.stringify([agent, handler]);
}

/** Those of some paths that are below a handler's name; undefined where all of it is meant. */
function onlyBelow(handler: string, only: Selection["only"]): string[] | undefined {
  if (only === undefined || only.includes(handler)) return undefined;
  return only.flatMap((path) => (path.startsWith(`${handler}/`) ? [path.slice(handler.length + 1)] : []));
}

/** The task that asks for it; null where it is more than a program is given at a time. */
export function taskOf(item: Item, { kind, id }: Pick<UndoTask, "kind" | "id">, kept: HandedInActions): UndoTask | null {
  const actions = item.actions.map(({ actionId, isProvisional, said }): HandedInAction => {
    return { actionId, data: kept.read(said).data, ...(isProvisional === true ? { isProvisional } : {}) };
  });
  const [newest, ...earlier] = actions;
  const length = actions.reduce((sum, { data }) => sum + JSON.stringify(data).length, 0);
  if (!newest || length > bounds.undoTogetherLength) return null;
  return {
    ...newest,
    id,
    kind,
    handler: item.handler,
    ...(item.isTogether ? { earlier } : {}),
    ...(item.only === undefined ? {} : { only: item.only }),
    ...(item.planned === undefined ? {} : { planned: kept.read(item.planned) }),
  };
}

export function contentsOf({ actions, planned }: Item): string[] {
  return [...actions.flatMap(({ said }) => contentOf(said)), ...contentOf(planned)];
}
