import { z } from "zod";
import type { ReviewApi } from "../domain/policy/policy.js";
import type { Prompt } from "./prompt.js";

/** What an answer comes to. */
export type Said = { readonly kind: "said"; readonly text: string } | { readonly kind: "refused" } | { readonly kind: "malformed" };

/** One wire format: how a model is asked, and where in the answer stands what it said. */
interface ModelApi {
  address(endpoint: string): string;
  headers(key: string | null): Record<string, string>;
  request(model: string, prompt: Prompt): object;
  said(answer: unknown): Said;
}

/** Enough for the answer that is asked for, in tokens. */
const answerTokens = 1_024;
/** https://docs.anthropic.com/en/api/versioning */
const anthropicVersion = "2023-06-01";

/** https://docs.anthropic.com/en/api/messages */
const anthropic: ModelApi = {
  address: (endpoint) => `${base(endpoint).replace(/\/v1$/, "")}/v1/messages`,
  headers: (key) => ({ "anthropic-version": anthropicVersion, ...(key === null ? {} : { "x-api-key": key }) }),
  request: (model, { system, user }) => ({ model, max_tokens: answerTokens, system, messages: [{ role: "user", content: user }] }),
  said: (answer) => {
    const parsed = anthropicAnswer.safeParse(answer);
    if (!parsed.success) return { kind: "malformed" };
    if (parsed.data.stop_reason === "refusal") return { kind: "refused" };
    const texts = parsed.data.content.flatMap(({ type, text }) => (type === "text" && text !== undefined ? [text] : []));
    return { kind: "said", text: texts.join("") };
  },
};

const anthropicAnswer = z.object({
  content: z.array(z.object({ type: z.string(), text: z.string().optional() })),
  stop_reason: z.string().nullish(),
});

/** https://platform.openai.com/docs/api-reference/chat, as others speak it too; so without what only some of them know. */
const openai: ModelApi = {
  address: (endpoint) => `${base(endpoint)}/chat/completions`,
  headers: (key): Record<string, string> => (key === null ? {} : { authorization: `Bearer ${key}` }),
  request: (model, { system, user }) => ({
    model,
    messages: [
      { role: "system", content: system },
      { role: "user", content: user },
    ],
  }),
  said: (answer) => {
    const choice = openaiAnswer.safeParse(answer).data?.choices[0];
    if (!choice) return { kind: "malformed" };
    const { content, refusal } = choice.message;
    if ((refusal ?? "") !== "" || choice.finish_reason === "content_filter") return { kind: "refused" };
    return typeof content === "string" ? { kind: "said", text: content } : { kind: "malformed" };
  },
};

const openaiAnswer = z.object({
  choices: z.array(
    z.object({ message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }), finish_reason: z.string().nullish() }),
  ),
});

export const modelApis: Readonly<Record<ReviewApi, ModelApi>> = { anthropic, openai };

function base(endpoint: string): string {
  return endpoint.replace(/\/+$/, "");
}
