import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AgentClient, PersonClient } from "@pullcord/sdk/client";
import { needsPresence, type LiveEvent, type Plan, type ProposedAction, type Run } from "@pullcord/sdk/protocol";
import { runCommandLine } from "../../server/src/cli/main.js";
import { startSignedIn } from "./cli/command.js";
import { holdFor, type TestServer } from "./server-for-tests.js";

const policy =
  "version: 1\nautonomy: full\nrules:\n  - { id: asks, effect: require_approval, level: review, when: { type: [command_execute, database_modify] } }\n";

let test: TestServer;
let agent: AgentClient;
/** Whoever asks all that there is with the agent's token. */
let nosy: PersonClient;
beforeAll(async () => {
  test = await startSignedIn({ policy });
  const { secret } = await test.person.issueAgentToken("coder");
  await test.person.setTrust("coder", "autonomous");
  agent = new AgentClient({ url: test.server.url, token: secret });
  nosy = new PersonClient({ url: test.server.url, token: secret });
});
afterAll(() => test.close());

let root: string;
let run: Run;
let database: DatabaseSync;
beforeEach(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-plan-rows-")));
  run = await agent.openRun({ task: "work", workingDirectory: root });
  database = new DatabaseSync(join(root, "shop.db"));
  database.exec(`
    CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, password TEXT);
    INSERT INTO users (name, password) VALUES ('ada', 'hunter2-swordfish'), ('bob', 'hunter2-marlin'), ('cy', 'hunter2-tuna');`);
});
afterEach(() => {
  database.close();
  rmSync(root, { recursive: true, force: true });
});

const sqlite = (sql: string): ProposedAction => ({ type: "command_execute", arguments: { command: `sqlite3 shop.db "${sql}"` } });
const rename = sqlite("UPDATE users SET name = 'agent' WHERE id = 1");
const remove = sqlite("DELETE FROM users WHERE id < 3");

const isTrying = ({ steps }: Plan) => steps.some(({ rows }) => rows?.status === "trying");

