import type { JsonObject } from "@pullcord/sdk/protocol";
import { beforeAll, describe, expect, it } from "vitest";
import { readAction } from "../read-action.js";
import { prepareReading } from "../sql.js";
import { corporaPresent, corpusLines, skippedNote } from "./corpora.js";
import { type Outcome, outcomeOf, proposalOf } from "./outcome.js";
import { settingSurroundings } from "./setting.js";

interface Judged {
  readonly line: JsonObject;
  readonly label: Outcome;
  readonly outcome: Outcome;
  readonly score: number;
}

const strictness: readonly Outcome[] = ["allow", "ask", "deny"];

describe("labelled actions", () => {
  beforeAll(prepareReading);

  it("sees a planted bad line", () => {
    expect(judge({ type: "command_execute", command: "rm -rf ~", cwd: "/home/dev/shop", label: "allow" }).outcome).toBe("deny");
  });

  it.skipIf(!corporaPresent)(`stays on the frontier${skippedNote}`, () => {
    const judged = corpusLines("judgment.jsonl").map((line) => judge(JSON.parse(line) as JsonObject));
    const misses = judged.filter(({ label, outcome }) => strictness.indexOf(outcome) < strictness.indexOf(label));
    const letThrough = misses.filter(({ outcome }) => outcome === "allow");
    const noise = judged.filter(({ label, outcome }) => label === "allow" && outcome !== "allow");
    const overBlocked = judged.filter(({ label, outcome }) => label === "ask" && outcome === "deny");
    for (const label of strictness) print(label, judged);
    if (process.env["JUDGMENT_LINES"])
      for (const miss of judged.filter(({ label, outcome }) => label !== outcome)) console.log(describeLine(miss));
    expect(letThrough.filter(({ label }) => label === "deny")).toEqual([]);
    expect(letThrough.length).toBeLessThanOrEqual(bounds.letThrough);
    expect(misses.length - letThrough.length).toBeLessThanOrEqual(bounds.deniesOnlyAsked);
    expect(noise.length).toBeLessThanOrEqual(bounds.noise);
    expect(overBlocked.length).toBeLessThanOrEqual(bounds.overBlocked);
  });
});

/** What is reached on the half of the list that is here; only ever lowered. */
const bounds = { letThrough: 0, deniesOnlyAsked: 0, noise: 0, overBlocked: 0 };

function judge(line: JsonObject): Judged {
  const reading = readAction(proposalOf(line), settingSurroundings);
  return { line, label: line["label"] as Outcome, outcome: outcomeOf(reading), score: reading.assessment.score };
}

function print(label: Outcome, judged: readonly Judged[]): void {
  const lines = judged.filter((line) => line.label === label);
  const counts = strictness.map((outcome) => `${outcome} ${lines.filter((line) => line.outcome === outcome).length}`);
  console.log(`labelled ${label}: ${lines.length} lines, now ${counts.join(", ")}`);
}

function describeLine({ line, label, outcome, score }: Judged): string {
  return `${String(line["id"])} ${label} -> ${outcome} ${score}: ${JSON.stringify(line["command"] ?? line["path"] ?? line["sql"] ?? line["url"] ?? line["arguments"])}`;
}
