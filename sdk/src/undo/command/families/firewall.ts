import { asRoot, type Call, type Family, type SeenCommand, type ThingChange, verbOf } from "../family.js";
import { told } from "../run-program.js";

/** What does not change rules, or leaves the tables of this machine. */
const onlyLooks = /^(-L|-S|-C|--list|--list-rules|--check|-h|--help|-V|--version)/;

/**
 * Rules of the firewall, a table at a time, as `iptables-save` writes them; a place is the program. All of a table goes back at
 * once, by the very program that reads what was saved: a rule's place among the others is part of what it means.
 */
export const iptables: Family = {
  name: "iptables",
  placesOf: ({ program, words }) =>
    /^ip6?tables(-restore)?$/.test(program) && words.length > 0 && !words.some((word) => onlyLooks.test(word ?? ""))
      ? [[program.replace("-restore", "")]]
      : [],
  named: ([program]) => `rules of ${program}`,
  look: async ([program = "iptables"], { ask }) => {
    const saved = told(await ask({ argv: [`${program}-save`] }));
    const tables = [...saved.matchAll(/^\*(\w+)\n([^]*?)^COMMIT$/gm)];
    // Counters are no rules; a table that nobody asked for and one without any rule are the same.
    return new Map(
      tables.flatMap(([, table = "", rules = ""]): [string, string][] =>
        /^(?!:[A-Z]+ ACCEPT )/m.test(rules.trimEnd()) ? [[table, rules.replaceAll(/\[\d+:\d+\]$/gm, "[0:0]")]] : [],
      ),
    );
  },
  ways: ([program = "iptables"], changes) => ({
    steps: changes.map((change) => ({ changes: [change], calls: [restored(program, change)] })),
    cannot: [],
  }),
};

/** A table that is not there has no rules: the chains that the kernel brings accept all. */
function restored(program: string, { name, from, to }: ThingChange): Call {
  const rules = to ?? [...(from ?? "").matchAll(/^(:[A-Z]+) \S+/gm)].map(([, chain]) => `${chain} ACCEPT [0:0]\n`).join("");
  return { ...asRoot([`${program}-restore`, `--table=${name}`]), input: `*${name}\n${rules}COMMIT\n` };
}

/** Rules of ufw in the order they were given, and whether it holds them up. */
export const ufw: Family = {
  name: "ufw",
  placesOf: (command) => (command.program === "ufw" && changesUfw(command) ? [[]] : []),
  named: () => "rules of ufw",
  look: async (_at, { ask }) => {
    const added = told(await ask(asRoot(["ufw", "show", "added"])));
    const status = told(await ask(asRoot(["ufw", "status", "verbose"])));
    const rules = [...added.matchAll(/^ufw (.+)$/gm)].map(([, rule = ""]): [string, string] => [rule, "added"]);
    return new Map([["active", /^Status: active$/m.test(status) ? "yes" : "no"], ...rules]);
  },
  ways: (_at, changes) => {
    const ways = changes.map((change) => ({ change, calls: ufwCalls(change) }));
    return {
      steps: ways.flatMap(({ change, calls }) => (typeof calls === "string" ? [] : [{ changes: [change], calls }])),
      cannot: ways.flatMap(({ change, calls }) => (typeof calls === "string" ? [{ name: change.name, sentence: calls }] : [])),
    };
  },
};

function changesUfw(command: SeenCommand): boolean {
  return (
    !command.words.includes("--dry-run") &&
    /^(allow|deny|reject|limit|delete|enable|disable|route|insert|prepend)$/.test(verbOf(command) ?? "")
  );
}

function ufwCalls({ name, to }: ThingChange): Call[] | string {
  if (name === "active") return [asRoot(["ufw", ...(to === "yes" ? ["--force", "enable"] : ["disable"])])];
  if (to !== null) return `Where among the others the rule stood is not kept. To put it last: ufw ${name}`;
  const words = name.split(" ");
  if (!words.every((word) => /^[\w./:,]+$/.test(word))) return `A rule with words of its own stays. To remove it: ufw delete ${name}`;
  return [asRoot(words[0] === "route" ? ["ufw", "--force", "route", "delete", ...words.slice(1)] : ["ufw", "--force", "delete", ...words])];
}
