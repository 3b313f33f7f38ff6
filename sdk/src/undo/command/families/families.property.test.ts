import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Call, Family, Asking, Output, Things } from "../family.js";
import { takeBackThings } from "../take-back.js";
import { families } from "./index.js";

/** A machine that knows nothing but what a family keeps there: what a call does to that. */
interface Model {
  readonly family: string;
  readonly at: readonly string[];
  /** Names and states as the family's own look has them. */
  readonly name: fc.Arbitrary<string>;
  readonly state: fc.Arbitrary<string>;
  /** What a call of the family's ways does. */
  readonly run: (things: Map<string, string>, call: Call) => void;
}

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
const version = fc.stringMatching(/^[0-9]\.[0-9]{1,2}$/);
const last = (call: Call) => call.argv.at(-1) ?? "";
/** Words without `sudo`, from the program on. */
const wordsOf = ({ argv }: Call) => (argv[0] === "sudo" ? argv.slice(2) : argv);
const has = (call: Call, ...verbs: string[]) => verbs.some((verb) => call.argv.includes(verb));

/** Packages: taken out by name, brought by `name<sign>version`. */
function packages(
  family: string,
  sign: string,
  {
    name = word,
    state = version,
    removes = ["uninstall"],
  }: Partial<Pick<Model, "name" | "state">> & { readonly removes?: readonly string[] } = {},
): Model {
  return {
    family,
    at: [],
    name,
    state,
    run: (things, call) => {
      if (has(call, ...removes)) return void things.delete(last(call));
      const [own = "", brought = ""] = last(call).split(sign);
      things.set(own, brought);
    },
  };
}

const models: readonly Model[] = [
  packages("npm", "@"),
  { ...packages("pip", "=="), at: ["pip"] },
  packages("pipx", "=="),
  packages("uv", "=="),
  packages("apk", "=", { removes: ["del"] }),
  {
    ...packages("cargo", " "),
    run: (things, call) => void (has(call, "uninstall") ? things.delete(last(call)) : things.set(last(call), call.argv.at(-2) ?? "")),
  },
  {
    family: "apt",
    at: [],
    name: word.map((own) => `${own}:amd64`),
    state: version,
    run: (things, call) => {
      const names = wordsOf(call).filter((each) => each.includes(":amd64"));
      for (const each of names) {
        const [own = "", brought] = each.split("=");
        if (brought === undefined) things.delete(own);
        else things.set(own, brought);
      }
    },
  },
  {
    family: "rpm",
    at: ["dnf"],
    name: word.map((own) => `${own}.noarch`),
    state: version,
    run: (things, call) => {
      if (has(call, "--test")) return;
      if (has(call, "--erase")) return wordsOf(call).forEach((each) => void things.delete(each));
      const [, own = "", brought = ""] = /^(.*)-([\d.]+)\.noarch$/.exec(last(call)) ?? [];
      things.set(`${own}.noarch`, brought);
    },
  },
  {
    family: "gem",
    at: [],
    name: word,
    state: fc
      .uniqueArray(version, { minLength: 1, maxLength: 3 })
      .map((all) => all.toSorted((one, other) => (one < other ? -1 : 1)).join(",")),
    run: (things, call) => {
      const [own = "", brought = ""] = [call.argv[2], call.argv[4]];
      const now = (things.get(own) ?? "").split(",").filter((each) => each !== "");
      const next = has(call, "uninstall") ? now.filter((each) => each !== brought) : [...now, brought];
      if (next.length === 0) things.delete(own);
      else things.set(own, next.toSorted((one, other) => (one < other ? -1 : 1)).join(","));
    },
  },
  {
    family: "kubernetes",
    at: ["deploy/web"],
    name: fc.oneof(
      fc.constant("replicas"),
      word.map((key) => `label ${key}`),
      word.map((key) => `annotation ${key}`),
    ),
    state: fc.integer({ min: 0, max: 9 }).map(String),
    run: (things, call) => {
      if (has(call, "scale")) return void things.set("replicas", (call.argv[2] ?? "").split("=")[1] ?? "");
      const kind = has(call, "label") ? "label" : "annotation";
      const [key = "", value] = last(call).split("=");
      if (value === undefined) things.delete(`${kind} ${key.slice(0, -1)}`);
      else things.set(`${kind} ${key}`, value);
    },
  },
  {
    family: "crontab",
    at: [],
    name: fc.constant("jobs"),
    state: word,
    run: (things, call) => void (has(call, "-r") ? things.delete("jobs") : things.set("jobs", call.input ?? "")),
  },
  {
    family: "sysctl",
    at: ["vm.x"],
    name: fc.constant("value"),
    state: version,
    run: (things, call) => void things.set("value", last(call).split("=")[1] ?? ""),
  },
  {
    family: "default-target",
    at: [],
    name: fc.constant("target"),
    state: word,
    run: (things, call) => void things.set("target", last(call)),
  },
  {
    family: "iptables",
    at: ["iptables"],
    name: fc.constantFrom("filter", "nat"),
    state: word.map((rule) => `:INPUT DROP [0:0]\n-A INPUT -j ${rule}\n`),
    run: (things, call) => {
      const [, table = "", rules = ""] = /^\*(\w+)\n([^]*)COMMIT\n$/.exec(call.input ?? "") ?? [];
      if (rules.includes("-A") || rules.includes("DROP")) things.set(table, rules);
      else things.delete(table);
    },
  },
];

