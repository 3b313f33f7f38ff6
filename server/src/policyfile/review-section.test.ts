import { describe, expect, it } from "vitest";
import { parsePolicy } from "./parse-policy.js";

const whole = "api: openai, endpoint: 'https://models.example.com/v1', model: m";

function read(section: string) {
  return parsePolicy(`version: 1\nreview: { ${section} }\n`, "policy.yaml");
}

describe("the review section of a policy file", () => {
  it("is off unless it is there, and gets the defaults for what it leaves out", () => {
    expect(parsePolicy("version: 1", "policy.yaml")).toMatchObject({ ok: { review: null } });
    expect(read(whole)).toMatchObject({
      ok: { review: { api: "openai", model: "m", key: null, timeLimitMs: 5_000, onFailure: "ask", fromScore: 15 } },
    });
  });

  it("says what it says", () => {
    const section =
      "api: anthropic, endpoint: 'http://[::1]:8080', model: m, key_file: /k, time_limit: 8s, on_failure: ignore, from_score: 0";
    expect(read(section)).toMatchObject({
      ok: {
        review: { endpoint: "http://[::1]:8080", key: { from: "file", name: "/k" }, timeLimitMs: 8_000, onFailure: "ignore", fromScore: 0 },
      },
    });
    expect(read(`${whole}, key_env: MODEL_KEY`)).toMatchObject({ ok: { review: { key: { from: "environment", name: "MODEL_KEY" } } } });
  });

  it.each([
    ["no model", "api: openai, endpoint: 'https://x.org'", /review\.model is missing/],
    ["an unknown wire format", whole.replace("openai", "gemini"), /review\.api has to be one of openai, anthropic/],
    ["no address", whole.replace("https://models.example.com/v1", "models"), /no web address/],
    ["plain HTTP to elsewhere", whole.replace("https:", "http:"), /https, or http on this very machine/],
    [
      "plain HTTP to a name that only begins like this machine",
      whole.replace("https://models", "http://localhost.models"),
      /https, or http/,
    ],
    ["a file", whole.replace("https:", "file:"), /https, or http/],
    ["a password in the address", whole.replace("https://", "https://user:pass@"), /No password belongs in a policy file/],
    ["a key in the address", whole.replace("/v1", "/v1?key=abc"), /without \? and #/],
    ["the key itself", `${whole}, key: sk-123`, /no key "key" in review/],
    ["the key where its name belongs", `${whole}, key_env: sk-ant-123`, /Name an environment variable/],
    ["a file by a relative path", `${whole}, key_file: key.txt`, /absolute path/],
    ["two places for the key", `${whole}, key_env: A, key_file: /k`, /Name the key once/],
    ["more time than an agent waits", `${whole}, time_limit: 9s`, /at most 8s/],
    ["a way to allow on failure", `${whole}, on_failure: allow`, /has to be one of ask, ignore/],
    ["a score out of range", `${whole}, from_score: 101`, /at most 100/],
  ])("is refused with %s", (_what, section, sentence) => {
    const parsed = read(section);
    expect("problem" in parsed && parsed.problem).toMatchObject({ line: 2, sentence: expect.stringMatching(sentence) });
  });
});
