import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestServer, type TestServer } from "./server-for-tests.js";

const swaps = 4;
const rules = 400;

let test: TestServer;

beforeAll(async () => {
  test = await startTestServer({ policy: policyText(0) });
});

afterAll(() => test.close());

/** Two rules that say the same version, the first and the last of many: half a policy would say two. */
function policyText(version: number): string {
  const rule = (id: string) => `  - { id: ${id}, effect: deny, when: { command: "make it" }, reason: "version ${version}" }\n`;
  const others = Array.from({ length: rules }, (_, at) => `  - { id: r${at}, effect: deny, when: { path: "/srv/p${at}/**" } }\n`);
  return `version: 1\nrules:\n${rule("first")}${others.join("")}${rule("last")}`;
}

it("decides every action by one whole policy while it is swapped (A24)", async () => {
  const agent = await test.agent("claude-code");
  const { id } = await agent.openRun({ task: "swaps" });
  const file = join(test.folder, "policy.yaml");
  const said = new Map<string, Set<string>>();
  const seen = { newest: "" };
  const propose = async () => {
    const { action } = await agent.propose(id, { type: "command_execute", arguments: { command: "make it" } });
    const version = action.decision?.policyVersion ?? "";
    const sentences = action.decision?.reasons.map(({ sentence }) => sentence) ?? [];
    seen.newest = sentences[0] ?? "";
    expect(sentences).toHaveLength(2);
    said.set(version, new Set([...(said.get(version) ?? []), ...sentences]));
  };
  for (let swap = 1; swap <= swaps; swap++) {
    writeFileSync(`${file}.new`, policyText(swap));
    renameSync(`${file}.new`, file);
    const wanted = `version ${swap}`;
    while (seen.newest !== wanted) await Promise.all([propose(), propose(), propose()]);
  }
  expect(said.size).toBe(swaps + 1);
  for (const sentences of said.values()) expect([...sentences]).toHaveLength(1);
});
