import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { decide } from "../domain/decide.js";
import { factsOf, readingOf } from "../domain/facts-for-tests.js";
import type { MatchedAction } from "../domain/policy/custom.js";
import { loadPolicy } from "./load-policy.js";
import { loadMatchers, type OwnMatchers } from "./own-matchers.js";

const source = `
interface Seen { readonly agent: string; readonly writes: readonly (string | null)[] }
export function isOwn(action: Seen): boolean { return action.agent === "claude-code"; }
export const throws = () => { throw new Error("no"); };
export const late = async () => true;
export const turns = () => { for (;;) {} };
export const leaves = () => process.exit(0);
export const reads = () => process.env["PATH"] !== undefined;
export const limit = 5;
`;

let folder: string;
let opened: OwnMatchers[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pullcord-matchers-"));
  opened = [];
});

afterEach(async () => {
  for (const one of opened) one.close();
  await rm(folder, { recursive: true, force: true });
});

async function load(text = source): Promise<OwnMatchers | string> {
  const file = join(folder, "own.ts");
  await writeFile(file, text);
  const loaded = await loadMatchers(file);
  if ("sentence" in loaded) return loaded.sentence;
  opened.push(loaded.ok);
  return loaded.ok;
}

async function loaded(): Promise<OwnMatchers> {
  const matchers = await load();
  if (typeof matchers === "string") throw new Error(matchers);
  return matchers;
}

const action = { agent: "claude-code", writes: [] } as unknown as MatchedAction;

it("asks functions written in TypeScript", async () => {
  const { names, ask } = await loaded();
  expect(names).toEqual(["isOwn", "late", "leaves", "reads", "throws", "turns"]);
  await expect.poll(() => ask("isOwn", action)).toBe("yes");
  await expect.poll(() => ask("isOwn", { ...action, agent: "codex" })).toBe("no");
});

it("takes what throws, what is late and what is not there for unknown", async () => {
  const { ask } = await loaded();
  const fits = ["throws", "late", "limit", "nothing", "toString"].map((name) => ask(name, action));
  expect(new Set(fits)).toEqual(new Set(["unknown"]));
  await expect.poll(() => ask("isOwn", action)).toBe("yes");
});

it("gives a matcher nothing of the server's environment", async () => {
  const { ask } = await loaded();
  await expect.poll(() => ask("reads", action)).toBe("no");
});

it("gives up on one that never ends, and loads the file anew", async () => {
  const { ask } = await loaded();
  expect(ask("turns", action)).toBe("unknown");
  await expect.poll(() => ask("isOwn", action)).toBe("yes");
});

it("asks no more once it was slow three times", async () => {
  const { ask } = await loaded();
  for (let time = 0; time < 3; time++) {
    await expect.poll(() => ask("isOwn", action)).toBe("yes");
    expect(ask("turns", action)).toBe("unknown");
  }
  // By the time that others have loaded it twice, it would have loaded again.
  for (const other of [await loaded(), await loaded()]) await expect.poll(() => other.ask("isOwn", action)).toBe("yes");
  expect(ask("isOwn", action)).toBe("unknown");
});

it("survives a matcher that ends its thread", async () => {
  const { ask } = await loaded();
  expect(ask("leaves", action)).toBe("unknown");
  expect(ask("isOwn", action)).toBe("unknown");
});

it.each([
  ["is no TypeScript", "export const ="],
  ["throws as it loads", "throw new Error('broken here')"],
  ["imports what is not there", "import './nothing.js'"],
])("refuses a file that %s", async (_, text) => {
  expect(await load(text)).toMatch(/can't be loaded/);
});

it.each([
  ["deny", "isOwn", "deny"],
  ["deny", "throws", "require_approval"],
  ["require_approval", "isOwn", "require_approval"],
  ["allow", "throws", "require_approval"],
  ["allow", "isOwn", "allow"],
] as const)("closes: a rule to %s by a matcher like %s comes to %s", async (effect, matcher, expected) => {
  await writeFile(join(folder, "own.ts"), source);
  const text = `version: 1\nautonomy: ask_first\nmatchers: ./own.ts\nrules:\n  - { id: own, effect: ${effect}, when: { matcher: ${matcher} } }\n`;
  const policy = await loadPolicy(text, join(folder, "policy.yaml"));
  if ("problem" in policy) throw new Error(policy.problem.sentence);
  if (policy.ok.matchers) opened.push(policy.ok.matchers);
  const verdict = decide(factsOf({ policy: policy.ok.policy, reading: readingOf({ writes: ["/work/a"] }) }), 0);
  expect(verdict.kind === "decided" && verdict.decision.effect).toBe(expected);
});

it("runs no file that it was not trusted with", async () => {
  await writeFile(join(folder, "own.ts"), "throw new Error('ran')");
  const text = "version: 1\nmatchers: ./own.ts\n";
  const refused = await loadPolicy(text, join(folder, "policy.yaml"), () => false);
  expect(refused).toMatchObject({ problem: { line: 2, sentence: expect.stringContaining("can't be named from here") as string } });
});
