import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { outcomeOf, readShell } from "../corpus/outcome.js";
import { settingSurroundings } from "../corpus/setting.js";
import { families } from "../programs/families.js";
import { flagTable } from "../programs/flags.js";
import type { Flag, Usage } from "../programs/usage.js";
import { prepareReading } from "../sql.js";

/** What nobody may run without a question. */
const harm = "rm -rf data";

describe("programs that run something else", () => {
  beforeAll(prepareReading);

  it("never pass silently, however they are told to", () => {
    const lines = readFileSync(resolve(import.meta.dirname, "executions.txt"), "utf8")
      .split("\n")
      .filter(Boolean);
    expect(lines.length).toBeGreaterThan(500);
    expect(passes("find src -name x")).toBe(true);
    expect(lines.filter(passes)).toEqual([]);
  });

  it("ask about what any option or word of theirs would run, for every program that is known", () => {
    const calls = families().flatMap((family) => Object.entries(family).flatMap(([key, usage]) => callsOf(key.split(" ")[0] ?? "", usage)));
    expect(calls.length).toBeGreaterThan(400);
    expect(calls.filter(passes)).toEqual([]);
  });
});

function passes(line: string): boolean {
  return outcomeOf(readShell(line, settingSurroundings)) === "allow";
}

/** Every way that the data of an entry names to run something, spelled out with something harmful. */
function callsOf(program: string, usage: Usage): string[] {
  if (program.includes("*")) return [];
  const options = [...flagTable(usage.flags ?? "").named.values()].filter(runs).map((flag) => `${program} ${spelled(flag)}`);
  const takes = usage.takes ?? "";
  const words = /^(?:(?:text|data) )*(?:command|shell)/.test(takes)
    ? [
        `${program} ${"x ".repeat(takes.split(" ").findIndex((role) => /^(?:command|shell)/.test(role)))}${/shell/.test(takes) ? `'${harm}'` : harm}`,
      ]
    : [];
  const verbs = Object.entries(usage.verbs ?? {}).flatMap(([key, verb]) =>
    callsOf(`${program} ${(key.split(" ")[0] ?? "").replace(/\*$/, "")}`, verb),
  );
  return [...options, ...words, ...verbs];
}

function runs({ role, does, mark }: Flag): boolean {
  return mark === null && (/^(?:shell|command|code)$/.test(role) || /^(?:runs_hidden|runs_code)$/.test(does ?? ""));
}

function spelled({ name, takes }: Flag): string {
  if (takes === "nothing") return name;
  return takes === "attached" ? `${name}='${harm}'` : `${name} '${harm}'`;
}
