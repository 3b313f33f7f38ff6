import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AgentClient, PersonClient } from "@pullcord/sdk/client";
import {
  needsPresence,
  type ActionAnswer,
  type ApprovalRequest,
  type LiveEvent,
  type ProposedAction,
  type Run,
  type RowsPreview,
} from "@pullcord/sdk/protocol";
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
  root = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-shown-")));
  run = await agent.openRun({ task: "work", workingDirectory: root });
  database = new DatabaseSync(join(root, "shop.db"));
  database.exec(`
    CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, password TEXT, seen INTEGER DEFAULT 0);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, user INTEGER REFERENCES users (id) ON DELETE CASCADE, total INTEGER);
    CREATE TABLE notes (id INTEGER PRIMARY KEY, said TEXT);
    CREATE TRIGGER told AFTER UPDATE OF name ON users BEGIN INSERT INTO notes (said) VALUES (new.name); END;
    INSERT INTO users (name, password) VALUES ('ada', 'hunter2-swordfish'), ('bob', 'hunter2-marlin'), ('cy', 'hunter2-tuna');
    INSERT INTO orders (user, total) VALUES (1, 10), (1, 20), (2, 30);`);
});
afterEach(() => {
  database.close();
  rmSync(root, { recursive: true, force: true });
});

/** With cascades, which `sqlite3` has to be told to. */
const sqlite = (sql: string): ProposedAction => ({
  type: "command_execute",
  arguments: { command: `sqlite3 shop.db "PRAGMA foreign_keys = ON; ${sql}"` },
});

/** Proposes what asks, and waits until its rows are there. */
async function asked(proposed: ProposedAction): Promise<{ readonly answer: ActionAnswer; readonly request: ApprovalRequest }> {
  const answer = await agent.propose(run.id, proposed);
  expect(answer.next).toBe("wait");
  const id = answer.action.state.status === "waiting" ? answer.action.state.approvalRequestId : "";
  return { answer, request: await requestWith(id, (rows) => rows?.status !== "trying") };
}

