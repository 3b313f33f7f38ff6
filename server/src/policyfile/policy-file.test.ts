import type { PolicyProblem } from "@pullcord/sdk/protocol";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { defaultPolicyText } from "./default-policy.js";
import type { LoadedPolicy } from "./load-policy.js";
import { policyFile } from "./policy-file.js";

let folder: string;
let path: string;
let stop: AbortController;
let changes: LoadedPolicy[];
let problems: PolicyProblem[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pullcord-policy-"));
  path = join(folder, "policy.yaml");
  stop = new AbortController();
  changes = [];
  problems = [];
});

afterEach(async () => {
  stop.abort();
  await rm(folder, { recursive: true, force: true });
});

function follow(): Promise<LoadedPolicy> {
  return policyFile({
    path,
    onChange: (loaded) => changes.push(loaded),
    onProblem: (problem) => problems.push(problem),
    signal: stop.signal,
  });
}

const soon = { timeout: 5_000, interval: 20 };

it("holds the built-in policy while there is no file, and the file's once there is one", async () => {
  expect((await follow()).text).toBe(defaultPolicyText);
  await writeFile(path, "version: 1\nautonomy: full\n");
  await vi.waitFor(() => expect(changes.map(({ policy }) => policy.autonomy)).toEqual(["full"]), soon);
  expect(problems).toEqual([]);
});

it("refuses a broken change with its line, and takes the next good one", async () => {
  await writeFile(path, "version: 1\n");
  expect((await follow()).policy.autonomy).toBe("ask_destructive");
  await writeFile(path, "version: 1\nautonmy: full\n");
  await vi.waitFor(() => expect(problems).toMatchObject([{ file: path, line: 2 }]), soon);
  expect(changes).toEqual([]);
  await writeFile(path, "version: 1\nautonomy: notify\n");
  await vi.waitFor(() => expect(changes).toMatchObject([{ policy: { autonomy: "notify" } }]), soon);
});

it("says that the file is gone, and that it is back", async () => {
  await writeFile(path, "version: 1\n");
  await follow();
  await rm(path);
  await vi.waitFor(() => expect(problems).toMatchObject([{ line: null, sentence: expect.stringContaining("gone") as string }]), soon);
  await writeFile(path, "version: 1\n");
  await vi.waitFor(() => expect(changes).toHaveLength(1), soon);
});

it("sees a file that is put in the place of the old one", async () => {
  await writeFile(path, "version: 1\n");
  await follow();
  await writeFile(`${path}.new`, "version: 1\nautonomy: ask_first\n");
  await rename(`${path}.new`, path);
  await vi.waitFor(() => expect(changes).toMatchObject([{ policy: { autonomy: "ask_first" } }]), soon);
});

it("asks for everything when the file was broken from the start", async () => {
  await writeFile(path, "version: 1\nrules: nothing\n");
  const first = await follow();
  expect(problems).toMatchObject([{ line: 2 }]);
  expect(first.policy.rules.rules.map(({ id }) => id)).toContain("policy-file-is-broken");
});

it("refuses what is not UTF-8, and stops looking when told to", async () => {
  await writeFile(path, Buffer.from([0xff, 0xfe, 0x00]));
  await follow();
  expect(problems).toMatchObject([{ sentence: "The policy file is not UTF-8 text." }]);
  stop.abort();
  await writeFile(path, "version: 1\n");
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(changes).toEqual([]);
});

it("loads its own matchers, and loads them anew when they change", async () => {
  await writeFile(join(folder, "own.ts"), "export const isBig = (action: { score: number }): boolean => action.score > 50;\n");
  await writeFile(path, "version: 1\nmatchers: ./own.ts\nrules:\n  - { id: big, effect: deny, when: { matcher: isBig } }\n");
  const first = await follow();
  expect(problems).toEqual([]);
  expect(first.matchers?.names).toEqual(["isBig"]);
  await writeFile(join(folder, "own.ts"), "export const isSmall = () => true;\n");
  await vi.waitFor(() => expect(problems).toMatchObject([{ line: 4, sentence: expect.stringContaining("isBig") as string }]), soon);
  await writeFile(join(folder, "own.ts"), "export const isBig = () => true;\n");
  await vi.waitFor(() => expect(changes).toHaveLength(1), soon);
  expect(changes[0]?.policy.version).not.toBe(first.policy.version);
  for (const { matchers } of [first, ...changes]) matchers?.close();
});
