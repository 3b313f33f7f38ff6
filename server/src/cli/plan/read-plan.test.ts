import { expect, it } from "vitest";
import { readPlan } from "./read-plan.js";

const read = (value: unknown) => readPlan(JSON.stringify(value), "/work");

it("takes commands and actions, with what they are for, from an object or a list", () => {
  const action = { type: "file_write", arguments: { path: "a", content: "" }, environment: "staging", intent: "A note." };
  expect(read({ summary: "Two.", steps: [{ command: "npm test", intent: "Green first." }, action] })).toEqual({
    summary: "Two.",
    steps: [
      { type: "command_execute", arguments: { command: "npm test" }, workingDirectory: "/work", claim: { reason: "Green first." } },
      {
        type: "file_write",
        arguments: { path: "a", content: "" },
        environment: "staging",
        workingDirectory: "/work",
        claim: { reason: "A note." },
      },
    ],
  });
  expect(read([{ command: "ls", workingDirectory: "/other" }])).toEqual({
    steps: [{ type: "command_execute", arguments: { command: "ls" }, workingDirectory: "/other" }],
  });
});

it.each<[string, string]>([
  ["it is not JSON", "first this, then that"],
  ["it has no steps", "{}"],
  ["it has no steps", "[]"],
  ["step 2 is no object", '[{"command":"ls"}, "rm"]'],
  ["step 1 names neither", '[{"do":"this"}]'],
  ["step 1 names neither", '[{"type":"nonsense","arguments":{}}]'],
  ["step 1 names neither", '[{"type":"file_write"}]'],
])("says what is wrong, and how a plan looks: %s", (why, text) => {
  expect(() => readPlan(text, "/work")).toThrow(new RegExp(`${why}.*It looks like this`, "s"));
});
