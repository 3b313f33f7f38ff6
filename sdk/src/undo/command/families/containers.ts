import { eachAlone, linesOf, operandsOf, type Call, type Family, type ThingChange } from "../family.js";
import { told } from "../run-program.js";

const verbs =
  /^(run|create|start|stop|restart|kill|rm|pause|unpause|rename|compose|container|network|volume|up|down|pull|tag|untag|build|buildx|rmi|image|import|load|commit)$/;

/** Containers, networks, volumes and tagged images of one engine; a place is its program. */
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
    for (const { kind, argv } of lists) {
      for (const line of linesOf(told(await ask({ argv: [program, ...argv] })))) {
        const [name = "", ...state] = line.split("\t");
        // An image that nothing names is what a build leaves behind.
        if (name.includes("<none>")) continue;
        found.set(`${kind} ${name}`, state.join(" "));
      }
    }
    return found;
  },
  ways: ([program = ""], changes) => eachAlone(changes, (change) => way(program, change)),
};

/** A container is told by its id: one that was made anew under the same name is another. */
const lists = [
  { kind: "container", argv: ["ps", "--all", "--no-trunc", "--format", "{{.Names}}\t{{.ID}}\t{{.State}}"] },
  { kind: "network", argv: ["network", "ls", "--no-trunc", "--format", "{{.Name}}\t{{.ID}}"] },
  { kind: "volume", argv: ["volume", "ls", "--format", "{{.Name}}\t{{.Driver}}"] },
  { kind: "image", argv: ["image", "ls", "--no-trunc", "--format", "{{.Repository}}:{{.Tag}}\t{{.ID}}"] },
];

function way(program: string, { name, from, to }: ThingChange): Call[] | string {
  const [kind = "", own = ""] = name.split(" ");
  const [id = "", state = ""] = (from ?? "").split(" ");
  const [oldId, oldState = ""] = (to ?? "").split(" ");
  if (kind === "volume")
    return to === null
      ? `The volume stays: what was put in it since can't be told. To remove it: ${program} volume rm ${own}`
      : "A volume that was removed is gone, and what was in it.";
  if (kind === "image") return imageWay(program, { own, id: oldId, isThere: to !== null });
  if (to === null) return [{ argv: kind === "network" ? [program, "network", "rm", id] : [program, "rm", "--force", id] }];
  if (from === null || oldId !== id) return `A ${kind} that was removed can't be made again as it was.`;
  return turned(program, { id, from: state, to: oldState });
}

/** A tag goes back to the image that had it, while that is here; a new one goes, and with an image's last tag the image. */
function imageWay(
  program: string,
  { own, id = "", isThere }: { readonly own: string; readonly id: string | undefined; readonly isThere: boolean },
): Call[] | string {
  return [{ argv: isThere ? [program, "tag", id, own] : [program, "rmi", "--no-prune", own] }];
}

function turned(program: string, { id, from, to }: { readonly id: string; readonly from: string; readonly to: string }): Call[] | string {
  const isUp = (state: string) => state === "running" || state === "paused";
  if (to === "created") return "Once started, a container can't be as it was before.";
  const call = (verb: string): Call => ({ argv: [program, verb, id] });
  return [
    ...(from === "paused" && to !== "paused" ? [call("unpause")] : []),
    ...(isUp(to) && !isUp(from) ? [call("start")] : []),
    ...(to === "paused" && from !== "paused" ? [call("pause")] : []),
    ...(!isUp(to) && isUp(from) ? [call("stop")] : []),
  ];
}