/** The plan once all its rows were tried. */
async function settled(id: string): Promise<Plan> {
  for (;;) {
    const plan = await test.person.plans.get(id);
    if (!isTrying(plan)) return plan;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function handedIn(...steps: readonly ProposedAction[]): Promise<Plan> {
  const { plan } = await agent.handInPlan(run.id, { steps });
  return settled(plan.id);
}

async function approve(plan: Plan): Promise<void> {
  const proof = needsPresence(plan.level, plan.whole) ? { presenceProof: await holdFor(test.person, plan.digest) } : {};
  await test.person.plans.resolve(plan.id, { effect: "approve", digest: plan.digest, ...proof });
}

const tried = (changes: object) =>
  expect.objectContaining({ status: "tried", tables: [expect.objectContaining({ table: "users", ...changes })] }) as unknown;

describe("the rows of a plan's steps", () => {
  it("are shown step by step, each on the database as it is, having changed none", async () => {
    const before = readFileSync(join(root, "shop.db"));
    const { steps, whole } = await handedIn(
      rename,
      { type: "command_execute", arguments: { command: "date" } },
      remove,
      sqlite("DELETE FROM gone"),
    );
    expect(steps.map(({ rows }) => rows)).toEqual([
      tried({ database: "shop.db", updated: 1, deleted: 0 }),
      undefined,
      tried({ updated: 0, deleted: 2 }),
      { status: "untried", why: expect.stringContaining("no such table: gone") as unknown },
    ]);
    expect(steps.map(({ rowsWithout }) => rowsWithout)).toEqual([undefined, undefined, [1], [1, 3]]);
    expect(JSON.stringify(steps)).not.toContain("hunter2");
    expect(whole.undo).toContain("Only others can take back");
    expect(readFileSync(join(root, "shop.db")).equals(before)).toBe(true);
    const [listed] = (await test.person.plans.list({ run: run.id })).items;
    expect(listed?.steps[0]?.rows).toMatchObject({ tables: [{ updated: 1, first: [] }] });
  });

  it("are no part of what its agent hears, nor when they were previewed", async () => {
    const plan = await handedIn(remove);
    const { items } = await test.person.listAudit({ type: "plan.previewed" });
    expect(items[0]?.body).toEqual({ plan: plan.id, steps: [{ number: 1, status: "tried" }] });
    const answer = await agent.awaitPlan(plan.id, 0);
    await test.person.plans.resolve(plan.id, { effect: "deny", digest: plan.digest });
    const heard: LiveEvent[] = [];
    for await (const event of agent.events({ run: run.id, after: 0 })) {
      if (event.kind === "connected" || event.kind === "disconnected") continue;
      heard.push(event);
      if (event.kind === "recorded" && event.entry.type === "plan.resolved") break;
    }
    const read = [answer, heard, await nosy.plans.get(plan.id), await agent.awaitPlan(plan.id, 0)];
    expect(JSON.stringify(read)).not.toMatch(/"ada"|swordfish|"users"|previewed|"rows(?:Without)?":/);
    await expect(nosy.plans.list()).rejects.toMatchObject({ reason: "people_only" });
  });

  it("are previewed anew when a person edits it", async () => {
    const plan = await handedIn(rename, remove);
    const edited = { command: `sqlite3 shop.db "DELETE FROM users WHERE id = 3"` };
    const steps = [{ number: 2, arguments: edited }, { number: 1 }];
    const arranged = await test.person.plans.arrange(plan.id, { digest: plan.digest, steps });
    expect(arranged.steps.map(({ rows }) => rows?.status)).not.toContain("untried");
    const { steps: shown } = await settled(plan.id);
    expect(shown.map(({ rows }) => rows)).toEqual([tried({ deleted: 1 }), tried({ updated: 1 })]);
    expect(shown.map(({ rowsWithout }) => rowsWithout)).toEqual([undefined, [2]]);
  });

  it("are what the approval holds for: a step that still does that runs, one that would change many more asks again", async () => {
    const plan = await handedIn(rename, sqlite("DELETE FROM users WHERE id > 1"));
    await approve(plan);
    const first = await agent.propose(run.id, rename);
    expect([first.next, first.action.decision?.planStep]).toEqual(["run", { plan: plan.id, number: 1, isAnswer: true }]);
    database.exec("UPDATE users SET name = 'agent' WHERE id = 1");
    await agent.reportOutcome(first.action.id, { status: "succeeded" });
    database.exec("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40) INSERT INTO users (name) SELECT i FROM n");
    const second = sqlite("DELETE FROM users WHERE id > 1");
    const refused = await agent.propose(run.id, second);
    expect([refused.next, refused.action.state.status]).toEqual(["deny", "skipped"]);
    expect(refused.guidance).toContain("Propose it again");
    expect(refused.guidance).not.toMatch(/\d/);
    const { items } = await test.person.listAudit({ type: "approval.outgrown" });
    expect(items[0]?.body["why"]).toMatch(/would have 42 rows of users deleted now; 2 were shown/);
    expect((await test.person.plans.get(plan.id)).steps[1]?.state).toMatchObject({ status: "failed" });
    expect((await agent.propose(run.id, second)).next).toBe("wait");
  });

  it("are shown by show, plan show, plan edit and approve --dry-run", async () => {
    const plan = await handedIn(rename, remove);
    for (const words of [
      ["show", plan.id],
      ["plan", "show", plan.id],
      ["approve", "--dry-run", plan.id],
      ["plan", "edit", plan.id, "--order", "1,2"],
    ]) {
      expect(await pullcord(...words)).toMatch(
        /shop\.db\/users: 1 row updated\n +~ 1 {2}name: ada → agent[^]*without step 1, which changes it first[^]*shop\.db\/users: 2 rows deleted/,
      );
    }
  });
});

/** One command in the run's folder. @returns what it said */
async function pullcord(...words: readonly string[]): Promise<string> {
  let out = "";
  await runCommandLine(["--data", test.folder, ...words], {
    environment: { PATH: process.env["PATH"], HOME: test.folder },
    workingDirectory: root,
    stdin: process.stdin,
    stdout: { write: (text) => (out += text) },
    stderr: { write: () => true },
    ancestors: () => [],
    onInterrupt: () => () => {},
  });
  return out;
}
