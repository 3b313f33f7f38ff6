import { linesOf, operandsOf, type Ask, type Call, type Family, type ThingChange, type Ways } from "../family.js";
import { told } from "../run-program.js";

const verbs =
  /^(run|create|start|stop|restart|kill|rm|pause|unpause|rename|compose|container|network|volume|up|down|pull|tag|untag|build|buildx|rmi|image|import|load|commit)$/;

/**
 * Containers, networks, volumes and tagged images of one engine; a place is its program. A container is told by its id, which it keeps when
 * it is renamed, and its state is its name and whether it runs: one that was made anew under the same name is another.
 */
export const containers: Family = {
  name: "containers",
  placesOf: ({ program, words }) => {
    const isElsewhere = words.some((word) => /^(-H|-c(?!pus)|--(host|context|url|connection|config)(=|$))/.test(word ?? ""));
    const [verb = ""] = operandsOf(words);
    if (/^(docker|podman)-compose$/.test(program)) return [[program.replace("-compose", "")]];
    return /^(docker|podman)$/.test(program) && !isElsewhere && verbs.test(verb) ? [[program]] : [];
  },
  named: ([program]) => `${program}'s containers and images`,
  look: async ([program = ""], { ask }) => {
    const found = new Map<string, string>();
    for (const { argv, thing } of lists) {
      for (const line of linesOf(told(await ask({ argv: [program, ...argv] })))) {
        const [name, state] = thing(line.split("\t"));
        // An image that nothing names is what a build leaves behind.
        if (!name.includes("<none>")) found.set(name, state);
      }
    }
    return found;
  },
  isStill: (left, now) => {
    const [was, is] = [containerState(left), containerState(now)];
    return was.name === is.name && was.state === "running" && is.state === "stopped";
  },
  ways: async ([program = ""], changes, { ask }) => {
    const remade = remadeIn(changes);
    const ways = await Promise.all(
      changes.map(async (change) => ({ change, found: remade.get(change) ?? (await way({ program, ask }, change)) })),
    );
    return waysOf(ways);
  },
};

interface List {
  readonly argv: readonly string[];
  /** A line's fields, as a thing and its state. */
  readonly thing: (fields: readonly string[]) => readonly [name: string, state: string];
}

/** In the order in which they let go of each other: containers use networks, volumes and images. */
const lists: readonly List[] = [
  {
    argv: ["ps", "--all", "--no-trunc", "--format", "{{.Names}}\t{{.ID}}\t{{.State}}"],
    thing: ([names = "", id = "", state = ""]) => [`container ${id}`, `${ownName(names)} ${stateNow(state)}`],
  },
  {
    argv: ["network", "ls", "--no-trunc", "--format", "{{.Name}}\t{{.ID}}"],
    thing: ([name = "", id = ""]) => [`network ${name}`, id],
  },
  {
    argv: ["volume", "ls", "--format", "{{.Name}}\t{{.Driver}}"],
    thing: ([name = "", driver = ""]) => [`volume ${name}`, driver],
  },
  {
    argv: ["image", "ls", "--no-trunc", "--format", "{{.Repository}}:{{.Tag}}\t{{.ID}}"],
    thing: ([name = "", id = ""]) => [`image ${name}`, id],
  },
];

/** Among a container's names are those that others' links give it: `db,web/db`. */
function ownName(names: string): string {
  return names.split(",").find((name) => !name.includes("/")) ?? names;
}

/** What a container does, as far as it can be set back: one that starts again and again runs; one that never ran, or died, stands still. */
function stateNow(state: string): string {
  if (/^(running|restarting|up)\b/i.test(state)) return "running";
  return /^paused\b/i.test(state) ? "paused" : "stopped";
}

function containerState(text: string): { readonly name: string; readonly state: string } {
  const [name = "", state = ""] = text.split(" ");
  return { name, state };
}

/** Containers that took the name of one that went: without the one before, taking the new one away helps nobody. */
function remadeIn(changes: readonly ThingChange[]): Map<ThingChange, string> {
  const own = changes.filter(({ name }) => name.startsWith("container "));
  const nameIn = (state: string | null) => (state === null ? null : containerState(state).name);
  const gone = new Set(own.filter(({ from }) => from === null).map(({ to }) => nameIn(to)));
  const made = own.filter(({ from, to }) => to === null && gone.has(nameIn(from)));
  return new Map(made.map((change) => [change, `It was made anew, and the one before it can't be made again as it was, so it stays.`]));
}

function waysOf(ways: readonly { readonly change: ThingChange; readonly found: readonly Call[] | string }[]): Ways {
  const kinds = ["container", "network", "volume", "image"];
  const rank = ({ change }: (typeof ways)[number]) => kinds.indexOf(change.name.split(" ")[0] ?? "");
  const inOrder = ways.toSorted((one, other) => rank(one) - rank(other));
  return {
    steps: inOrder.flatMap(({ change, found }) => (typeof found === "string" ? [] : [{ changes: [change], calls: found }])),
    cannot: inOrder.flatMap(({ change, found }) => (typeof found === "string" ? [{ name: change.name, sentence: found }] : [])),
  };
}

interface Engine {
  readonly program: string;
  readonly ask: Ask;
}

async function way(engine: Engine, { name, from, to }: ThingChange): Promise<Call[] | string> {
  const { program } = engine;
  const [kind = "", own = ""] = name.split(" ");
  if (kind === "container") return containerWay(program, { id: own, from, to });
  if (kind === "image") return imageWay(engine, { tag: own, id: to });
  if (kind === "volume")
    return to === null
      ? `The volume stays: what was put in it since can't be told. To remove it: ${program} volume rm ${own}`
      : "A volume that was removed is gone, and what was in it.";
  return to === null ? [{ argv: [program, "network", "rm", from ?? ""] }] : "A network that was removed can't be made again as it was.";
}

/** A tag goes back to the image that had it, while that is here; a new one goes, and with an image's last tag the image. */
async function imageWay(
  { program, ask }: Engine,
  { tag, id }: { readonly tag: string; readonly id: string | null },
): Promise<Call[] | string> {
  if (id === null) return [{ argv: [program, "rmi", "--no-prune", tag] }];
  const { status } = await ask({ argv: [program, "image", "inspect", "--format", "{{.Id}}", id] });
  return status === 0 ? [{ argv: [program, "tag", id, tag] }] : `The image is gone (${id}): only who built or pulled it has it again.`;
}

function containerWay(
  program: string,
  { id, from, to }: { readonly id: string; readonly from: string | null; readonly to: string | null },
): Call[] | string {
  const call = (...words: readonly string[]): Call => ({ argv: [program, ...words] });
  if (to === null) return [call("rm", "--force", id)];
  if (from === null) return "A container that was removed can't be made again as it was.";
  const [now, old] = [containerState(from), containerState(to)];
  const isUp = (state: string) => state !== "stopped";
  return [
    ...(now.state === "paused" && old.state !== "paused" ? [call("unpause", id)] : []),
    ...(isUp(old.state) && !isUp(now.state) ? [call("start", id)] : []),
    ...(old.state === "paused" && now.state !== "paused" ? [call("pause", id)] : []),
    ...(!isUp(old.state) && isUp(now.state) ? [call("stop", id)] : []),
    ...(now.name === old.name ? [] : [call("rename", id, old.name)]),
  ];
}
