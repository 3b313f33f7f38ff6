import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { JsonObject } from "../../protocol/index.js";
import { standIn } from "./stand-in.test.support.js";

const folder = new URL("golden/2.1.329/", import.meta.url);
const bodies = readdirSync(folder).map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as JsonObject);

/** A real hook call in which some fields are missing or something else. */
const bent = fc
  .tuple(
    fc.constantFrom(...bodies),
    fc.dictionary(
      fc.constantFrom("hook_event_name", "session_id", "tool_name", "tool_input", "tool_use_id", "cwd", "agent_id", "tool_calls"),
      fc.option(fc.jsonValue()),
    ),
  )
  .map(([body, changes]) => JSON.stringify({ ...body, ...changes }));
const anyBody = fc.oneof(bent, fc.json(), fc.string({ unit: "binary" }));
const anyAnswer = fc.oneof(
  fc.json().map((text) => new Response(text, { headers: { "content-type": "application/json" } })),
  fc
    .record({ status: fc.integer({ min: 200, max: 599 }).filter((status) => ![204, 205, 304].includes(status)), text: fc.string() })
    .map(({ status, text }) => new Response(text, { status })),
);

it("answers whatever it is sent, and allows nothing that the server did not allow", async () => {
  await fc.assert(
    fc.asyncProperty(anyBody, anyAnswer, async (body, answer) => {
      const { send } = standIn({
        "POST actions": () => answer.clone(),
        "GET answer": () => answer.clone(),
        "POST start": () => answer.clone(),
      });
      // `send` itself fails unless the answer has status 200 and is JSON.
      const answered = JSON.stringify(await send(body));
      expect(answered).not.toContain('"permissionDecision":"allow"');
      expect(answered).not.toContain('"behavior":"allow"');
    }),
    { numRuns: 500 },
  );
});
