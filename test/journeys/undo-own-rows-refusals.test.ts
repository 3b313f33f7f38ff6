import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { connect, type Gate, type GateRun, type JsonObject } from "@pullcord/sdk";
import { AgentClient } from "@pullcord/sdk/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pullcordWords } from "./cli/command.js";
import { startTestServer, type TestServer } from "./server-for-tests.js";

const policy = "version: 1\nautonomy: full\nrules:\n  - { id: all, effect: allow, when: { type: [config_change, database_modify] } }\n";
const proposed = { type: "config_change", arguments: { setting: "orders" } } as const;
const patience = { timeout: 60_000, interval: 50 };

let place: TestServer;
let token: string;
let gates: Gate[];
beforeEach(async () => {
  place = await startTestServer({ mode: "remote", policy });
  token = (await place.person.issueAgentToken("till")).secret;
  await place.person.setTrust("till", "autonomous");
  gates = [];
  inDatabase((database) =>
    database.exec(
      "CREATE TABLE orders (id INTEGER PRIMARY KEY, total REAL, note TEXT); INSERT INTO orders VALUES (1, 150, 'a'), (2, 50, 'b')",
    ),
  );
});
afterEach(async () => {
  await Promise.all(gates.map((gate) => gate.close()));
  await place.close();
});

const path = () => join(place.folder, "shop.db");
function inDatabase<T>(work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path());
  try {
    return work(database);
  } finally {
    database.close();
  }
}
const dump = () => inDatabase((database) => JSON.stringify(database.prepare("SELECT * FROM orders ORDER BY id").all()));

async function gateWith(fetch?: (request: Request) => Promise<Response>): Promise<Gate> {
  const gate = await connect({ url: place.server.url, token, killFile: null, ...(fetch ? { fetch } : {}) });
  gates.push(gate);
  return gate;
}

/** Does work in a transaction of a new run. @returns the run, and what came of it */
async function acted(gate: Gate, work: (run: GateRun) => Promise<unknown>): Promise<{ run: string; error: unknown }> {
  const run = await gate.open({ task: "sell" });
  const error = await work(run).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  await run.finish("succeeded");
  await run.close();
  return { run: run.id, error };
}

