import { hash } from "node:crypto";
import { operandsOf, optionOf, type Ask, type Family, type Asking, type ThingChange, type Ways } from "../family.js";
import { notLookedAt, told } from "../run-program.js";

/** Options that say which cluster and namespace; they go along with every call. */
const setting = ["--kube-context", "--namespace", "-n"];
/** Options that lead to a cluster by a way that an agent may have written. */
const elsewhere = ["--kubeconfig", "--kube-apiserver", "--kube-token", "--kube-as-user", "--kube-as-group", "--kube-ca-file"];
const taking = [
  ...setting,
  "--version",
  "--repo",
  "-f",
  "--values",
  "--set",
  "--set-string",
  "--set-file",
  "--set-json",
  "--timeout",
  "--description",
];
const verbs = /^(install|upgrade|uninstall|delete|del|un|rollback)$/;
const releaseName = /^[a-z0-9][a-z0-9.-]{0,52}$/;
/** Most revisions that are looked through for the one to go back to. */
const mostRevisions = 50;

interface Revision {
  readonly revision: number;
  readonly status: string;
  readonly chart: string;
}

/** One release of Helm, told by its chart and by all that it put into the cluster. */
export const helm: Family = {
  name: "helm",
  placesOf: ({ program, words }) => {
    const [verb = "", ...names] = operandsOf(words, taking);
    if (program !== "helm" || !verbs.test(verb) || optionOf(words, elsewhere) !== undefined) return [];
    if (words.some((word) => /^-[a-z][^=]/.test(word ?? ""))) return [];
    const where = setting.flatMap((option) => (optionOf(words, [option]) === undefined ? [] : [option, optionOf(words, [option]) ?? ""]));
    // An uninstall may name several; what makes its own name up is not known.
    const releases = /^(uninstall|delete|del|un)$/.test(verb) ? names : names.slice(0, 1);
    const isNamed = verb !== "install" || names.length === 2;
    return isNamed ? releases.filter((name) => releaseName.test(name)).map((name) => [name, ...where]) : [];
  },
  named: ([release]) => `release ${release} of Helm`,
  look: async ([release = "", ...where], { ask }) => {
    const last = (await historyOf(release, where, ask)).at(-1);
    if (last === undefined || last.status === "uninstalled") return new Map();
    return new Map([["release", await stateOf(release, { where, last, ask })]]);
  },
  compensation: "makes up for it: what its hooks did and its volumes hold stays",
  ways: goBack,
};

async function goBack([release = "", ...where]: readonly string[], changes: readonly ThingChange[], { ask }: Asking): Promise<Ways> {
  const [change] = changes;
  if (!change) return { steps: [], cannot: [] };
  const argv =
    change.to === null ? ["helm", "uninstall", release, "--wait", ...where] : await rollbackTo(change.to, { release, where, ask });
  if (argv !== null) return { steps: [{ changes, calls: [{ argv }] }], cannot: [] };
  return { steps: [], cannot: [{ name: change.name, sentence: "Helm keeps no revision of it as it was before." }] };
}

/** A rollback makes a new revision of an old one: that is told by what is in it, not by its number. */
async function rollbackTo(
  state: string,
  { release, where, ask }: { readonly release: string; readonly where: readonly string[]; readonly ask: Ask },
): Promise<string[] | null> {
  const found = (await historyOf(release, where, ask)).toReversed();
  for (const last of found) {
    if ((await stateOf(release, { where, last, ask })) === state)
      return ["helm", "rollback", release, String(last.revision), "--wait", ...where];
  }
  return null;
}

async function historyOf(release: string, where: readonly string[], ask: Ask): Promise<Revision[]> {
  const argv = ["helm", "history", release, "--output", "json", "--max", String(mostRevisions), ...where];
  const { status, stdout, stderr } = await ask({ argv });
  if (status !== 0 && /release: not found/.test(stderr)) return [];
  if (status !== 0) throw notLookedAt(stderr.trim().slice(0, 300));
  return (JSON.parse(stdout) as Revision[]).toSorted((one, other) => one.revision - other.revision);
}

async function stateOf(
  release: string,
  { where, last, ask }: { readonly where: readonly string[]; readonly last: Revision; readonly ask: Ask },
): Promise<string> {
  const of = async (what: string) =>
    told(
      await ask({
        argv: [
          "helm",
          "get",
          what,
          release,
          "--revision",
          String(last.revision),
          ...(what === "values" ? ["--output", "json"] : []),
          ...where,
        ],
      }),
    );
  const whole = [await of("manifest"), await of("values")].join("\0");
  return `${last.chart} (${hash("sha256", whole).slice(0, 12)})`;
}
