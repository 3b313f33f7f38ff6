import type pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AgentClient } from "@pullcord/sdk/client";
import type { ApprovalRequest, Run } from "@pullcord/sdk/protocol";
import { holdFor, startTestServer, type TestServer } from "./server-for-tests.js";
import { PostgresDatabase, postgresServers } from "./undo/postgres-database.js";

const policy = `version: 1
databases:
  shop: { url_env: SHOP_URL }
  quiet: { url_env: SHOP_URL, preview_rows: false }
rules:
  - { id: asks, effect: require_approval, when: { type: database_modify } }
`;

describe.skipIf(postgresServers.length === 0)("a question about rows of PostgreSQL", () => {
  const environment: Record<string, string> = {};
  let test: TestServer;
  let agent: AgentClient;
  let run: Run;
  let shop: PostgresDatabase;
  let client: pg.Client;
  beforeAll(async () => {
    // Elsewhere an agent's own dialog may say yes, so that what it owes is kept, and tried, before the question.
    test = await startTestServer({ policy, environment, mode: "service-user" });
    agent = await test.agent("coder", "autonomous");
    run = await agent.openRun({ task: "work" });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    shop = await PostgresDatabase.make();
    environment["SHOP_URL"] = shop.url;
    client = shop.client;
    await client.query(`
      CREATE TABLE orders (id serial PRIMARY KEY, total int);
      CREATE TABLE notes (id serial PRIMARY KEY, said text);
      INSERT INTO orders (total) SELECT n FROM generate_series(1, 20) n;
      CREATE FUNCTION told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO notes (said) VALUES (new.id::text); RETURN new; END $$;
      CREATE TRIGGER told AFTER UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION told()`);
  });
  afterEach(() => shop.drop());

  async function asked(sql: string, database = "shop"): Promise<ApprovalRequest> {
    const { action, next } = await agent.propose(run.id, { type: "database_modify", arguments: { sql, database } });
    expect([next, action.state.status]).toEqual(["wait", "waiting"]);
    const id = action.state.status === "waiting" ? action.state.approvalRequestId : "";
    for (;;) {
      const request = await test.person.getApprovalRequest(id);
      if (request.rows?.status !== "trying") return request;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  it("shows them with what triggers do, having changed none", async () => {
    const { rows } = await asked("UPDATE orders SET total = 0 WHERE id <= 7");
    expect(rows).toMatchObject({
      status: "tried",
      tables: [
        { database: "shop", table: "orders", updated: 7, first: expect.objectContaining({ length: 5 }) as unknown },
        { table: "notes", inserted: 7 },
      ],
    });
    expect((await client.query("SELECT 1 FROM notes UNION ALL SELECT 1 FROM orders WHERE total = 0")).rows).toEqual([]);
  });

  it("tries nothing where something of the database may act outside of it", async () => {
    await client.query(
      `CREATE FUNCTION leaks() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN COPY orders TO '/tmp/${shop.name}'; RETURN new; END $$; CREATE TRIGGER leaks AFTER UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION leaks()`,
    );
    const request = await asked("UPDATE orders SET total = 1 WHERE id = 1");
    expect(request.rows).toMatchObject({ status: "untried", why: expect.stringContaining("by the function leaks") as unknown });
    expect(request.action.assessment?.reversibility).toBe("externally_reversible");
    expect((await client.query(`SELECT pg_stat_file('/tmp/${shop.name}', true) IS NULL AS unwritten`)).rows).toEqual([{ unwritten: true }]);
  });

  it("tries nothing where a lock, taken by a trigger, would outlast the trial", async () => {
    await client.query(
      `CREATE FUNCTION locks() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_lock(17); RETURN new; END $$; CREATE TRIGGER locks AFTER UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION locks()`,
    );
    const { rows } = await asked("UPDATE orders SET total = 1 WHERE id = 2");
    expect(rows).toMatchObject({ status: "untried", why: expect.stringContaining("by the function locks") as unknown });
  });

  it("tries nothing on a database whose rows the policy does not preview", async () => {
    const { rows } = await asked("UPDATE orders SET total = 2 WHERE id = 1", "quiet");
    expect(rows).toEqual({ status: "untried", why: "The policy previews no rows of quiet (databases, preview_rows)." });
    expect((await client.query("SELECT is_called FROM notes_id_seq")).rows).toEqual([{ is_called: false }]);
  });

  it("tells an agent nothing of what the database said, which its own account may not read", async () => {
    await client.query("CREATE TABLE vault (word text); INSERT INTO vault VALUES ('swordfish')");
    const sql = "UPDATE orders SET total = (SELECT word FROM vault)::int WHERE id = 1";
    const request = await asked(sql);
    expect(request.rows).toMatchObject({ status: "untried", why: expect.stringContaining("swordfish") as unknown });
    const { id, digest } = request.action;
    await test.person.resolve(request.id, { effect: "approve", digest, presenceProof: await holdFor(test.person, digest) });
    const started = await agent.start(id, digest);
    const log = JSON.stringify(await test.person.readLog(run.id));
    expect(started.next).toBe("run");
    expect(log).toContain("The database refused it when it was tried.");
    expect(log + JSON.stringify(started)).not.toContain("swordfish");
  });

  it("is there at once, and without rows, while somebody else holds them", async () => {
    await client.query("BEGIN; UPDATE orders SET total = 3 WHERE id = 1");
    const request = await asked("UPDATE orders SET total = 4 WHERE id = 1");
    expect(request.rows).toMatchObject({ status: "untried", why: expect.stringContaining("lock timeout") as unknown });
    await client.query("ROLLBACK");
  });
});
