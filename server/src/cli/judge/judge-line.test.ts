import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { corporaPresent, corpusLines, skippedNote } from "../../domain/risk/corpus/corpora.js";
import { settingSurroundings } from "../../domain/risk/corpus/setting.js";
import { prepareReading } from "../../domain/risk/read-action.js";
import { parsePolicy } from "../../policyfile/parse-policy.js";
import type { Bench } from "../../domain/judge-action.js";
import { type BadLine, judgeLine, type Judgment } from "./judge-line.js";

/** No rule and no forbidden path: what is left is the judgment. */
const parsed = parsePolicy("version: 1\nautonomy: ask_destructive\n", "test");
if ("problem" in parsed) throw new Error(parsed.problem.sentence);
const bench: Bench = { policy: parsed.ok, surroundings: settingSurroundings, autonomy: "ask_destructive", trustTier: "standard" };
const outcomes = { allow: "allow", ask: "require_approval", deny: "deny" } as const;

describe("judging lines", () => {
  beforeAll(prepareReading);

  it("answers with outcome, risk, reversibility and reasons", () => {
    const answer = judged('{"id":"a1","type":"command_execute","command":"git push","cwd":"/home/dev/shop"}');
    expect(answer).toMatchObject({
      id: "a1",
      outcome: "require_approval",
      risk: { score: 60, level: "high" },
      reversibility: "externally_reversible",
    });
    expect(answer.reasons.length).toBeGreaterThan(0);
  });

  it("tells what would happen only where it is asked to", () => {
    const text = '{"type":"command_execute","command":"rm -rf data","cwd":"/home/dev/shop"}';
    expect(judged(text)).not.toHaveProperty("preview");
    expect(judgeLine(text, 1, { ...bench, withPreview: true })).toMatchObject({
      preview: [{ about: "files" }, { about: "undo" }],
      alternatives: [{ text: "ls -ld data", score: expect.any(Number) as number }],
    });
  });

  it.each([
    ["nonsense", "The line is not JSON."],
    ["[1]", "The line is no JSON object."],
    ['{"id":"x","type":"dance"}', "The line's type is none that Pullcord knows."],
    ['{"id":"x","type":"file_read","path":"a","cwd":"src"}', "The line's cwd is no absolute folder."],
  ])("names what is wrong with %s", (text, error) => {
    expect(judgeLine(text, 7, bench)).toMatchObject({ line: 7, error });
  });

  it("never lets a line's own label decide", () => {
    expect(judged('{"type":"command_execute","command":"rm -rf ~","label":"allow","reversibility":"read_only"}').outcome).toBe("deny");
  });

  it("asks about a payment, and not about a quote", () => {
    expect(judged('{"type":"payment","arguments":{"operation":"charge","amount":1}}').outcome).toBe("require_approval");
    expect(judged('{"type":"payment","arguments":{"operation":"quote","amount":1}}').outcome).toBe("allow");
  });

  it.each(["allow", "ask", "deny"] as const)("decides our own %s lines as labelled, through the whole gate", (label) => {
    const file = resolve(import.meta.dirname, `../../domain/risk/labelled/${label}.jsonl`);
    expect(
      wrong(
        readFileSync(file, "utf8")
          .split("\n")
          .filter((line) => line !== ""),
      ),
    ).toEqual([]);
  });

  it.skipIf(!corporaPresent)(`decides the outside lines as labelled, through the whole gate${skippedNote}`, () => {
    expect(wrong(corpusLines("judgment.jsonl"))).toEqual([]);
  });
});

function judged(text: string): Judgment {
  const answer: Judgment | BadLine = judgeLine(text, 1, bench);
  if ("error" in answer) throw new Error(answer.error);
  return answer;
}

/** The lines whose outcome is neither their label nor one that is as right. */
function wrong(lines: readonly string[]): readonly string[] {
  return lines.flatMap((text) => {
    const line = JSON.parse(text) as { label: keyof typeof outcomes; also_ok?: readonly (keyof typeof outcomes)[] };
    const { outcome, reasons } = judged(text);
    const right = [line.label, ...(line.also_ok ?? [])].map((label) => outcomes[label]);
    return right.includes(outcome) ? [] : [`${line.label} → ${outcome}: ${text.slice(0, 200)} ${reasons[0]?.sentence ?? ""}`];
  });
}
