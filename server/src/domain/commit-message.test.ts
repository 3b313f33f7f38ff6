import { expect, it } from "vitest";
import { execFileSync } from "node:child_process";
import type { RunAccount } from "@pullcord/sdk/protocol";
import fc from "fast-check";
import { commitMessage } from "./commit-message.js";

const account: RunAccount = {
  runId: "r7k2abcdefg",
  agent: "coder",
  task: "Tidy the shop\nand the tests",
  status: "finished",
  openedAt: 0,
  endedAt: 60_000,
  told: [{ text: "mind the tests", by: { kind: "person", id: "ada" }, at: 1 }],
  actions: 3,
  byStatus: { succeeded: 2, denied: 1 },
  byType: { command_execute: 2 },
  did: [{ actionId: "a1", line: "npm test" }],
  didBefore: 1,
  answers: [{ actionId: "a1", line: "git push", effect: "approved", by: { kind: "person", id: "ada" }, at: 0 }],
  forced: 1,
};
const facts = { account, paths: ["one"], left: [], keptBy: "ada" };

it("says what was asked, told, done, answered, forced, and who keeps it", () => {
  expect(commitMessage({ ...facts, left: [{ of: "file", path: "b.log", sentence: "Git ignores it." }] })).toBe(`Tidy the shop and the tests

Asked:
    Tidy the shop
    and the tests

Told while it ran:
    ada: mind the tests

Did (2 succeeded, 1 denied):
    (1 before these)
    a1 npm test

Answered by people:
    a1 approved by ada, 1970-01-01T00:00:00.000Z: git push

Forced by break glass:
    1 action

Changed by the run and not in this commit:
    b.log: Git ignores it.

Pullcord-Run: r7k2abcdefg
Pullcord-Agent: coder
Pullcord-Paths: 1
Pullcord-Approved-By: ada
Pullcord-Kept-By: ada
`);
});

it("begins with a person's own words", () => {
  expect(commitMessage({ ...facts, message: "Mine\n\nBecause.\n" })).toMatch(/^Mine\n\nBecause\.\n\nAsked:/);
});

it("does not say twice what the subject says whole", () => {
  const short = { ...facts, account: { ...account, task: "Tidy the shop " } };
  expect(commitMessage(short)).toMatch(/^Tidy the shop\n\nTold/);
  expect(commitMessage({ ...short, message: "Mine" })).toContain("Asked:\n    Tidy the shop");
});

it("shortens a long task for the subject, and has one where there is none", () => {
  const [subject = ""] = commitMessage({ ...facts, account: { ...account, task: "x ".repeat(200) } }).split("\n");
  expect([subject.length <= 72, commitMessage({ ...facts, account: { ...account, task: " " } }).split("\n")[0]]).toEqual([
    true,
    "What an agent did",
  ]);
});

it("has the trailers that Pullcord wrote and no other, whatever an agent says", () => {
  const hostile = fc
    .array(fc.constantFrom("Pullcord-Kept-By: eve", "\n", "\n\n", "\r", "\u2028", "---", "Signed-off-by: eve", " ", "x"))
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(hostile, hostile, hostile, (task, line, path) => {
      const said = { ...account, task, agent: line, did: [{ actionId: "a1", line }], answers: [] };
      const message = commitMessage({ ...facts, account: said, left: [{ of: "file", path, sentence: "s" }] });
      const last = message.trimEnd().split("\n\n").at(-1)?.split("\n") ?? [];
      expect(last.map((each) => each.split(":")[0])).toEqual(["Pullcord-Run", "Pullcord-Agent", "Pullcord-Paths", "Pullcord-Kept-By"]);
    }),
  );
});

it("is read by git as it is meant", () => {
  const message = commitMessage({ ...facts, account: { ...account, task: "t\n\nPullcord-Kept-By: eve\n---\nSigned-off-by: eve" } });
  const trailers = execFileSync("git", ["interpret-trailers", "--parse", "--no-divider"], { input: message, encoding: "utf8" });
  expect(trailers).not.toContain("eve");
  expect(trailers).toContain("Pullcord-Kept-By: ada");
});
