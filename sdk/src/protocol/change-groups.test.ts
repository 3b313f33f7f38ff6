import { describe, expect, it } from "vitest";
import { changeCounts, changeGroups } from "./change-groups.js";
import type { PathChange } from "./undo.js";

const change = (of: PathChange["of"], path: string, sentence: string): PathChange => ({
  of,
  path,
  kind: "changed",
  sentence,
  diff: null,
  runs: [],
  actionIds: [],
});

const gone = (path: string, sentence: string): PathChange => ({ ...change("database", path, sentence), kind: "removed" });

describe("changes by what they are of", () => {
  it("stand with their kind, rows with their table, what runs programs last, each in the order it came", () => {
    const changes = [
      change("command", "packages of pip/flask", "3.1.0"),
      change("database", "data/shop.db/orders/2", "row of orders: total"),
      change("database", "shop.db/users.seen", "column: ALTER TABLE users ADD COLUMN seen"),
      gone("data/shop.db/orders/1", "row of orders"),
      gone("data/shop.db/log/at=1", "3 rows of log, all alike"),
      change("file", "b.ts", "file"),
      change("config", "package.json/scripts.test", "key"),
      change("file", "a.ts", "file"),
    ];
    expect(changeGroups(changes).map(({ title, changes: own }) => [title, own.map(({ path }) => path)])).toEqual([
      ["Files", ["b.ts", "a.ts"]],
      ["Keys of configuration", ["package.json/scripts.test"]],
      ["Rows of data/shop.db/orders", ["data/shop.db/orders/2", "data/shop.db/orders/1"]],
      ["Databases", ["shop.db/users.seen"]],
      ["Rows of data/shop.db/log", ["data/shop.db/log/at=1"]],
      ["Effects of commands", ["packages of pip/flask"]],
    ]);
    expect(changeCounts(changes)).toBe("6 changed, 2 removed");
  });

  it("stand together where a name could be anything", () => {
    const odd = change("database", "shop.db/a:b/1", "row of a:b: total");
    expect(changeGroups([odd]).map(({ title }) => title)).toEqual(["Databases"]);
  });
});
