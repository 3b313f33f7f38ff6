import { expect, it } from "vitest";
import type { ProcessInfo } from "./process-info.js";
import { runningProcesses } from "./running-processes.js";

const info = (pid: number, parent: number, state: string, ...words: string[]): ProcessInfo => ({
  pid,
  parent,
  group: pid,
  session: pid,
  state,
  startedAt: "1",
  words,
});

it("lists parents before their children, orphans included, with what each does", () => {
  const members = [
    info(30, 20, "R", "cc", "-c", "a.c"),
    info(7, 1, "T", "sleep", "9"),
    info(20, 10, "S", "make"),
    info(10, 1, "Ss+", "sh"),
  ];
  expect(runningProcesses(members)).toEqual([
    { pid: 7, parent: 1, command: "sleep 9", state: "frozen" },
    { pid: 10, parent: 1, command: "sh", state: "waiting" },
    { pid: 20, parent: 10, command: "make", state: "waiting" },
    { pid: 30, parent: 20, command: "cc -c a.c", state: "working" },
  ]);
});

it("cuts a command line that is too long", () => {
  expect(runningProcesses([info(2, 1, "Z", "x".repeat(500))])[0]).toMatchObject({ command: `${"x".repeat(199)}…`, state: "other" });
});