describe("a transaction of a program's own", () => {
  interface Refusal {
    readonly what: string;
    readonly reason: string;
    readonly sentence: RegExp;
    readonly work: (database: DatabaseSync) => void;
  }
  const many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT i FROM n";
  const ended = { reason: "transaction_ended", sentence: /COMMIT or ROLLBACK of its own/ };
  const notKept = (sentence: RegExp) => ({ reason: "rows_not_kept", sentence });
  const refusals: readonly Refusal[] = [
    {
      what: "changes what tables are made of",
      ...notKept(/what the database is made of/),
      work: (to) => to.exec("ALTER TABLE orders ADD COLUMN c"),
    },
    { what: "ends the transaction itself", ...ended, work: (to) => to.exec("ROLLBACK") },
    { what: "ends it and begins another", ...ended, work: (to) => to.exec("ROLLBACK; BEGIN; DELETE FROM orders") },
    {
      what: "changes more than can be handed in",
      ...notKept(/more than 1024 KiB/),
      work: (to) => void to.prepare("UPDATE orders SET note = ?").run("x".repeat(2 ** 20)),
    },
    {
      what: "changes more rows than are kept",
      ...notKept(/more than 10000 rows/),
      work: (to) => to.exec(`INSERT INTO orders (total) ${many}`),
    },
  ];
  it.each(refusals)("that $what is not committed, and says why ($reason)", async ({ reason, sentence, work }) => {
    const gate = await gateWith();
    const shop = gate.databaseUndo("shop", { sqlite: path() });
    const before = dump();
    const { run, error } = await acted(gate, (open) => open.act(proposed, shop.transaction(work)));
    expect(error).toMatchObject({ reason, message: expect.stringMatching(sentence) });
    expect(dump()).toBe(before);
    await expect(place.person.changesOf(run)).rejects.toMatchObject({ reason: "no_snapshots_here" });
  });

  it("is not committed where its rows can't be handed in, nor where the run was stopped", async () => {
    const away = await gateWith((request) =>
      request.url.endsWith("/undo") ? Promise.reject(new TypeError("The network is gone.")) : fetch(request),
    );
    const shop = away.databaseUndo("shop", { sqlite: path() });
    const before = dump();
    const work = (database: DatabaseSync) => database.exec("UPDATE orders SET total = 0");
    expect((await acted(away, (run) => run.act(proposed, shop.transaction(work)))).error).toMatchObject({ code: "unavailable" });
    expect(dump()).toBe(before);
    const stopped = async (run: GateRun) =>
      run.act(
        proposed,
        shop.transaction(async (database) => {
          work(database);
          await place.person.intervene({ kind: "stop", scope: { kind: "run", id: run.id }, reason: "no" });
          await vi.waitFor(() => expect(run.signal.aborted).toBe(true), patience);
        }),
      );
    expect((await acted(away, stopped)).error).toMatchObject({ reason: "stopped" });
    expect(dump()).toBe(before);
  });

  it("is one for each action: a second one would leave the first without its way back", async () => {
    const gate = await gateWith();
    const shop = gate.databaseUndo("shop", { sqlite: path() });
    const raise = shop.transaction((database) => database.exec("UPDATE orders SET total = total + 1"));
    const { error } = await acted(gate, (run) =>
      run.act(proposed, async (signal, args, actionId) => {
        await raise(signal, args, actionId);
        await raise(signal, args, actionId);
      }),
    );
    expect(error).toMatchObject({ reason: "handed_in_twice" });
    expect(dump()).toContain('"total":151');
  });

  it("takes nothing that somebody else with the agent's token makes up for a statement", async () => {
    const gate = await gateWith();
    gate.databaseUndo("shop", { sqlite: path() });
    const client = new AgentClient({ url: place.server.url, token });
    const before = dump();
    const forged: readonly JsonObject[] = [
      {
        rows: [{ kind: "row", table: "orders", key: { id: "1" }, before: { total: "0; DROP TABLE orders" }, after: { total: "150.0" } }],
        transaction: null,
      },
      { rows: [{ kind: "row", table: "orders", key: { id: "1 OR 1=1" }, before: null, after: { total: "150.0" } }], transaction: null },
      {
        rows: [{ kind: "schema", thing: { type: "table", name: "orders" }, makes: true, run: "", back: "DROP TABLE orders" }],
        transaction: null,
      },
      { rows: "orders", transaction: null },
    ];
    for (const data of forged) {
      const { run } = await acted(gate, async (open) => {
        const { action } = await open.propose(proposed);
        await client.giveUndo(action.id, { handler: "shop", data, summary: "Take back 1 row", isTogether: true });
      });
      await vi.waitFor(async () => {
        const { changes, conflicts } = await place.person.previewUndo({ run });
        expect([changes, conflicts.map(({ sentence }) => sentence)]).toEqual([
          [],
          [expect.stringMatching(/is not what a transaction of this database hands in/)],
        ]);
      }, patience);
    }
    expect(dump()).toBe(before);
  });
});

it("runs the example of docs/undo-programs.md, and takes it back", async () => {
  const text = readFileSync(fileURLToPath(new URL("../../docs/undo-programs.md", import.meta.url)), "utf8");
  const example = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map((found) => found[1] ?? "").find((code) => code.includes("databaseUndo"));
  const file = fileURLToPath(new URL(`undo-example-${process.pid}.ts`, import.meta.url));
  writeFileSync(file, example ?? "");
  const before = dump();
  try {
    const env = { ...process.env, PULLCORD_URL: place.server.url, PULLCORD_TOKEN: token, PULLCORD_DATA: place.folder };
    const child = spawn(process.execPath, [...pullcordWords.slice(0, -1), "--no-warnings", file], {
      cwd: place.folder,
      env,
      stdio: "inherit",
    });
    expect((await once(child, "exit"))[0]).toBe(0);
  } finally {
    rmSync(file, { force: true });
  }
  expect(dump()).toContain('"total":135');
  (await gateWith()).databaseUndo("shop", { sqlite: path() });
  const { items } = await place.person.listRuns();
  const run = items[0]!.id;
  const preview = await vi.waitFor(async () => {
    const found = await place.person.previewUndo({ run });
    expect(found.changes.map(({ of, path: at }) => [of, at])).toEqual([["custom", "shop/orders/1"]]);
    return found;
  }, patience);
  expect(await place.person.undo({ run, digest: preview.digest })).toMatchObject({ status: "done", restored: ["shop/orders/1"] });
  expect(dump()).toBe(before);
});