async function requestWith(id: string, isWanted: (rows: RowsPreview | undefined) => boolean): Promise<ApprovalRequest> {
  for (;;) {
    const request = await test.person.getApprovalRequest(id);
    if (isWanted(request.rows)) return request;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function approve({ id, level, action: { digest, assessment } }: ApprovalRequest): Promise<void> {
  const proof = needsPresence(level, assessment) ? { presenceProof: await holdFor(test.person, digest) } : {};
  await test.person.resolve(id, { effect: "approve", digest, ...proof });
}

describe("a question about rows", () => {
  it("shows which rows would change, triggers and cascades included, having changed none", async () => {
    const before = readFileSync(join(root, "shop.db"));
    const { request } = await asked(sqlite("UPDATE users SET name = 'agent' WHERE id < 3; DELETE FROM users WHERE id = 2"));
    expect(request.action.assessment?.reversibility).toBe("reversible");
    expect(request.rows).toMatchObject({
      status: "tried",
      tables: [
        {
          database: "shop.db",
          table: "users",
          updated: 1,
          deleted: 1,
          first: expect.arrayContaining([
            { kind: "updated", key: "1", cells: [{ column: "name", before: "ada", after: "agent" }], moreCells: 0 },
          ]) as unknown,
        },
        { table: "notes", inserted: 2, updated: 0, deleted: 0 },
        { table: "orders", deleted: 1, first: [{ kind: "deleted", key: "3" }] },
      ],
      moreTables: 0,
      wayBackCount: 5,
      wayBack: expect.arrayContaining([`UPDATE users SET name = 'ada' WHERE id = 1`]) as unknown,
    });
    expect(readFileSync(join(root, "shop.db")).equals(before)).toBe(true);
    expect(existsSync(join(root, "shop.db-journal"))).toBe(false);
  });

  it("shows no secret that a column's name gives away, and counts alone in a list", async () => {
    const { request } = await asked(sqlite("DELETE FROM users WHERE id > 1"));
    const told = JSON.stringify(request.rows);
    expect(told).toContain("bob");
    expect(told).not.toContain("hunter2");
    const { items } = await test.person.listApprovalRequests({ run: run.id });
    expect(items[0]?.rows).toMatchObject({ status: "tried", tables: [{ table: "users", deleted: 2, first: [] }, { table: "orders" }] });
  });

  it("tells its agent nothing of what is in the database, nor when it was previewed", async () => {
    const { answer, request } = await asked(sqlite("DELETE FROM users WHERE password LIKE 'hunter2-s%'"));
    expect(request.rows).toMatchObject({
      status: "tried",
      tables: [
        { table: "users", deleted: 1 },
        { table: "orders", deleted: 2 },
      ],
    });
    const { id } = answer.action;
    await test.person.resolve(request.id, { effect: "deny", digest: request.action.digest });
    const heard: LiveEvent[] = [];
    for await (const event of agent.events({ run: run.id, after: 0 })) {
      if (event.kind === "connected" || event.kind === "disconnected") continue;
      heard.push(event);
      if (event.kind === "recorded" && event.entry.type === "approval.resolved") break;
    }
    const read = [
      answer,
      heard,
      await nosy.getAction(id),
      await nosy.listActions(run.id),
      await agent.awaitAnswer(id, 0),
      await nosy.readLog(run.id),
    ];
    expect(heard.map((event) => event.kind === "recorded" && event.entry.type)).toContain("approval.requested");
    expect(JSON.stringify(read)).not.toMatch(/"ada"|swordfish|"orders"|previewed/);
    for (const refused of [nosy.getApprovalRequest(request.id), nosy.listApprovalRequests(), nosy.listAudit()]) {
      await expect(refused).rejects.toMatchObject({ reason: "people_only" });
    }
    const { items } = await test.person.listAudit({ type: "approval.previewed" });
    expect(items[0]?.body).toEqual({ request: request.id, status: "tried" });
    expect(Object.keys(items[0] ?? {})).not.toContain("runId");
  });

  it("is put without rows where they could not be previewed, and nothing is promised then", async () => {
    database.exec(
      "CREATE TABLE calls (id INTEGER PRIMARY KEY, word TEXT, CHECK (word IS NOT 'old')); PRAGMA ignore_check_constraints = on; INSERT INTO calls VALUES (1, 'old');",
    );
    const { request } = await asked(sqlite("UPDATE calls SET word = 'new' WHERE id = 1"));
    expect(request.rows).toMatchObject({ status: "untried", why: expect.stringContaining("did not go back") as unknown });
    expect(request.action.assessment?.reversibility).toBe("externally_reversible");
    expect(JSON.stringify(request.action.assessment?.preview)).not.toContain("puts these rows back");
  });

  it("says why for what can't be tried", async () => {
    const { request } = await asked(sqlite("DROP TABLE notes"));
    expect(request.rows).toBeUndefined();
    expect(request.action.assessment?.preview).toContainEqual({
      about: "rows",
      sentence: "Which rows these are is not previewed: DROP can't be tried and taken back.",
    });
  });
});

describe("an approval of rows that were shown", () => {
  it("runs what still does that", async () => {
    const { answer, request } = await asked(sqlite("UPDATE users SET seen = 1 WHERE id = 1"));
    await approve(request);
    expect((await agent.start(answer.action.id, answer.action.digest)).next).toBe("run");
  });

  it.each([
    [
      "many more rows",
      "INSERT INTO orders (user, total) SELECT 3, 1 FROM generate_series(1, 40)",
      /would have \d+ rows of orders deleted now; 3 were shown/,
    ],
    [
      "other tables",
      "CREATE TRIGGER late AFTER DELETE ON orders BEGIN INSERT INTO notes (said) VALUES ('gone'); END",
      /rows of notes now, and none were shown/,
    ],
  ])("is used up and asks again where it would change %s by now", async (_what, meanwhile, sentence) => {
    const proposed = sqlite("DELETE FROM orders WHERE total > 0");
    const { answer, request } = await asked(proposed);
    await approve(request);
    database.exec(
      meanwhile.replace(
        "FROM generate_series(1, 40)",
        "FROM (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40) SELECT i FROM n)",
      ),
    );
    const started = await agent.start(answer.action.id, answer.action.digest);
    expect([started.next, started.action.state.status]).toEqual(["deny", "skipped"]);
    expect(started.guidance).toContain("Propose it again");
    expect(started.guidance).not.toMatch(/\d/);
    const { items } = await test.person.listAudit({ type: "approval.outgrown" });
    expect(items[0]?.body["why"]).toMatch(sentence);
    // Nothing ran, the permit is gone, and the next proposal is a new question with the rows of now.
    await expect(agent.start(answer.action.id, answer.action.digest)).resolves.toMatchObject({ next: "deny" });
    const again = await asked(proposed);
    expect(again.request.id).not.toBe(request.id);
    await approve(again.request);
    expect((await agent.start(again.answer.action.id, again.answer.action.digest)).next).toBe("run");
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

describe("rows of what nobody proposed", () => {
  const bytes = () => readFileSync(join(root, "shop.db"));

  it("are shown to a person who asks for them, having changed none, and never to an agent", async () => {
    const before = bytes();
    const actions = [sqlite("UPDATE users SET name = 'x' WHERE id = 1"), sqlite("DELETE FROM orders"), sqlite("DROP TABLE notes")];
    const answer = await test.person.dryRun({ workingDirectory: root, actions, rows: true });
    expect(answer.actions.map(({ rows }) => rows)).toMatchObject([
      {
        status: "tried",
        tables: [
          { table: "users", updated: 1 },
          { table: "notes", inserted: 1 },
        ],
      },
      { status: "tried", tables: [{ table: "orders", deleted: 3 }] },
      undefined,
    ]);
    expect(bytes().equals(before)).toBe(true);
    expect((await test.person.dryRun({ workingDirectory: root, actions })).actions.map(({ rows }) => rows)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    await expect(nosy.dryRun({ run: run.id, actions, rows: true })).rejects.toMatchObject({ reason: "people_only", field: "/rows" });
    expect(JSON.stringify(await agent.dryRun(run.id, actions))).not.toMatch(/"ada"|"rows":/);
  });

  it("are not tried where the action is denied", async () => {
    const denied = { type: "command_execute", arguments: { command: `sqlite3 shop.db "DELETE FROM users" && rm -rf /` } } as const;
    const { actions } = await test.person.dryRun({ workingDirectory: root, actions: [denied], rows: true });
    expect(actions[0]).toMatchObject({ effect: "deny" });
    expect(actions[0]).not.toHaveProperty("rows");
  });

  it("are shown by judge without a server, by dry-run, show and approve --dry-run", async () => {
    const before = bytes();
    const sql = "UPDATE users SET name = 'agent' WHERE id = 1";
    const judged = await pullcord("judge", `sqlite3 shop.db "${sql}"`);
    expect(judged).toMatch(/shop\.db\/users: 1 row updated\n +~ 1 {2}name: ada → agent[^]*yes, tried[^]*UPDATE users SET name = 'ada'/);
    expect(await pullcord("judge", "--no-rows", `sqlite3 shop.db "${sql}"`)).not.toContain("ada");
    const answer = JSON.parse(await pullcord("judge", "--json", `sqlite3 shop.db "${sql}"`)) as { readonly rows: RowsPreview };
    expect(answer).toMatchObject({ outcome: "allow", reversibility: "reversible", rows: { status: "tried", wayBackCount: 2 } });
    expect(await pullcord("dry-run", "sqlite3", "shop.db", sql)).toContain("~ 1  name: ada → agent");
    const { request } = await asked(sqlite("DELETE FROM users WHERE id = 1"));
    for (const words of [
      ["show", request.id],
      ["approve", "--dry-run", request.id],
    ]) {
      expect(await pullcord(...words)).toMatch(/shop\.db\/users: 1 row deleted\n +- 1 {2}id: 1, name: ada, password: \[secret\]/);
    }
    expect(bytes().equals(before)).toBe(true);
  });
});
