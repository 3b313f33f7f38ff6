import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { JsonObject } from "@pullcord/sdk/protocol";
import { beforeAll, describe, expect, it } from "vitest";
import { type Outcome, outcomeOf, proposalOf, readShell } from "../corpus/outcome.js";
import { settingSurroundings } from "../corpus/setting.js";
import { readAction } from "../read-action.js";
import { prepareReading } from "../sql.js";

interface Judged {
  readonly line: JsonObject;
  readonly outcome: Outcome;
}

/** Our own lines, by the same rules as the outside list, each file with one label. */
describe.each<Outcome>(["allow", "ask", "deny"])("our own lines labelled %s", (label) => {
  beforeAll(prepareReading);

  it("come out as labelled", () => {
    const judged = linesOf(label).map(judge);
    const wrong = judged.filter(({ outcome }) => outcome !== label);
    if (process.env["JUDGMENT_LINES"]) for (const { line, outcome } of wrong) console.log(`OWN ${label} -> ${outcome}: ${subject(line)}`);
    console.log(`own ${label}: ${judged.length} lines, ${wrong.length} otherwise`);
    expect(
      wrong.filter(({ line, outcome }) => !isAlsoRight(line, outcome)).map(({ line, outcome }) => `${outcome}: ${subject(line)}`),
    ).toEqual([]);
  });
});

/** Functions of a program that hand over the machine or its data. */
const worst = /^(?:shell|reverse-shell|bind-shell|upload|privilege-escalation|library-load)$/;

describe("our own abuses of Unix programs", () => {
  beforeAll(prepareReading);

  it("next to none pass silently", () => {
    const abuses = linesOf("abuses");
    const silent = abuses.filter(({ code }) => outcomeOf(readShell(String(code), settingSurroundings)) === "allow");
    console.log(`own abuses: ${abuses.length} lines, ${silent.length} pass silently`);
    expect(silent.filter(({ fn }) => worst.test(String(fn))).map(({ code }) => code)).toEqual([]);
    expect(silent.length / abuses.length).toBeLessThanOrEqual(silentLimit);
  });
});

/** Share of the abuses that may run without a question (requirements, Judgment I). */
const silentLimit = 0.01;

function linesOf(label: Outcome | "abuses"): readonly JsonObject[] {
  const text = readFileSync(resolve(import.meta.dirname, `${label}.jsonl`), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as JsonObject);
}

function judge(line: JsonObject): Judged {
  return { line, outcome: outcomeOf(readAction(proposalOf(line), settingSurroundings)) };
}

function isAlsoRight({ also_ok: also }: JsonObject, outcome: Outcome): boolean {
  return Array.isArray(also) && also.includes(outcome);
}

function subject(line: JsonObject): string {
  return JSON.stringify(line["command"] ?? line["sql"] ?? line["url"] ?? line["path"] ?? line["arguments"]);
}
