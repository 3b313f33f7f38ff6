import { describe, expect, it } from "vitest";
import { parsePolicy } from "./parse-policy.js";

function read(section: string) {
  return parsePolicy(`version: 1\nguardrails: { ${section} }\n`, "policy.yaml");
}

/** The limits that a section adds to those that hold anyway. */
function limitsOf(section: string) {
  const parsed = read(section);
  if ("problem" in parsed) throw new Error(parsed.problem.sentence);
  return parsed.ok.guardrails.limits.filter(({ guardrail }) => !["run_time", "error_rate", "files_per_run"].includes(guardrail));
}

describe("the guardrails of a policy file", () => {
  it("limit every measure for a run, an agent, and an agent's day", () => {
    expect(
      limitsOf("tokens_per_run: { warn: 1, ask: 2, pause: 3, stop: 4 }, money_per_agent_day: { ask: 0.5 }, calls_per_agent: { stop: 9 }"),
    ).toEqual([
      { guardrail: "calls_per_agent", measured: "calls", scope: "agent", at: { stop: 9 } },
      { guardrail: "tokens_per_run", measured: "tokens", scope: "run", at: { warn: 1, ask: 2, pause: 3, stop: 4 } },
      { guardrail: "money_per_agent_day", measured: "money", scope: "agent_day", at: { ask: 0.5 } },
    ]);
  });

  it("limit tools, loops, depth, and what is unusual", () => {
    const section = "tools: { mcp__deploy: { ask: 1 } }, same_action: { pause: 9 }, sub_agent_depth: { stop: 3 }";
    expect(limitsOf(`${section}, anomaly: { new_kind: ask, new_host: warn, pace: { pause: 5 } }`)).toEqual([
      { guardrail: "tools.mcp__deploy", measured: "tool:mcp__deploy", scope: "run", at: { ask: 1 } },
      { guardrail: "same_action", measured: "same_action", scope: "run", at: { pause: 9 } },
      { guardrail: "sub_agent_depth", measured: "depth", scope: "run", at: { stop: 3 } },
      { guardrail: "anomaly.new_kind", measured: "new_kind", scope: "agent", at: { ask: 0 } },
      { guardrail: "anomaly.new_host", measured: "new_host", scope: "agent", at: { warn: 0 } },
      { guardrail: "anomaly.pace", measured: "pace", scope: "agent", at: { pause: 5 } },
    ]);
  });

  it("name the time by response too, and how breakers recover", () => {
    const section = "run_time: { ask: 1h, stop: 9h }, breaker: { cool_down: 5m, probes: 2 }, day_zone: Europe/Vienna";
    expect(read(section)).toMatchObject({
      ok: {
        guardrails: {
          limits: [{ guardrail: "run_time", at: { ask: 3_600_000, pause: 28_800_000, stop: 32_400_000 } }, {}, {}],
          breaker: { coolDownMs: 300_000, probes: 2 },
          dayZone: "Europe/Vienna",
        },
      },
    });
  });

  it.each([
    ["a measure that is none", "apples_per_run: { ask: 1 }", /apples_per_run/],
    ["a scope that is none", "tokens_per_week: { ask: 1 }", /tokens_per_week/],
    ["an amount below nothing", "tokens_per_run: { ask: -1 }", /at least 0/],
    ["half a file", "files_per_run: { ask: 1.5 }", /files_per_run\.ask/],
    ["a response that is none", "tokens_per_run: { deny: 1 }", /no key "deny"/],
    ["a grave response before a mild one", "tokens_per_run: { ask: 5, pause: 2 }", /ask is above pause/],
    ["the same for times", "run_time: { pause: 2h, stop: 1h }", /pause is above stop/],
    ["the same for shares", "error_rate: { ask_at: 0.9, pause_at: 0.5 }", /ask_at is above pause_at/],
    ["questions about questions", "questions_per_run: { ask: 5 }", /Asking about questions/],
    ["an unknown time zone", "day_zone: Middle/Earth", /no such time zone/],
    ["no probes", "breaker: { probes: 0 }", /at least 1/],
    ["more repetitions than are remembered", "same_action: { ask: 51 }", /at most 50/],
  ])("are refused with %s", (_what, section, sentence) => {
    const parsed = read(section);
    expect("problem" in parsed && parsed.problem).toMatchObject({ line: 2, sentence: expect.stringMatching(sentence) });
  });
});
