import type { Ask } from "../family.js";
import { told } from "../run-program.js";

/** A unit of systemd, and the options that say whose. */
export interface Unit {
  readonly name: string;
  readonly options: readonly string[];
}

/** What systemd says of a unit, by property. */
type Shown = ReadonlyMap<string, string>;

/** Where systemd does not run, or what is asked about is a template, which never runs itself. */
const hasNoState = /not been booted with systemd|Failed to connect to bus|neither a valid invocation ID nor unit name/;
/** What groups units, or belongs to the kernel. */
const ofNoProgram = /\.(target|slice|device|scope)$/;
const suffix = /\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/;
const startedAlong = ["Requires", "Wants", "BindsTo", "Upholds"];
const stoppedAlong = ["RequiredBy", "BoundBy", "ConsistsOf"];
/** Started, it stops these; they, it. */
const against = ["Conflicts", "ConflictedBy"];
const properties = `--property=ActiveState,${[...startedAlong, ...stoppedAlong, ...against].join(",")}`;
/** Most units that are looked at along with one. */
const mostUnits = 100;

/** A unit's name without what goes without saying, so that it is one place however it was written. */
export function shortUnit(name: string): string {
  const short = name.replace(/\.service$/, "");
  return suffix.test(short) ? name : short;
}

/** @returns null where it has no state: nothing runs there, or it is a template */
export async function askShow({ name, options }: Unit, ask: Ask): Promise<Shown | null> {
  const asked = await ask({ argv: ["systemctl", ...options, "show", properties, "--", name] });
  if (asked.status !== 0 && hasNoState.test(asked.stderr)) return null;
  return propertiesIn(told(asked));
}

export function stateOf(shown: Shown): "running" | "stopped" {
  return /^(active|activating|reloading|refreshing)$/.test(shown.get("ActiveState") ?? "") ? "running" : "stopped";
}

/** Those that systemd starts or stops along with one, and how they stand. `shown` is what it says of the one. */
export async function unitsAlong(unit: Unit, shown: Shown, ask: Ask): Promise<{ readonly name: string; readonly state: string }[]> {
  const asking = { unit, ask };
  const started = await reached(shown, startedAlong, asking);
  const stopped = await reached(shown, stoppedAlong, asking);
  const opposed = await reached(shown, against, { ...asking, isOneStep: true });
  const along = [...new Map([...started, ...stopped, ...opposed])].map(([name, each]) => ({ name, state: stateOf(each) }));
  return along.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** Units that run and would stop with this one. */
export async function dependentsRunning(unit: Unit, ask: Ask): Promise<string[]> {
  const shown = await askShow(unit, ask);
  const found = shown === null ? [] : await reached(shown, stoppedAlong, { unit, ask });
  return [...found].flatMap(([name, each]) => (stateOf(each) === "running" ? [name] : []));
}

interface Asking {
  readonly unit: Unit;
  readonly ask: Ask;
  readonly isOneStep?: boolean;
}

/** Other units by what relates them to one, a question for each step of the way. */
async function reached(from: Shown, relations: readonly string[], { unit, ask, isOneStep = false }: Asking): Promise<Map<string, Shown>> {
  const found = new Map<string, Shown>();
  const relatedTo = (shown: Shown) => relations.flatMap((relation) => (shown.get(relation) ?? "").split(" "));
  const others = (shown: readonly Shown[]) => {
    const plain = shown.flatMap(relatedTo).filter((name) => name !== "" && !ofNoProgram.test(name));
    return [...new Set(plain.map(shortUnit))].filter((name) => name !== unit.name && !found.has(name));
  };
  let next = others([from]);
  while (next.length > 0 && found.size < mostUnits) {
    const asked = next.slice(0, mostUnits);
    const blocks = told(await ask({ argv: ["systemctl", ...unit.options, "show", properties, "--", ...asked] })).split(/\n\n+/);
    for (const [at, name] of asked.entries()) found.set(name, propertiesIn(blocks[at] ?? ""));
    next = isOneStep ? [] : others(asked.flatMap((name) => found.get(name) ?? []));
  }
  return found;
}

function propertiesIn(text: string): Shown {
  return new Map([...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]));
}
