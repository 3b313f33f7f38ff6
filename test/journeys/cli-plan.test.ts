import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Plan } from "@pullcord/sdk/protocol";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pullcord, startPullcord, startSignedIn, type Said } from "./cli/command.js";
import type { TestServer } from "./server-for-tests.js";

const policy = `version: 1
rules:
  - id: asked
    effect: require_approval
    level: review
    when: { command: "touch asked*" }
  - id: forbidden
    effect: deny
    when: { command: "touch forbidden*" }
    reason: "Use the staging folder instead."
`;

// Not the data folder: that is out of any agent's reach.
const workingDirectory = mkdtempSync(join(tmpdir(), "pullcord-cli-plan-"));
let test: TestServer;
let secret: string;
let runId: string;
beforeAll(async () => {
  test = await startSignedIn({ policy });
  secret = (await test.person.issueAgentToken("scripted")).secret;
  await test.person.setTrust("scripted", "standard");
  const opened = await fetch(`${test.server.url}/v1/runs`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    body: JSON.stringify({ task: "a script", workingDirectory }),
  });
  runId = ((await opened.json()) as { id: string }).id;
  writeFileSync(
    join(test.folder, "plan.json"),
    JSON.stringify({
      summary: "Three marks.",
      steps: [
        { command: "touch asked-1", workingDirectory, intent: "It \u001b[31mbegins." },
        { command: "touch forbidden-1", workingDirectory },
        { type: "command_execute", arguments: { command: "touch asked-2" }, workingDirectory },
      ],
    }),
  );
});
afterAll(async () => {
  await test.close();
  rmSync(workingDirectory, { recursive: true, force: true });
});

const environment = () => ({ PULLCORD_TOKEN: secret, PULLCORD_RUN_ID: runId, PULLCORD_URL: test.server.url });
const person = (...words: readonly string[]): Promise<Said> => pullcord(test.folder, words);

async function pending(): Promise<Plan> {
  let found: Plan | undefined;
  await expect.poll(async () => (found = (await test.person.plans.list({ status: "pending" })).items[0])).toBeDefined();
  return found!;
}

it("an agent's plan is shown, edited, approved and taken back on the command line", async () => {
  const agent = startPullcord(test.folder, ["plan", "hand-in", "plan.json"], environment());
  const { id } = await pending();
  const inbox = await person("inbox");
  expect(inbox.out).toMatch(new RegExp(`PLAN .*\n${id.slice(0, 6)}.*scripted +3: touch asked-1`));
  expect((await person("status")).out).toContain(id.slice(0, 6));

  const shown = await person("show", id);
  expect(shown.out).toContain(`Plan ${id}  waits for a person`);
  expect(shown.out).toMatch(/1\. asks, .*\n +command\n +\| touch asked-1/);
  expect(shown.out).toContain("Use the staging folder instead. Take it out or change it.");
  expect(shown.out).not.toContain("\u001b[31mbegins");
  const refused = await person("approve", id);
  expect([refused.status, refused.err]).toEqual([6, expect.stringContaining("Step 2 can't be approved")]);

  const mistyped = await person("plan", "edit", id, "--remove", "9");
  expect([mistyped.status, mistyped.err]).toEqual([2, expect.stringContaining("There is no step 9: name one of 1, 2, 3.")]);
  const edited = await person("plan", "edit", id, "--remove", "2", "--step", "3", "--arguments", '{"command":"touch asked-other"}');
  expect(edited.out).toContain("- 2. taken out: touch forbidden-1");
  expect(edited.out).toContain("changed by a person");
  expect((await person("plan", "edit", id, "--order", "3,1")).out.indexOf("touch asked-other")).toBeLessThan(
    (await person("plan", "show", id)).out.indexOf("touch asked-1"),
  );
  const approved = await person("approve", id, "--for", "2h", "--reason", "Only these.");
  expect([approved.status, approved.out]).toEqual([0, expect.stringContaining(`Approved ${id}.`)]);

  expect(await agent.ended).toBe(0);
  expect(agent.output()).toContain(`Ask your human to answer plan ${id}`.slice(0, 20));
  expect(agent.output()).toContain('3. command_execute, changed by your human; it now has to be: {"command":"touch asked-other"}');
  expect(agent.output()).toContain("Taken out, do not do it: 2.");
  expect(agent.output()).toContain("They said: Only these.");

  expect((await person("plan", "list")).out).toMatch(/approved +0 of 2 done; next is 3: touch asked-other/);
  expect((await person("plan", "end", id)).out).toBe(`Plan ${id} is taken back: 0 of 2 done.\n`);
  expect((await person("plan", "list")).out).toContain("No plan waits or is followed.");
  expect(JSON.parse((await person("plan", "show", id, "--json")).out)).toMatchObject({ ended: { why: "revoked" } });
}, 60_000);

it("a denied plan ends the agent's command with the reason and status 1", async () => {
  const agent = startPullcord(test.folder, ["plan", "hand-in", "plan.json"], environment());
  const { id } = await pending();
  expect((await person("deny", id, "--reason", "Not before the release.")).out).toContain(`Denied ${id}`);
  expect(await agent.ended).toBe(1);
  expect(agent.output()).toContain("They said: Not before the release.");
}, 60_000);

it("a plan is tried without asking anybody, and what is no plan says how one looks", async () => {
  const tried = await pullcord(test.folder, ["plan", "hand-in", "plan.json", "--dry-run"], environment());
  expect(tried.out).toMatch(/^denied: /);
  expect(tried.out).toMatch(/2 +denied .*touch forbidden-1/);
  expect((await test.person.plans.list({ status: "pending" })).items).toEqual([]);
  writeFileSync(join(test.folder, "prose.json"), '{"steps":[{"do":"this"}]}');
  const unread = await pullcord(test.folder, ["plan", "hand-in", "prose.json"], environment());
  expect([unread.status, unread.err]).toEqual([2, expect.stringContaining("step 1 names neither a command nor a type")]);
  const homeless = await pullcord(test.folder, ["plan", "hand-in", "plan.json"]);
  expect(homeless.err).toContain("PULLCORD_RUN_ID");
});

it("an agent may neither edit nor approve nor take back a plan", async () => {
  for (const words of [
    ["approve", "n234"],
    ["plan", "edit", "n234"],
    ["plan", "end", "n234"],
  ]) {
    const { status, err } = await pullcord(test.folder, words, { CLAUDECODE: "1" });
    expect([status, err]).toEqual([4, expect.stringContaining("an AI agent runs this command")]);
  }
});
