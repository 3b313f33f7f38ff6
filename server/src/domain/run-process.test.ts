import { describe, expect, it } from "vitest";
import { requireOwnProcess } from "./run-process.js";

const run = { id: "raaaaaaaaa", externalId: "session-1", namedBy: "agent" } as const;

describe("a run's processes", () => {
  it.each([{ marker: { name: "PATH", value: "session-1" } }, { marker: { name: "CLAUDE_CODE_SESSION_ID", value: "somebody-else" } }])(
    "are refused when they would be others' too: %o",
    (process) => {
      expect(() => requireOwnProcess(process, run)).toThrowError(expect.objectContaining({ reason: "foreign_process" }));
    },
  );

  it("has a supervisor only where an agent says that it is supervised, or where the server saw it itself", () => {
    const watched = { pid: 77, supervisor: { pid: 77, startedAt: "1", machine: "here" } };
    expect(() => requireOwnProcess(watched, run)).toThrow("A process id is taken only from a supervisor that ends it itself.");
    expect(() => requireOwnProcess({ ...watched, supervised: true }, run)).not.toThrow();
    expect(() => requireOwnProcess(watched, { ...run, namedBy: "system" })).not.toThrow();
  });

  it.each([
    {},
    { marker: { name: "PULLCORD_RUN_ID", value: "raaaaaaaaa" } },
    { marker: { name: "CLAUDE_CODE_SESSION_ID", value: "session-1" } },
  ])("are accepted when they are its own: %o", (process) => {
    expect(() => requireOwnProcess(process, run)).not.toThrow();
  });
});
