import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openWorkshop, type Workshop } from "./workshop.test.support.js";

let shop: Workshop;
let path: string;
beforeEach(() => {
  shop = openWorkshop();
  path = join(dirname(shop.root), "shop.db");
  inDatabase("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO users (name) VALUES ('ada')");
});
afterEach(async () => {
  await shop.keeper.close();
  shop.remove();
});

function inDatabase(sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}
const writes = (actionId: string) => shop.act(actionId, () => writeFileSync(shop.at("file"), actionId));
async function updates(actionId: string): Promise<void> {
  const key = { runId: "r", actionId };
  const text = "UPDATE users SET name = 'agent'";
  shop.keeper.began(key);
  const statements = [{ text, tables: ["users"] }];
  await shop.keeper.databases.began(key, { place: { dialect: "sqlite", path }, shown: "shop.db", statements });
  inDatabase(text);
  await shop.keeper.ended(key);
}
const kinds = (parts: readonly { readonly of: string }[]) => parts.map(({ of }) => of);

describe("the parts of an undo", () => {
  it.each([
    ["files", [updates, writes], ["file", "database"]],
    ["rows", [writes, updates], ["database", "file"]],
  ] as const)("go back newest first, here %s, and forwards the other way round", async (_what, [first, second], order) => {
    await first("a1");
    await second("a2");
    const parts = await shop.keeper.plan({ runId: "r" });
    expect(kinds(parts)).toEqual(order);
    shop.keeper.begin("u1", parts);
    expect(await shop.keeper.carryOut("u1")).toMatchObject({ conflicts: [], unverified: [] });
    expect(kinds(await shop.keeper.planRedo("u1"))).toEqual(order.toReversed());
  });

  it("are nobody's action, though another run's is under way", async () => {
    await writes("a1");
    const other = { runId: "other", actionId: "b1" };
    shop.keeper.began(other);
    await shop.workspace.began(other, null);
    expect((await shop.undo()).end.restored).toEqual(["file"]);
    await shop.keeper.ended(other);
    expect(await shop.keeper.changesOf("other")).toEqual([]);
  });
});