const familyNamed = (name: string) => families.find((each) => each.name === name) as Family;
const allIsThere: Output = { status: 0, stdout: "", stderr: "" };
const asking: Asking = { folder: "/nowhere-that-is", ask: () => Promise.resolve(allIsThere) };

/** Things of a place before an action and after it. */
const things = ({ name, state }: Model) =>
  fc.uniqueArray(fc.tuple(name, state), { selector: ([own]) => own, maxLength: 4 }).map((all) => new Map(all));

describe("what each family runs", () => {
  it.each(models)("$family: takes every change back, but for those it says it can't", async (model) => {
    await fc.assert(
      fc.asyncProperty(things(model), things(model), async (before, after) => {
        const now = new Map(after);
        const { wanted } = takeBackThings(changesBetween(before, after), after);
        const { steps, cannot } = await familyNamed(model.family).ways(model.at, wanted, asking);
        for (const call of steps.flatMap(({ calls }) => calls)) model.run(now, call);
        for (const { name } of cannot) {
          if (before.has(name)) now.set(name, before.get(name) ?? "");
          else now.delete(name);
        }
        expect(sorted(now)).toEqual(sorted(before));
        // Every thing is on one list or the other.
        expect(new Set([...steps.flatMap(({ changes }) => changes), ...cannot].map(({ name }) => name))).toEqual(
          new Set(wanted.map(({ name }) => name)),
        );
      }),
    );
  });

  it("has no argument that reads as an option where a name was shaped to be one", async () => {
    const shaped = fc.stringMatching(/^-{1,2}[a-z]{1,8}(=[a-z/:.]{1,10})?$/);
    const named = families.filter(({ name }) =>
      ["npm", "pip", "pipx", "uv", "cargo", "gem", "apt", "rpm", "apk", "pacman", "brew", "snap", "flatpak", "accounts"].includes(name),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...named), shaped, fc.boolean(), async (family, bad, isState) => {
        const change = isState ? { name: "one", from: null, to: bad } : { name: bad, from: "1.0", to: null };
        const { steps } = await family.ways([], [change], asking);
        for (const call of steps.flatMap(({ calls }) => calls)) expect(call.argv).not.toContain(bad);
      }),
    );
  });
});

function changesBetween(before: Things, after: Things) {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const [old, now] = [before.get(name) ?? null, after.get(name) ?? null];
    return old === now ? [] : [{ name, before: old, after: now }];
  });
}

function sorted(all: Things): [string, string][] {
  return [...all].toSorted(([one], [other]) => (one < other ? -1 : 1));
}
