import type { PolicyProblem } from "@pullcord/sdk/protocol";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
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

it("holds the built-in policy while there is no file, and the file's once there is one", async () => {
  expect((await follow()).text).toBe(defaultPolicyText);
  await writeFile(path, "version: 1\nautonomy: full\n");
  await expect.poll(() => changes.map(({ policy }) => policy.autonomy)).toEqual(["full"]);
  expect(problems).toEqual([]);
});

it("refuses a broken change with its line, and takes the next good one", async () => {
  await writeFile(path, "version: 1\n");
  expect((await follow()).policy.autonomy).toBe("ask_destructive");
  await writeFile(path, "version: 1\nautonmy: full\n");
  await expect.poll(() => problems).toMatchObject([{ file: path, line: 2 }]);
  expect(changes).toEqual([]);
  await writeFile(path, "version: 1\nautonomy: notify\n");
  await expect.poll(() => changes).toMatchObject([{ policy: { autonomy: "notify" } }]);
});

it("says that the file is gone, and that it is back", async () => {
  await writeFile(path, "version: 1\n");
  await follow();
  await rm(path);
  await expect.poll(() => problems).toMatchObject([{ line: null, sentence: expect.stringContaining("gone") as string }]);
  await writeFile(path, "version: 1\n");
  await expect.poll(() => changes).toHaveLength(1);
});

it("sees a file that is put in the place of the old one", async () => {
  await writeFile(path, "version: 1\n");
  await follow();
  await writeFile(`${path}.new`, "version: 1\nautonomy: ask_first\n");
  await rename(`${path}.new`, path);
  await expect.poll(() => changes).toMatchObject([{ policy: { autonomy: "ask_first" } }]);
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
  const seenByOther: string[] = [];
  const ending = new AbortController();
  await policyFile({ path, onChange: ({ text }) => seenByOther.push(text), onProblem: () => {}, signal: ending.signal });
  stop.abort();
  // What still looks has seen the first change before it sees the second.
  for (const text of ["version: 1\n", "version: 1\nautonomy: full\n"]) {
    await writeFile(path, text);
    await expect.poll(() => seenByOther.at(-1)).toBe(text);
  }
  ending.abort();
  expect(changes).toEqual([]);
});

it("loads its own matchers, and loads them anew when they change", async () => {
  await writeFile(join(folder, "own.ts"), "export const isBig = (action: { score: number }): boolean => action.score > 50;\n");
  await writeFile(path, "version: 1\nmatchers: ./own.ts\nrules:\n  - { id: big, effect: deny, when: { matcher: isBig } }\n");
  const first = await follow();
  expect(problems).toEqual([]);
  expect(first.matchers?.names).toEqual(["isBig"]);
  await writeFile(join(folder, "own.ts"), "export const isSmall = () => true;\n");
  await expect.poll(() => problems).toMatchObject([{ line: 4, sentence: expect.stringContaining("isBig") as string }]);
  await writeFile(join(folder, "own.ts"), "export const isBig = () => true;\n");
  await expect.poll(() => changes).toHaveLength(1);
  expect(changes[0]?.policy.version).not.toBe(first.policy.version);
  for (const { matchers } of [first, ...changes]) matchers?.close();
});
