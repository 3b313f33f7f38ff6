import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { SnapshotKeeper } from "@pullcord/sdk/undo";
import { shopRows, shopTables } from "../../sdk/src/undo/database/churn.test.support.js";
import { pullcordWords } from "./cli/command.js";

/** Points at which an undo of rows is killed; 200 with PULLCORD_UNDO_KILLS=200 (docs/undo.md). */
const kills = Number(process.env["PULLCORD_UNDO_KILLS"] ?? 12);
const longestMs = 20 * 60_000;
const child = fileURLToPath(new URL("undo/carry-out-rows.mjs", import.meta.url));

let top: string;
let path: string;
beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-rows-")));
  path = join(top, "shop.db");
  inDatabase((database) => [...shopTables, ...shopRows()].forEach((sql) => database.exec(sql)));
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

function inDatabase<T>(work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path);
  try {
    return work(database);
  } finally {
    database.close();
  }
}

const open = () => {
  const folder = join(top, "data");
  return new SnapshotKeeper({ folder, ownFolder: folder, quotaBytes: 2 ** 30, bounds: { mostEntries: 1_000, longestMs: 60_000 } });
};
const rows = () =>
  inDatabase((database) => ["users", "orders", "prices"].map((name) => database.prepare(`SELECT * FROM ${name} ORDER BY 1, 2`).all()));

/** Another process carries an undo out, and is killed before the nth statement or note that it makes. */
function carryOutElsewhere(undoId: string, nth: number) {
  const words = [...pullcordWords.slice(0, -1), child, join(top, "data"), undoId, String(nth)];
  const { signal, stdout, stderr, status } = spawnSync(process.execPath, words, { encoding: "utf8" });
  if (signal === null && status !== 0) throw new Error(stderr);
  return { isKilled: signal === "SIGKILL", steps: Number(stdout) };
}

it(
  `is finished by the next server wherever an undo of rows is killed with -9 (${kills} points)`,
  async () => {
    const keeper = open();
    const before = rows();
    const key = { runId: "r", actionId: "a1" };
    const statements = [
      { text: "UPDATE users SET name = 'agent', balance = 0 WHERE id < 15", tables: ["users"] },
      { text: "DELETE FROM orders WHERE id < 10", tables: ["orders"] },
      { text: "INSERT INTO prices (country, year) VALUES ('xx', 1), ('xx', 2)", tables: ["prices"] },
    ];
    keeper.began(key);
    await keeper.databases.began(key, { place: { dialect: "sqlite", path }, shown: "shop.db", statements });
    await keeper.files.workspace(top).began(key, ["shop.db"]);
    inDatabase((database) => statements.forEach(({ text }) => database.exec(text)));
    await keeper.ended(key);
    const after = rows();

    const undo = await keeper.plan({ runId: "r" });
    keeper.begin("whole", undo);
    const { isKilled, steps } = carryOutElsewhere("whole", 0);
    expect([isKilled, rows()]).toEqual([false, before]);
    expect(steps).toBeGreaterThan(60);
    const redo = await open().planRedo("whole");
    const seen = new Set<string>();
    for (let kill = 0; kill < kills; kill++) {
      const nth = 1 + Math.floor((kill * (steps - 1)) / Math.max(1, kills - 1));
      keeper.begin(`r${kill}`, redo);
      await keeper.carryOut(`r${kill}`);
      expect(rows()).toEqual(after);
      keeper.begin(`u${kill}`, undo);
      expect([nth, carryOutElsewhere(`u${kill}`, nth).isKilled]).toEqual([nth, true]);
      // Untouched, or done: never anything between.
      const now = JSON.stringify(rows());
      expect([JSON.stringify(after), JSON.stringify(before)]).toContain(now);
      seen.add(now === JSON.stringify(after) ? "untouched" : "done");
      const end = await open().carryOut(`u${kill}`);
      expect([nth, end.conflicts, end.unverified, end.failure, end.restored.length]).toEqual([nth, [], [], undefined, 25]);
      expect([nth, rows()]).toEqual([nth, before]);
    }
    expect(seen).toEqual(new Set(["untouched", "done"]));
  },
  longestMs,
);
