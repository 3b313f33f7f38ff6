import {
  asRoot,
  eachAlone,
  hasOnlyOptions,
  isElsewhere,
  operandsOf,
  type Ask,
  type Call,
  type Family,
  type ThingChange,
  type Things,
} from "../family.js";
import { notLookedAt, told } from "../run-program.js";

const verbs = /^(start|stop|restart|try-restart|reload-or-restart|kill|enable|disable|reenable|mask|unmask|preset|isolate)$/;

/** One unit of systemd: whether it runs, and whether it starts by itself. A place is a unit, of the system or of a user. */
export const systemd: Family = {
  name: "systemd",
  placesOf: ({ program, words }) => {
    const whose = words.includes("--user") ? "user" : "system";
    const [first = "", ...rest] = operandsOf(words, ["-H", "--host", "-M", "--machine", "-s", "--signal"]);
    if (isElsewhere(words)) return [];
    // A pattern stands for units that nobody has named.
    if (program === "systemctl" && verbs.test(first)) return rest.filter((unit) => !/[*?[]/.test(unit)).map((unit) => [whose, unit]);
    const [verb = ""] = rest;
    return program === "service" && verbs.test(verb) ? [["system", first]] : [];
  },
  // `--user` is whoever's the command runs as; `--runtime`, `--global` and `--force` change more than is looked at, `--now` what runs.
  isAllOf: ({ program, words }) => {
    const [verb = "", ...units] = operandsOf(words);
    const isNamed = units.every((unit) => /^[\w@.:-]+$/.test(unit));
    return program === "systemctl" && /^(enable|disable|mask|unmask)$/.test(verb) && isNamed && hasOnlyOptions(words, plainOptions);
  },
  named: ([whose, unit]) => `service ${unit}${whose === "user" ? " of the user" : ""}`,
  look: async ([whose, unit = ""], { ask }) => {
    const asked = await ask({
      argv: ["systemctl", ...ofUser(whose), "show", "--property=LoadState,ActiveState,UnitFileState", "--", unit],
    });
    if (asked.status !== 0 && isOffline.test(asked.stderr)) return lookOffline([whose, unit], ask);
    const said = told(asked);
    const property = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(said)?.[1] ?? "";
    if (property("LoadState") === "not-found") return new Map();
    const active = /^(active|activating|reloading)$/.test(property("ActiveState")) ? "running" : "stopped";
    return new Map([
      ["runs", active],
      ["starts by itself", property("UnitFileState")],
    ]);
  },
  ways: ([whose, unit = ""], changes) => eachAlone(changes, (change) => way(change, { whose, unit })),
};

const plainOptions = ["--system", "--quiet", "-q", "--no-ask-password"];

const isOffline = /not been booted with systemd|Failed to connect to bus/;

/** Where systemd does not run (a container, an image that is built): nothing runs, and what starts by itself stands in files. */
async function lookOffline([whose, unit]: readonly [string | undefined, string], ask: Ask): Promise<Things> {
  const { stdout, stderr } = await ask({ argv: ["systemctl", ...ofUser(whose), "is-enabled", "--", unit] });
  const state = stdout.trim();
  if (state === "" && !/No such file|not found/i.test(stderr)) throw notLookedAt(stderr.trim());
  return new Map(state === "" || state === "not-found" ? [] : [["starts by itself", state]]);
}

/** What the system starts into. */
export const defaultTarget: Family = {
  name: "default-target",
  placesOf: ({ program, words }) => {
    return program === "systemctl" && operandsOf(words)[0] === "set-default" && !isElsewhere(words) ? [[]] : [];
  },
  isAllOf: ({ words }) => hasOnlyOptions(words, plainOptions),
  named: () => "what the system starts into",
  look: async (_at, { ask }) => new Map([["target", told(await ask({ argv: ["systemctl", "get-default"] })).trim()]]),
  ways: (_at, changes) =>
    eachAlone(changes, ({ to }) => (to === null ? "There was none." : [asRoot(["systemctl", "set-default", "--", to])])),
};

function way(
  { name, from, to }: ThingChange,
  { whose, unit }: { readonly whose: string | undefined; readonly unit: string },
): Call[] | string {
  const call = (verb: string): Call => {
    const argv = ["systemctl", ...ofUser(whose), verb, "--", unit];
    return whose === "user" ? { argv } : asRoot(argv);
  };
  if (name === "runs" && to !== null) return [call(to === "running" ? "start" : "stop")];
  const set = { enabled: "enable", disabled: "disable", masked: "mask" }[to ?? ""];
  // A unit that only others start is as it was without the mask.
  if (from === "masked" && /^(static|indirect|generated|alias)$/.test(to ?? "")) return [call("unmask")];
  if (set === undefined) return `How it was before (${to ?? "not there"}) is not for systemctl to set.`;
  return [...(from === "masked" ? [call("unmask")] : []), call(set)];
}

function ofUser(whose: string | undefined): string[] {
  return whose === "user" ? ["--user"] : [];
}
