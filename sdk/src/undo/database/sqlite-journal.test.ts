import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openSqlite } from "./sqlite.js";

let top: string;
const at = (name: string) => join(top, name);
beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-journal-")));
  const database = new DatabaseSync(at("shop.db"));
  database.exec("CREATE TABLE users (id INTEGER PRIMARY KEY); INSERT INTO users VALUES (1)");
  database.close();
  writeFileSync(at("precious"), "mine\n");
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

const magic = Buffer.from("d9d505f920a163d7", "hex");

/** The head of an unfinished journal: no page to put back (sqlite.org/fileformat, "The Rollback Journal"). */
function head(): Buffer {
  const pageBytes = readFileSync(at("shop.db")).readUInt16BE(16);
  const bytes = Buffer.alloc(512);
  magic.copy(bytes);
  bytes.writeUInt32BE(readFileSync(at("shop.db")).length / pageBytes, 16);
  bytes.writeUInt32BE(bytes.length, 20);
  bytes.writeUInt32BE(pageBytes, 24);
  return bytes;
}

/** What makes a journal one of several, and names the file that binds them. */
function naming(file: string): Buffer {
  const name = Buffer.from(file);
  const numbers = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer).swap32();
  const pageBytes = readFileSync(at("shop.db")).readUInt16BE(16);
  const sum = name.reduce((all, byte) => all + byte, 0);
  return Buffer.concat([numbers(2 ** 30 / pageBytes + 1), name, numbers(name.length, sum), magic]);
}

async function users(): Promise<unknown> {
  const session = await openSqlite(at("shop.db"));
  try {
    return await session.rows("SELECT id FROM users");
  } finally {
    await session.close();
  }
}

it("a file that a crafted journal names is not deleted: the database is refused", async () => {
  writeFileSync(at("shop.db-journal"), Buffer.concat([head(), naming(at("precious"))]));
  await expect(users()).rejects.toThrow("names another file");
  expect([existsSync(at("precious")), existsSync(at("shop.db-journal"))]).toEqual([true, true]);
});

it.each([
  ["that a crash left, and names none", head],
  ["that is over, whatever it names", () => Buffer.concat([Buffer.alloc(512), naming(at("precious"))])],
  ["that is empty", () => Buffer.alloc(0)],
])("a database with a journal %s is opened", async (_what, journal) => {
  writeFileSync(at("shop.db-journal"), journal());
  expect(await users()).toEqual([{ id: "1" }]);
  expect(existsSync(at("precious"))).toBe(true);
});
