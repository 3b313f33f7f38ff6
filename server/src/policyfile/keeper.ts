import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { PullcordError, type PolicyHelp, type PolicyInForce, type PolicyProblem, type ReplacePolicy } from "@pullcord/sdk/protocol";
import type { PolicyDocument, RuleDocument } from "../domain/policy/document.js";
import type { Policy } from "../domain/policy/policy.js";
import { addRule } from "./add-rule.js";
import { casesFile, runCases, type CaseBench } from "./cases.js";
import { loadPolicy, type Loaded, type LoadedPolicy } from "./load-policy.js";
import { documentOf } from "./read-policy.js";
import { policyFile } from "./policy-file.js";
import { conditionHelp, settingHelp } from "./schema.js";
import { writeStarterPolicy } from "./starter.js";

const ownerOnlyFile = 0o600;

/** Puts what happens to the policy on record. */
export interface PolicyRecord {
  readonly changed: (loaded: LoadedPolicy) => Promise<void>;
  readonly refused: (problem: PolicyProblem) => Promise<void>;
}

/** A policy that is tried and not in force; closed when it is done with. */
interface Candidate extends LoadedPolicy {
  close(): void;
}

export interface KeeperOptions {
  readonly path: string;
  /** A place that a case describes. */
  readonly placeOf: CaseBench["placeOf"];
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly onFailure: (error: unknown) => void;
}

/** Keeps the policy in force, from its file or from people's hands, and the shadow beside it. */
export class PolicyKeeper {
  readonly path: string;
  /** Set once there is something to record with. A change is in force once it is on record (I9). */
  record: PolicyRecord | null = null;
  readonly #now: () => number;
  readonly #placeOf: CaseBench["placeOf"];
  #current: LoadedPolicy;
  #shadow: LoadedPolicy | null = null;
  #loadedAt: number;
  #problem: PolicyProblem | null;
  /** Changes are taken one after the other. */
  #taking: Promise<void> = Promise.resolve();

  private constructor({ path, now, placeOf }: KeeperOptions, first: LoadedPolicy, problem: PolicyProblem | null) {
    this.path = path;
    this.#now = now;
    this.#placeOf = placeOf;
    this.#current = first;
    this.#loadedAt = now();
    this.#problem = problem;
  }

  /** Reads the file, written with comments where there is none, and follows it until the signal aborts. */
  static async open(options: KeeperOptions): Promise<PolicyKeeper> {
    const { path, signal, onFailure } = options;
    writeStarterPolicy(path);
    let keeper: PolicyKeeper | null = null;
    let problem: PolicyProblem | null = null;
    const first = await policyFile({
      path,
      signal,
      onChange: (changed) => {
        if (keeper) void keeper.#followed(changed).catch(onFailure);
      },
      onProblem: (found) => {
        problem = found;
        if (keeper) void keeper.#refuse(found).catch(onFailure);
      },
    });
    keeper = new PolicyKeeper(options, first, problem);
    signal.addEventListener("abort", () => keeper?.close(), { once: true });
    return keeper;
  }

  close(): void {
    this.#current.matchers?.close();
    this.#shadow?.matchers?.close();
  }

  policy(): Policy {
    return this.#current.policy;
  }

  shadow(): Policy | null {
    return this.#shadow?.policy ?? null;
  }

  inForce(): PolicyInForce {
    const { policy, text } = this.#current;
    return { version: policy.version, file: this.path, text, loadedAt: this.#loadedAt, problem: this.#problem };
  }

  /** Makes a policy of a text that is not in force. It runs no matchers but those that the policy in force runs. */
  async load(text: string): Promise<{ readonly ok: Candidate } | { readonly problem: PolicyProblem }> {
    const loaded = await this.#load(text);
    return "ok" in loaded ? { ok: { ...loaded.ok, close: () => loaded.ok.matchers?.close() } } : loaded;
  }

  help(): PolicyHelp {
    return { items: conditionHelp(), settings: settingHelp() };
  }

  /** The document of a sound text. */
  document(text: string): PolicyDocument {
    return documentOf(text, this.path);
  }

  addRule(text: string, rule: RuleDocument): ReturnType<typeof addRule> {
    return addRule(text, rule);
  }

  /** Decides test cases by a policy. */
  cases(text: string, policy: Policy): ReturnType<typeof runCases> {
    return runCases(text, casesFile(this.path), { policy, placeOf: this.#placeOf });
  }

  /** The cases beside the policy file; null where there are none. */
  casesText(): Promise<string | null> {
    return readFile(casesFile(this.path), "utf8").catch(() => null);
  }

  /**
   * Puts a text in force and into the file.
   * @throws PullcordError `invalid`/`policy` with the line; `conflict`/`policy_changed` when another version is in force by now
   */
  async replace({ text, base }: ReplacePolicy, record: PolicyRecord["changed"]): Promise<PolicyInForce> {
    const loaded = await this.#load(text);
    if ("problem" in loaded) throw refused(loaded.problem);
    await this.#inTurn(async () => {
      if (this.policy().version !== base) throw changedMeanwhile();
      const half = `${this.path}.${randomUUID()}`;
      try {
        await writeFile(half, text, { flag: "wx", mode: ownerOnlyFile });
        await record(loaded.ok);
        await rename(half, this.path);
      } finally {
        await rm(half, { force: true });
      }
      this.#take(loaded.ok);
    });
    return this.inForce();
  }

  /** Lets a text run beside the policy in force; null ends that. @throws PullcordError `invalid`/`policy` */
  async setShadow(text: string | null): Promise<Policy | null> {
    const loaded = text === null ? null : await this.#load(text);
    if (loaded && "problem" in loaded) throw refused(loaded.problem);
    this.#shadow?.matchers?.close();
    this.#shadow = loaded?.ok ?? null;
    return this.shadow();
  }

  #load(text: string): Promise<Loaded> {
    return loadPolicy(text, this.path, (file) => this.#current.matchers?.file === file);
  }

  /** The file changed; what was put there from here is in force already. */
  #followed(changed: LoadedPolicy): Promise<void> {
    return this.#inTurn(async () => {
      // Read before something was put there from here: the file says something else by now, and is looked at again.
      const isStale = (await readFile(this.path, "utf8").catch(() => null)) !== changed.text;
      if (isStale || changed.policy.version === this.policy().version) {
        changed.matchers?.close();
        if (!isStale) this.#problem = null;
        return;
      }
      await this.record?.changed(changed);
      this.#take(changed);
    });
  }

  async #refuse(problem: PolicyProblem): Promise<void> {
    this.#problem = problem;
    await this.record?.refused(problem);
  }

  #take(loaded: LoadedPolicy): void {
    this.#current.matchers?.close();
    this.#current = loaded;
    this.#loadedAt = this.#now();
    this.#problem = null;
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#taking.then(work);
    this.#taking = done.catch(() => {});
    return done;
  }
}

function refused({ line, column, sentence }: PolicyProblem): PullcordError {
  const place = line === null ? "" : `Line ${line}${column === null ? "" : `, column ${column}`}: `;
  return new PullcordError("invalid", "policy", `${place}${sentence}`, { field: "/text" });
}

function changedMeanwhile(): PullcordError {
  const text = "Another policy is in force by now than the one this was made from. Look at what changed, and put yours in again.";
  return new PullcordError("conflict", "policy_changed", text, { field: "/base" });
}
