import { eachAlone, operandsOf, optionOf, type Family, type ThingChange } from "../family.js";
import { notLookedAt } from "../run-program.js";

/** Options that say which cluster and namespace; they go along with every call. */
const setting = ["--context", "--cluster", "--namespace", "-n"];
/** Options that lead to a cluster by a way that an agent may have written: a kubeconfig names programs that kubectl runs. */
const elsewhere = ["--kubeconfig", "--server", "-s", "--user", "--token", "--as"];
const taking = [...setting, "--replicas", "--current-replicas", "--resource-version", "--timeout", "-f", "--filename", "-l", "--selector"];
const verbs = /^(scale|label|annotate|create|expose|autoscale)$/;

interface Resource {
  readonly metadata?: { readonly uid?: string; readonly labels?: Record<string, string>; readonly annotations?: Record<string, string> };
  readonly spec?: { readonly replicas?: number };
}

/** One resource of a cluster: whether it is there, how many replicas, its labels and annotations. */
export const kubernetes: Family = {
  name: "kubernetes",
  placesOf: ({ program, words }) => {
    const [verb = "", kind = "", name = ""] = operandsOf(words, taking);
    if (program !== "kubectl" || !verbs.test(verb) || kind === "" || optionOf(words, elsewhere) !== undefined) return [];
    // An option with its value in one word (`-nshop`, `-shttps://…`) is one that nobody here has read.
    if (words.some((word) => /^-[a-z][^=]/.test(word ?? ""))) return [];
    const where = setting.flatMap((option) => settingOf(words, option));
    const [short, own] = kind.includes("/") ? kind.split("/") : [kind, verb === "create" ? operandsOf(words, taking).at(-1) : name];
    return short === undefined || own === undefined || own === "" || own.includes("=") ? [] : [[`${short}/${own}`, ...where]];
  },
  named: ([resource]) => `${resource} in Kubernetes`,
  look: async ([resource = "", ...where], { ask }) => {
    const { status, stdout, stderr } = await ask({ argv: ["kubectl", "get", resource, "--output=json", ...where] });
    if (status !== 0 && /NotFound|not found/.test(stderr)) return new Map();
    if (status !== 0) throw notLookedAt(stderr.trim().slice(0, 300));
    const { metadata = {}, spec = {} } = JSON.parse(stdout) as Resource;
    return new Map([
      ["there", metadata.uid ?? ""],
      ...(spec.replicas === undefined ? [] : [["replicas", `${spec.replicas}`] as const]),
      ...Object.entries(metadata.labels ?? {}).map(([key, value]) => [`label ${key}`, value] as const),
      ...Object.entries(metadata.annotations ?? {}).map(([key, value]) => [`annotation ${key}`, value] as const),
    ]);
  },
  ways: ([resource = "", ...where], changes) => {
    // With the resource goes all that is told of it.
    const made = changes.find(({ name, to }) => name === "there" && to === null);
    if (made) return { steps: [{ changes, calls: [{ argv: ["kubectl", "delete", resource, "--wait=true", ...where] }] }], cannot: [] };
    return eachAlone(changes, (change) => way(change, [resource, ...where]));
  },
};

function way({ name, to }: ThingChange, place: readonly string[]) {
  if (name === "there") return "A resource that was removed or replaced can't be made again as it was.";
  if (name === "replicas")
    return to === null ? "It had no number of replicas." : [{ argv: ["kubectl", "scale", `--replicas=${to}`, ...place] }];
  const [kind = "", key = ""] = name.split(" ");
  const verb = kind === "label" ? "label" : "annotate";
  return [{ argv: ["kubectl", verb, "--overwrite", ...place, to === null ? `${key}-` : `${key}=${to}`] }];
}

function settingOf(words: readonly (string | null)[], option: string): string[] {
  const at = words.findIndex((word) => word === option || word?.startsWith(`${option}=`) === true);
  const word = words[at];
  if (word === null || word === undefined) return [];
  const value = words[at + 1];
  return word !== option ? [word] : value === null || value === undefined ? [] : [option, value];
}
