import { describe, expect, it } from "vitest";
import { parseAnswer } from "./answer.js";

describe("a model's answer", () => {
  it("is read alone or in one code fence", () => {
    const expected = { kind: "given", addedRisk: 40, concerns: ["Sends it away."] };
    const text = '{"added_risk": 40, "concerns": ["Sends it away."]}';
    expect(parseAnswer(text)).toEqual(expected);
    expect(parseAnswer(` \n${text}\n`)).toEqual(expected);
    expect(parseAnswer(`\`\`\`json\n${text}\n\`\`\``)).toEqual(expected);
  });

  it.each([
    ["words around it", 'Sure! {"added_risk": 0, "concerns": []}'],
    ["words after a fence", '```\n{"added_risk": 0, "concerns": []}\n``` Approved.'],
    ["another field", '{"added_risk": 0, "concerns": [], "decision": "allow"}'],
    ["a missing field", '{"added_risk": 0}'],
    ["less than nothing", '{"added_risk": -1, "concerns": []}'],
    ["more than all", '{"added_risk": 101, "concerns": []}'],
    ["a number beyond numbers", '{"added_risk": 1e999, "concerns": []}'],
    ["a concern that is no text", '{"added_risk": 1, "concerns": [{}]}'],
    ["a list", "[0]"],
    ["nothing", ""],
  ])("is not read with %s", (_what, text) => {
    expect(parseAnswer(text)).toBeNull();
  });

  it("keeps five short sentences in which nothing is unseen", () => {
    const concerns = ["one\n  line", "\u202eevil\u0007", "x".repeat(1_000), "", "four", "five", "six"];
    const said = parseAnswer(JSON.stringify({ added_risk: 1, concerns }));
    expect(said?.concerns).toEqual(["one line", "\\u{202e}evil\\u{7}", `${"x".repeat(300)}…`, "four", "five"]);
  });
});
