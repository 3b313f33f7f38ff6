import { expect, it } from "vitest";
import { PullcordError } from "../protocol/index.js";
import { LogBatch } from "./log-batch.js";

const away = new PullcordError("unavailable", "unreachable", "away");

/** What was sent, and how: each send fails with the next of these errors, then they work. */
function batch(...errors: Error[]) {
  const sent: { readonly texts: string[]; readonly key: string }[] = [];
  const log = new LogBatch((lines, key) => {
    sent.push({ texts: lines.map(({ text }) => text), key });
    return errors.length > 0 ? Promise.reject(errors.shift() ?? away) : Promise.resolve();
  });
  return { sent, add: (text: string) => log.add({ stream: "stdout", text }) };
}

it("sends what a server that is away did not take again, under the same key, before what came later", async () => {
  const { sent, add } = batch(away, away);
  add("one");
  await expect.poll(() => sent).toHaveLength(1);
  add("two");
  await expect.poll(() => sent).toHaveLength(4);
  expect(sent.map(({ texts }) => texts)).toEqual([["one"], ["one"], ["one"], ["two"]]);
  expect(new Set(sent.slice(0, 3).map(({ key }) => key)).size).toBe(1);
  expect(sent[3]?.key).not.toBe(sent[0]?.key);
});

it("gives up what the server refuses, and says so with the next line", async () => {
  const { sent, add } = batch(new PullcordError("invalid", "invalid_field", "no"));
  add("refused");
  await expect.poll(() => sent).toHaveLength(1);
  add("taken");
  await expect.poll(() => sent).toHaveLength(2);
  expect(sent[1]?.texts).toEqual(["(1 lines could not be kept)", "taken"]);
});
