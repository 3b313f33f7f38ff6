import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { PolicyProblem } from "@pullcord/sdk/protocol";
import { compiling } from "../domain/policy/compile.js";
import type { Policy } from "../domain/policy/policy.js";
import { listOf } from "../domain/policy/values.js";
import { inSlices, readAside } from "./aside.js";
import { loadMatchers, type OwnMatchers } from "./own-matchers.js";
import type { CheckedPolicy } from "./read-policy.js";

/** A policy, with the text it was made from. */
export interface LoadedPolicy {
  readonly policy: Policy;
  readonly text: string;
  /** Its own matchers; null when it names none. */
  readonly matchers: OwnMatchers | null;
}

export type Loaded = { readonly ok: LoadedPolicy } | { readonly problem: PolicyProblem };

/**
 * Makes a policy of a text, its own matchers loaded from beside `path`. Decisions go on meanwhile: reading is done in
 * a thread, compiling in slices, and nothing is in force before the caller has the whole of it.
 * @param trusts which matchers file may be run; a text that came over the API names none but the one in force
 */
export async function loadPolicy(text: string, path: string, trusts: (file: string) => boolean = () => true): Promise<Loaded> {
  const read = await readAside(text, path);
  if ("problem" in read) return read;
  const { document, lines } = read.ok;
  const file = matchersFile(document.matchers, path);
  if (file === null)
    return { ok: { policy: await inSlices(compiling(document, { version: hash("sha256", text), lines })), text, matchers: null } };
  const refuse = (sentence: string, line = lines.settings.get("matchers") ?? null): Loaded => ({
    problem: { file: path, line, column: null, sentence },
  });
  if (!trusts(file)) return refuse("Another matchers file can't be named from here: change the policy file on the server's own disk.");
  const source = await readFile(file, "utf8").catch(() => null);
  if (source === null) return refuse(`The matchers' file ${file} can't be read.`);
  const loaded = await loadMatchers(file);
  if ("sentence" in loaded) return refuse(`The matchers' file ${file}: ${loaded.sentence}`);
  const missing = missingMatcher(read.ok, loaded.ok.names);
  if (missing) {
    loaded.ok.close();
    return refuse(`${file} exports no function ${missing.name}.`, missing.line);
  }
  // What the matchers say is part of what is decided by, so it is part of the version.
  const version = hash("sha256", `${text}\0${source}`);
  const policy = await inSlices(compiling(document, { version, lines, ask: loaded.ok.ask }));
  return { ok: { policy, text, matchers: loaded.ok } };
}

/** The file beside the policy that its rules' own matchers are in; null when it names none. */
export function matchersFile(named: string | undefined, path: string): string | null {
  return named === undefined ? null : resolve(dirname(path), named);
}

function missingMatcher({ document, lines }: CheckedPolicy, names: readonly string[]) {
  for (const [at, { when }] of (document.rules ?? []).entries()) {
    const name = listOf(when.matcher).find((one) => !names.includes(one));
    if (name !== undefined) return { name, line: lines.rules[at] ?? null };
  }
  return null;
}
