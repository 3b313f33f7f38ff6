import { hash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { optionOf, operandsOf, type Family } from "../family.js";
import { notLookedAt } from "../run-program.js";

const verbs = /^(apply|destroy|import|taint|untaint|refresh|state)$/;

interface State {
  readonly resources?: readonly {
    readonly module?: string;
    readonly mode?: string;
    readonly type: string;
    readonly name: string;
    readonly instances?: readonly { readonly index_key?: string | number; readonly attributes?: { readonly id?: unknown } }[];
  }[];
}

/**
 * What Terraform and OpenTofu manage, as their state in a file says: it is read, and neither program is run, since both run whatever
 * providers the agent's folder names. What was made, changed or destroyed is put down with the command that reverts it, for a
 * person; and the state is not put back as a file, or what stands in the cloud would be forgotten.
 */
export const infrastructure: Family = {
  name: "infrastructure",
  placesOf: ({ program, words, folder }) => {
    const named = optionOf(words, ["-chdir"]);
    const own = named === undefined ? folder : isAbsolute(named) || folder !== null ? resolve(folder ?? "/", named) : null;
    const isElsewhere = optionOf(words, ["-state", "-state-out"]) !== undefined;
    return /^(terraform|tofu)$/.test(program) && verbs.test(operandsOf(words)[0] ?? "") && own !== null && !isElsewhere
      ? [[program, own]]
      : [];
  },
  named: ([program, folder]) => `resources of ${program} in ${folder}`,
  look: ([, folder = ""]) => {
    const backend = backendOf(folder);
    if (backend !== null) return Promise.reject(notLookedAt(`its state is kept elsewhere (${backend}).`));
    const path = statePath(folder);
    if (!existsSync(path)) return Promise.resolve(new Map());
    const { resources = [] } = parsedState(path);
    const managed = resources.filter(({ mode }) => mode !== "data");
    return Promise.resolve(
      new Map(
        managed.flatMap(({ module, type, name, instances = [] }) =>
          instances.map(({ index_key: key, attributes = {} }): [string, string] => {
            const index = key === undefined ? "" : `[${JSON.stringify(key)}]`;
            const id = typeof attributes.id === "string" ? attributes.id : "?";
            return [
              `${module === undefined ? "" : `${module}.`}${type}.${name}${index}`,
              `${id} (${hash("sha256", JSON.stringify(attributes)).slice(0, 12)})`,
            ];
          }),
        ),
      ),
    );
  },
  reserves: ([, folder = ""]) => [statePath(folder), `${statePath(folder)}.backup`],
  ways: ([program = "terraform", folder = ""], changes) => ({
    steps: [],
    cannot: changes.map(({ name, to }) => ({ name, sentence: sentenceFor(`${program} -chdir=${quoted(folder)}`, name, to) })),
  }),
};

function sentenceFor(call: string, name: string, to: string | null): string {
  if (to === null) return `Only its provider removes it. To revert it: ${call} destroy -target=${quoted(name)}`;
  return `Only its provider brings it back. To revert it, put its configuration back, then: ${call} apply -target=${quoted(name)}`;
}

function quoted(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Terraform's "workspaces": each but the default one has a state of its own. */
function statePath(folder: string): string {
  const named = join(folder, ".terraform/environment");
  const workspace = existsSync(named) ? readFileSync(named, "utf8").trim() : "default";
  const isPlain = /^[\w-]+$/.test(workspace) && workspace !== "default";
  return isPlain ? join(folder, "terraform.tfstate.d", workspace, "terraform.tfstate") : join(folder, "terraform.tfstate");
}

/** The kind of backend that `init` put down; null for the file in the folder. */
function backendOf(folder: string): string | null {
  const path = join(folder, ".terraform/terraform.tfstate");
  if (!existsSync(path)) return null;
  const { backend } = parsedState(path) as { readonly backend?: { readonly type?: string } };
  return backend?.type === undefined || backend.type === "local" ? null : backend.type;
}

function parsedState(path: string): State {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as State;
  } catch {
    throw notLookedAt(`${path} does not say what is there.`);
  }
}
