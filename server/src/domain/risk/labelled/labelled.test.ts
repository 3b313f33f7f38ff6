import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { JsonObject } from "@pullcord/sdk/protocol";
import { beforeAll, describe, expect, it } from "vitest";
import { type Outcome, outcomeOf, proposalOf } from "../corpus/outcome.js";
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

function linesOf(label: Outcome): readonly JsonObject[] {
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
