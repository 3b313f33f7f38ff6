import type { ReviewRules } from "../domain/policy/policy.js";
import type { Review } from "../domain/review.js";
import { parseAnswer, parseJson } from "./answer.js";
import { modelApis } from "./model-apis.js";
import type { Prompt } from "./prompt.js";

/** Largest answer that is read, in bytes. */
const answerBytes = 64 * 1_024;

interface Question {
  readonly rules: ReviewRules;
  /** Null for an endpoint that needs none. */
  readonly key: string | null;
  readonly prompt: Prompt;
}

/** Asks once. Whatever goes wrong is told in words of our own: an endpoint's error text is not passed on. */
export async function askModel({ rules, key, prompt }: Question, signal: AbortSignal): Promise<Review> {
  const api = modelApis[rules.api];
  try {
    const response = await fetch(api.address(rules.endpoint), {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", ...api.headers(key) },
      body: JSON.stringify(api.request(rules.model, prompt)),
      // Another place was not named by anybody, and would get the action's text and the key.
      redirect: "error",
      signal,
    });
    if (!response.ok) {
      await response.body?.cancel();
      return missing(refusals[response.status] ?? `the endpoint answered HTTP ${response.status}`);
    }
    const text = await readBounded(response);
    if (text === null) return missing(malformed);
    const said = api.said(parseJson(text));
    if (said.kind === "refused") return missing("the model refused to answer");
    return (said.kind === "said" ? parseAnswer(said.text) : null) ?? missing(malformed);
  } catch {
    return missing(signal.aborted ? `there was no answer within ${rules.timeLimitMs / 1_000} s` : "the endpoint could not be reached");
  }
}

const malformed = "the answer was not in the form that was asked for";

const refusals: Partial<Record<number, string>> = {
  401: "the endpoint refused the key (HTTP 401)",
  403: "the endpoint refused the key (HTTP 403)",
  404: "the endpoint knows no such address or model (HTTP 404)",
  429: "the endpoint answers no more for now (HTTP 429)",
};

/** No review, and why. */
export function missing(why: string): Review {
  return { kind: "missing", why };
}

async function readBounded(response: Response): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > answerBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
