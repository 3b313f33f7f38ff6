import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AgentClient } from "@pullcord/sdk/client";
import type { Action, ProposedAction, Run } from "@pullcord/sdk/protocol";
import { pullcord, startSignedIn } from "./cli/command.js";
import type { TestServer } from "./server-for-tests.js";
import { describeOnMysql } from "./undo/mysql-database.js";
import { MysqlShop } from "./undo/mysql-shop.js";
import { PostgresDatabase, postgresServers } from "./undo/postgres-database.js";

const policy =
  "version: 1\ndatabases:\n  shop: { url_env: SHOP_URL }\nrules:\n  - { id: all, effect: allow, when: { type: [command_execute, file_write, database_modify] } }\n";

let test: TestServer;
let agent: AgentClient;
const environment: Record<string, string> = {};
beforeAll(async () => {
  test = await startSignedIn({ policy, environment });
  agent = await test.agent("coder", "autonomous");
});
afterAll(() => test.close());

let root: string;
let run: Run;
beforeEach(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-rows-")));
  run = await agent.openRun({ task: "work", workingDirectory: root });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function act(proposed: ProposedAction, work: () => Promise<void> | void): Promise<Action> {
  const { action, next, guidance } = await agent.propose(run.id, proposed);
  expect([next, guidance]).toEqual(["run", guidance]);
  expect(action.decision?.obligations).toContainEqual({ kind: "snapshot" });
  await work();
  return agent.reportOutcome(action.id, { status: "succeeded" });
}
const command = (text: string): ProposedAction => ({ type: "command_execute", arguments: { command: text } });
const shell = (text: string) => act(command(text), () => void execFileSync("sh", ["-c", text], { cwd: root }));

describe("undo of rows in a file", () => {
  let database: DatabaseSync;
  /** The agent's own `sqlite3`, with a connection of its own. */
  const sqlite = (sql: string) =>
    act(command(`sqlite3 shop.db "${sql}"`), () => {
      const own = new DatabaseSync(join(root, "shop.db"), { enableForeignKeyConstraints: false });
      own.exec(sql);
      own.close();
    });
  const users = () => database.prepare("SELECT * FROM users ORDER BY id").all();
  beforeEach(() => {
    database = new DatabaseSync(join(root, "shop.db"));
    database.exec(
      "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, note TEXT); INSERT INTO users (name) VALUES ('ada'), ('bob'), ('cy')",
    );
    database.close();
    database = new DatabaseSync(join(root, "shop.db"));
  });
  afterEach(() => database.close());

  it("is counted on in judgment, shown by rows and statements, done beside files, and keeps what a person wrote", async () => {
    const before = users();
    const { assessment } = await sqlite(`UPDATE users SET name = 'agent' WHERE id = 1; DELETE FROM users WHERE id > 1`);
    expect(assessment).toMatchObject({ reversibility: "reversible" });
    expect(assessment?.preview).toContainEqual({ about: "undo", sentence: expect.stringContaining("puts these rows back") });
    await shell("echo agent > notes.txt");
    await sqlite(`ALTER TABLE users ADD COLUMN seen INTEGER`);
    await agent.finishRun(run.id, "succeeded");
    database.exec("UPDATE users SET note = 'person' WHERE id = 1");

    const { out: diff } = await pullcord(test.folder, ["diff", run.id]);
    expect(diff).toMatch(
      /Files {2}1 added\n\+ notes\.txt[^]*Rows of shop\.db\/users {2}1 changed, 2 removed\n~ shop\.db\/users\/1 {2}row of users: name[^]*-name: ada\n +\+name: agent[^]*- shop\.db\/users\/2/,
    );
    const preview = await test.person.previewUndo({ run: run.id });
    expect(preview.conflicts).toEqual([]);
    expect(preview.notKept.filter((sentence) => sentence.startsWith("Beyond files"))).toEqual([]);
    const dry = await pullcord(test.folder, ["undo", run.id, "--dry-run"]);
    expect(dry.out).toContain(`runs UPDATE "users" SET "name" = 'ada' WHERE "id" = 1`);
    const undo = await test.person.undo({ run: run.id, digest: preview.digest });
    expect(undo).toMatchObject({ status: "done", conflicts: [], unverified: [] });
    expect(undo.restored).toEqual(["notes.txt", "shop.db/users.seen", "shop.db/users/3", "shop.db/users/2", "shop.db/users/1"]);
    expect(users()).toEqual(before.map((row) => (row["id"] === 1 ? { ...row, note: "person" } : row)));
    expect(readdirSync(root)).toEqual(["shop.db"]);

    const redo = await test.person.undo({ undo: undo.id });
    expect(redo).toMatchObject({ kind: "redo", status: "done", conflicts: [] });
    expect(users()).toEqual([{ id: 1, name: "agent", note: "person", seen: null }]);
  });

  it("leaves a row that a person changed since, with the reason and exit status 1", async () => {
    await sqlite(`UPDATE users SET name = 'agent'`);
    await agent.finishRun(run.id, "succeeded");
    database.exec("UPDATE users SET name = 'person' WHERE id = 2");
    const { out, status } = await pullcord(test.folder, ["undo", run.id]);
    expect([status, out]).toEqual([1, expect.stringMatching(/! shop\.db\/users\/2 {2}Somebody changed the same part since: name\./)]);
    expect(users().map(({ name }) => name)).toEqual(["ada", "person", "cy"]);
  });

  it("is no promise where the way back does not work: what nobody approved is not run", async () => {
    database.exec(
      "CREATE TABLE calls (id INTEGER PRIMARY KEY, word TEXT, CHECK (word IS NOT 'old')) ; PRAGMA ignore_check_constraints = on; INSERT INTO calls VALUES (1, 'old'); ",
    );
    const { action, next, guidance } = await agent.propose(run.id, command(`sqlite3 shop.db "UPDATE calls SET word = 'new' WHERE id = 1"`));
    expect([next, action.state.status]).toEqual(["deny", "skipped"]);
    expect(guidance).toContain("did not go back when that was tried");
    expect(database.prepare("SELECT word FROM calls").all()).toEqual([{ word: "old" }]);
  });

  it("is tried as `sqlite3` runs it: references lead nowhere unless it is told to keep them", async () => {
    database.exec("CREATE TABLE notes (id INTEGER PRIMARY KEY, user INTEGER REFERENCES users (id) ON DELETE CASCADE)");
    database.exec("INSERT INTO notes (user) VALUES (1), (2)");
    const notes = () => database.prepare("SELECT id, user FROM notes").all();
    const before = [users(), notes()];
    await sqlite("PRAGMA foreign_keys = ON; DELETE FROM users WHERE id = 1");
    await sqlite("DELETE FROM users WHERE id = 2");
    expect(notes()).toEqual([{ id: 2, user: 2 }]);
    await agent.finishRun(run.id, "succeeded");
    expect(await test.person.undo({ run: run.id })).toMatchObject({ status: "done", conflicts: [], unverified: [] });
    expect([users(), notes()]).toEqual(before);
  });

  it("is no promise where `sqlite3` reads statements of its own first", async () => {
    const home = mkdtempSync(join(tmpdir(), "pullcord-home-"));
    environment["HOME"] = home;
    try {
      writeFileSync(join(home, ".sqliterc"), ".mode box\nPRAGMA foreign_keys = ON;\n");
      const { action } = await agent.propose(run.id, command(`sqlite3 shop.db "UPDATE users SET name = 'agent' WHERE id = 1"`));
      expect((action.assessment?.preview ?? []).map(({ sentence }) => sentence).join(" ")).not.toContain("puts these rows back");
    } finally {
      delete environment["HOME"];
      rmSync(home, { recursive: true, force: true });
    }
  });

  it("makes no promise for what drops a table", async () => {
    const { action } = await agent.propose(run.id, command(`sqlite3 shop.db "DROP TABLE users"`));
    expect(action.assessment).toMatchObject({ reversibility: "irreversible" });
  });
});

describe.skipIf(postgresServers.length === 0)("undo of rows in PostgreSQL that the policy names", () => {
  let shop: PostgresDatabase;
  let client: pg.Client;
  beforeEach(async () => {
    shop = await PostgresDatabase.make();
    environment["SHOP_URL"] = shop.url;
    client = shop.client;
    await client.query("CREATE TABLE orders (id serial PRIMARY KEY, total numeric, at timestamptz DEFAULT now())");
    await client.query("INSERT INTO orders (total) SELECT n * 1.5 FROM generate_series(1, 20) n");
  });
  afterEach(() => shop.drop());

  const rows = () => shop.rows("SELECT o::text AS row FROM orders o ORDER BY id");

  it("follows psql and a tool's own SQL, and says nothing of how it gets in", async () => {
    const before = await rows();
    const { port, password } = new URL(environment["SHOP_URL"] ?? "");
    const update = "UPDATE orders SET total = 0 WHERE id < 5";
    const { assessment } = await act(command(`psql -h localhost -p ${port} -d ${shop.name} -c "${update}"`), () =>
      client.query(update).then(() => undefined),
    );
    expect(assessment).toMatchObject({ reversibility: "reversible" });
    const insert = "INSERT INTO orders (total) VALUES (99), (100)";
    await act({ type: "database_modify", arguments: { database: "shop", sql: insert } }, () => client.query(insert).then(() => undefined));
    await agent.finishRun(run.id, "succeeded");
    const { changes } = await test.person.changesOf(run.id);
    expect(changes.map(({ of, path, kind }) => [of, path, kind])).toEqual([
      ...[1, 2, 3, 4].map((id) => ["database", `shop/orders/${id}`, "changed"]),
      ["database", expect.stringMatching(/^shop\/orders\/2\d$/), "added"],
      ["database", expect.stringMatching(/^shop\/orders\/2\d$/), "added"],
    ]);
    expect(await test.person.undo({ run: run.id })).toMatchObject({ status: "done", conflicts: [], unverified: [] });
    expect(await rows()).toEqual(before);
    const kept = readdirSync(test.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(kept.filter((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(password)).map((entry) => entry.name)).toEqual(
      [],
    );
  });

  it("is no promise for a database that nobody named", async () => {
    writeFileSync(join(root, "x"), "x");
    const { action } = await agent.propose(run.id, command('psql -h elsewhere -d stats -c "UPDATE orders SET total = 0 WHERE id < 5"'));
    expect(action.assessment).toMatchObject({ reversibility: "externally_reversible" });
  });
});

describeOnMysql("undo of rows in MySQL that the policy names", (mysqlServer) => {
  let shop: MysqlShop;
  beforeEach(async () => {
    shop = await MysqlShop.open(mysqlServer);
    environment["SHOP_URL"] = shop.url.href.replace("mysql:", "mariadb:");
  });
  afterEach(() => shop.close());

  it("follows mysql and a tool's own SQL", async () => {
    const before = await shop.dump();
    const does = (sql: string) => () => shop.client.query(sql).then(() => undefined);
    const update = "UPDATE `users` SET balance = 0 ORDER BY id LIMIT 4";
    const line = `mysql -h 127.0.0.1 -P ${shop.url.port} -u app -p -D ${shop.name} --execute '${update}'`;
    expect((await act(command(line), does(update))).assessment).toMatchObject({ reversibility: "reversible" });
    const piped = "REPLACE INTO prices VALUES ('de', 1990, 7)";
    await act(command(`echo "${piped}" | mariadb --host=127.0.0.1 --port=${shop.url.port} ${shop.name}`), does(piped));
    const insert = `INSERT INTO ${shop.name}.users SET id = 900, name = 'agent'`;
    await act({ type: "database_modify", arguments: { database: "shop", sql: insert } }, does(insert));
    await agent.finishRun(run.id, "succeeded");
    const { changes } = await test.person.changesOf(run.id);
    expect(changes.map(({ path, kind }) => [path, kind])).toEqual([
      ...[1, 2, 3, 4].map((id) => [`shop/users/${id}`, "changed"]),
      ["shop/prices/de,1990", "added"],
      ["shop/users/900", "added"],
    ]);
    expect(await test.person.undo({ run: run.id })).toMatchObject({ status: "done", conflicts: [], unverified: [] });
    expect(await shop.dump()).toEqual(before);
  });

  it("is no promise where a table of another database is named", async () => {
    const sql = "UPDATE elsewhere.users SET balance = 1 WHERE id = 1";
    const { action } = await agent.propose(run.id, { type: "database_modify", arguments: { database: "shop", sql } });
    expect(action.assessment).toMatchObject({ reversibility: "externally_reversible" });
  });

  it.each([
    ["a port that is another's", (port: number) => `mysql -h 127.0.0.1 -P ${port + 1} -p`],
    ["a port that nobody names", () => "mysql -h 127.0.0.1 -p"],
    ["a socket", (port: number) => `mysql -h 127.0.0.1 -P ${port} -S /tmp/other.sock`],
    ["whatever its own files say", (port: number) => `mysql -P ${port}`],
  ])("is no promise where the client goes to %s", async (_name, words) => {
    const line = `${words(Number(shop.url.port))} -D ${shop.name} -e 'UPDATE users SET balance = 0 WHERE id = 1'`;
    const { action } = await agent.propose(run.id, command(line));
    expect(action.assessment).toMatchObject({ reversibility: "externally_reversible" });
  });
});
