import { asRoot, type Ask, type Call, type ThingChange, type Ways } from "../family.js";
import { shortUnit, type Unit } from "./related-units.js";

// Whether a unit starts by itself is a matter of links to it: some by its own [Install], some by a person's `add-wants`, and some to other
// units that go along with it (`Also=`), which may have been there before. Each link is a thing of its own, so that all of them go back.

const linkWords = "link ";

/** The links that `systemctl is-enabled --full` lists: what disabling a unit would remove. */
export function linksOf(lines: readonly string[]): [string, string][] {
  const found = lines.map((line) => /^\s+\/\S*?\/systemd\/(?:system|user)(?:\.control)?\/(\S+)$/.exec(line)?.[1]);
  return found.flatMap((link): [string, string][] => (link === undefined ? [] : [[`${linkWords}${link}`, "there"]]));
}

/** What puts a unit and its links back, in one go. */
export async function startingWay(unit: Unit, changes: readonly ThingChange[], ask: Ask): Promise<Ways> {
  if (changes.length === 0) return { steps: [], cannot: [] };
  const call = (...words: readonly string[]): Call => {
    const argv = ["systemctl", ...unit.options, ...words];
    return unit.options.includes("--user") ? { argv } : asRoot(argv);
  };
  const wanted = await linksWanted(unit, changes, ask);
  const calls = mainCalls(changes).map((verb) => call(...verb, "--", unit.name));
  const own = await installOf(unit, ask);
  const others = own.also.filter((name) => !wanted.some((link) => isOf(link, name)));
  const isEnabled = calls.some(({ argv }) => argv.includes("enable"));
  const isDisabled = calls.some(({ argv }) => argv.includes("disable"));
  // What is enabled along with it, and was not before, goes again; and with each that goes may go what should stay.
  if (isEnabled) calls.push(...others.map((name) => call("disable", "--", name)));
  const isLost = (link: string) => isDisabled || (isEnabled && others.length > 0) || !own.links.has(link);
  for (const link of wanted.filter(isLost)) {
    const [, target, how = "", name] = /^(.+)\.(wants|requires)\/(.+)$/.exec(link) ?? [];
    if (target !== undefined && name !== undefined) calls.push(call(`add-${how}`, "--", target, name));
  }
  return { steps: [{ changes, calls }], cannot: [] };
}

function isOf(link: string, unit: string): boolean {
  return shortUnit(link.replace(/^.*\//, "")) === unit;
}

/** The links that should be there in the end: those that are there now, but for what goes, and what comes back. */
async function linksWanted({ name, options }: Unit, changes: readonly ThingChange[], ask: Ask): Promise<string[]> {
  const { stdout } = await ask({ argv: ["systemctl", ...options, "is-enabled", "--full", "--", name] });
  const now = linksOf(stdout.split("\n").slice(1)).map(([link]) => link);
  const going = new Set(changes.filter(({ to }) => to === null).map((change) => change.name));
  const coming = changes.filter((change) => change.to !== null && change.name.startsWith(linkWords)).map((change) => change.name);
  return [...new Set([...now, ...coming])].filter((link) => !going.has(link)).map((link) => link.slice(linkWords.length));
}

/** Verbs for the unit itself, each with its options. */
function mainCalls(changes: readonly ThingChange[]): string[][] {
  const state = changes.find(({ name }) => !name.startsWith(linkWords));
  const atRuntime = (text: string) => (text.endsWith("-runtime") ? ["--runtime"] : []);
  const unmask = state?.from?.startsWith("masked") === true ? [["unmask", ...atRuntime(state.from)]] : [];
  if (state?.to?.startsWith("masked") === true) return [...unmask, ["mask", ...atRuntime(state.to)]];
  if (state?.to?.startsWith("enabled") === true) return [...unmask, ["enable", ...atRuntime(state.to)]];
  const goes = state !== undefined || changes.some(({ to }) => to === null);
  return [...unmask, ...(goes ? [["disable", ...atRuntime(state?.from ?? "")]] : [])];
}

/** What a unit says of its being enabled; nothing where systemd does not run, or the unit is gone. */
async function installOf(
  { name, options }: Unit,
  ask: Ask,
): Promise<{ readonly also: readonly string[]; readonly links: ReadonlySet<string> }> {
  const { stdout } = await ask({ argv: ["systemctl", ...options, "cat", "--", name] });
  const values = (key: string) =>
    [...stdout.matchAll(new RegExp(`^${key}=(.*)$`, "gm"))].flatMap(([, value = ""]) => value.trim().split(/\s+/));
  const full = shortUnit(name) === name && !/\.\w+$/.test(name) ? `${name}.service` : name;
  const links = [
    ...values("WantedBy").map((target) => `${target}.wants/${full}`),
    ...values("RequiredBy").map((target) => `${target}.requires/${full}`),
    ...values("Alias"),
  ];
  return { also: values("Also").map(shortUnit), links: new Set(links) };
}
