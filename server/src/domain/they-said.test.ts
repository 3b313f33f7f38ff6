import { expect, it } from "vitest";
import { theySaid } from "./they-said.js";

it.each([
  [undefined, "They gave no reason."],
  ["Not before the release", "They said: Not before the release."],
  ["Wait. ", "They said: Wait."],
  ["Why?", "They said: Why?"],
  ['Call it "x."', 'They said: Call it "x."'],
])("says %j as a sentence", (reason, sentence) => {
  expect(theySaid(reason)).toBe(sentence);
});
