import { describe, expect, it } from "vitest";
import { actionLine } from "./action-line.js";
import type { ProposedAction } from "./action.js";

const action = (type: ProposedAction["type"], given: ProposedAction["arguments"], tool?: string): ProposedAction => ({
  type,
  arguments: given,
  ...(tool === undefined ? {} : { tool: { name: tool, input: given } }),
});

describe("the one line of an action", () => {
  it.each([
    [action("command_execute", { command: "npm test" }, "Bash"), "npm test"],
    [action("command_execute", { argv: ["rm", "-rf", "two words", ""] }), "rm -rf 'two words' ''"],
    [action("file_delete", { path: "/tmp/x" }), "delete /tmp/x"],
    [action("network_request", { url: "https://example.org/", method: "POST" }), "request https://example.org/"],
    [action("database_modify", { sql: "DELETE\n  FROM orders" }), "DELETE FROM orders"],
    [action("deployment", { url: "https://example.org/app" }), "deployment: https://example.org/app"],
    [action("send_communication", { to: "ada" }, "mcp__mail__send"), 'mcp__mail__send {"to":"ada"}'],
  ])("%#", (proposed, line) => {
    expect(actionLine(proposed)).toBe(line);
  });

  it("is cut where it is too long, and shows that it was", () => {
    const line = actionLine(action("command_execute", { command: `echo ${"x".repeat(1_000)}` }));
    expect(line).toHaveLength(161);
    expect(line.endsWith("x…")).toBe(true);
  });
});
