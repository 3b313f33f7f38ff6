import { asRoot, eachAlone, hasOnlyOptions, isElsewhere, operandsOf, type Ask, type Call, type Family, type Asking } from "../family.js";
import type { Things, ThingChange, Ways } from "../family.js";
import { notLookedAt, told } from "../run-program.js";
import { askShow, dependentsRunning, shortUnit, stateOf, unitsAlong, type Unit } from "./related-units.js";
import { linksOf, startingWay } from "./unit-links.js";

const verbs = /^(start|stop|restart|try-restart|reload-or-restart|kill|enable|disable|reenable|mask|unmask|preset)$/;
/** Verbs that are given a file, and not what is mounted at a path. */
const verbsOfFiles = /^(enable|reenable)$/;

/**
 * One unit of systemd: whether it runs, with those that systemd starts and stops along with it, and whether it starts by itself, with the
 * links that stand for that. A place is a unit, of the system or of a user. A unit that is not there neither runs nor starts by itself.
 */
export const systemd: Family = {
  name: "systemd",
  placesOf: ({ program, words }) => {
    const whose = words.includes("--user") ? "user" : "system";
    const [first = "", ...rest] = operandsOf(words, ["-H", "--host", "-M", "--machine", "-s", "--signal"]);
    if (isElsewhere(words)) return [];
    // A pattern stands for units that nobody has named.
    const named = rest.filter((unit) => !/[*?[]/.test(unit));
    if (program === "systemctl" && verbs.test(first))
      return named.map((unit) => [whose, shortUnit(verbsOfFiles.test(first) ? unit.replace(/^.*\//, "") : unit)]);
    const [verb = ""] = rest;
    return program === "service" && verbs.test(verb) ? [["system", shortUnit(first)]] : [];
  },
  // `--user` is whoever's the command runs as; `--runtime`, `--global` and `--force` change more than is looked at, `--now` what runs.
  isAllOf: ({ program, words }) => {
    const [verb = "", ...units] = operandsOf(words);
    const isNamed = units.every((unit) => /^[\w@.:-]+$/.test(unit));
    return program === "systemctl" && /^(enable|disable|mask|unmask)$/.test(verb) && isNamed && hasOnlyOptions(words, plainOptions);
  },
  named: ([whose, unit]) => `service ${unit}${whose === "user" ? " of the user" : ""}`,
  look: async ([whose, unit = ""], { ask }) => {
    const own: Unit = { name: unit, options: ofUser(whose) };
    const shown = await askShow(own, ask);
    if (shown === null) return new Map(await lookAtFiles(own, ask));
    const along = await unitsAlong(own, shown, ask);
    return new Map([
      ["runs", stateOf(shown)],
      ...along.map((each) => [`${each.name} runs`, each.state] as const),
      ...(await lookAtFiles(own, ask)),
    ]);
  },
  ways: async ([whose, unit = ""], changes, machine) => {
    const own: Unit = { name: unit, options: ofUser(whose) };
    const running = changes.filter(({ name }) => /(^| )runs$/.test(name));
    const starting = changes.filter((change) => !running.includes(change));
    const [ran, started] = [await runningWays(own, running, machine), await startingWay(own, starting, machine.ask)];
    // What is masked can't be started.
    return { steps: [...started.steps, ...ran.steps], cannot: [...started.cannot, ...ran.cannot] };
  },
};

const plainOptions = ["--system", "--quiet", "-q", "--no-ask-password"];

/** Whether it starts by itself, which stands in files: also where systemd does not run (a container, an image that is built). */
async function lookAtFiles(unit: Unit, ask: Ask): Promise<[string, string][]> {
  const { stdout, stderr } = await ask({ argv: ["systemctl", ...unit.options, "is-enabled", "--full", "--", unit.name] });
  const [state = "", ...links] = stdout.split("\n");
  if (state === "" && !/No such file|not found|does not exist/i.test(stderr)) throw notLookedAt(stderr.trim());
  return [["starts by itself", /^(enabled|masked)/.test(state) ? state : "disabled"], ...linksOf(links)];
}

/** Each unit by itself, in a call of its own. One that others need, whom nobody asked to go, runs on. */
async function runningWays(unit: Unit, changes: readonly ThingChange[], { ask }: Asking): Promise<Ways> {
  const unitOf = ({ name }: ThingChange) => (name === "runs" ? unit.name : name.slice(0, -" runs".length));
  const going = changes.filter(({ to }) => to !== "running").map(unitOf);
  const needed = new Map<ThingChange, string[]>();
  for (const change of changes.filter(({ to }) => to !== "running")) {
    const dependents = await dependentsRunning({ ...unit, name: unitOf(change) }, ask);
    needed.set(
      change,
      dependents.filter((name) => !going.includes(name)),
    );
  }
  return eachAlone(changes, (change) => {
    const by = needed.get(change) ?? [];
    if (by.length > 0) return `${by.join(", ")} needs it and would stop with it.`;
    return [unitCall({ ...unit, name: unitOf(change) }, change.to === "running" ? "start" : "stop")];
  });
}

function unitCall({ name, options }: Unit, verb: string): Call {
  const argv = ["systemctl", ...options, verb, "--", name];
  return options.includes("--user") ? { argv } : asRoot(argv);
}

/** What the system starts into. */
export const defaultTarget: Family = {
  name: "default-target",
  placesOf: ({ program, words }) => {
    return program === "systemctl" && operandsOf(words)[0] === "set-default" && !isElsewhere(words) ? [[]] : [];
  },
  isAllOf: ({ words }) => hasOnlyOptions(words, plainOptions),
  named: () => "what the system starts into",
  look: async (_at, { ask }): Promise<Things> => new Map([["target", told(await ask({ argv: ["systemctl", "get-default"] })).trim()]]),
  ways: (_at, changes) =>
    eachAlone(changes, ({ to }) => (to === null ? "There was none." : [asRoot(["systemctl", "set-default", "--", to])])),
};

function ofUser(whose: string | undefined): string[] {
  return whose === "user" ? ["--user"] : [];
}
