import type { DatabaseSync } from "node:sqlite";
import type { Statement } from "./statement.js";

/** A small shop: rows that refer to each other, a key of two columns, a trigger, values of many kinds. For tests only. */
export const shopTables: readonly string[] = [
  "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT UNIQUE, balance NUMERIC, remark TEXT)",
  "CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE, total NUMERIC NOT NULL, note TEXT)",
  "CREATE TABLE prices (country TEXT, year INTEGER, amount NUMERIC, PRIMARY KEY (country, year))",
];

/** What makes it a shop as there are: more rows than are ever read at once, rows that nothing tells apart, no value in a key. */
export const warehouse: readonly string[] = [
  "CREATE TABLE events (id INTEGER PRIMARY KEY, kind TEXT, n INTEGER)",
  "INSERT INTO events WITH RECURSIVE up (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM up WHERE x < 60000) SELECT x, 'kind ' || (x % 7), x FROM up",
  "CREATE TABLE log (word TEXT, n INTEGER)",
  "INSERT INTO log WITH RECURSIVE up (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM up WHERE x < 60) SELECT 'word ' || (x % 9), CASE WHEN x % 4 > 0 THEN x % 4 END FROM up",
];

/** The same shop in MySQL, where a reference stands for itself and a key needs a length. */
export const shopTablesInMysql: readonly string[] = [
  "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(100) NOT NULL, email VARCHAR(100) UNIQUE, balance DECIMAL(30, 4), remark TEXT, seen TIMESTAMP DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP)",
  "CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, total NUMERIC NOT NULL, note TEXT, FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE)",
  "CREATE TABLE prices (country VARCHAR(20), year INTEGER, amount NUMERIC, PRIMARY KEY (country, year))",
];

export function shopRows(): string[] {
  const many = (count: number, row: (at: number) => string) => Array.from({ length: count }, (_, at) => row(at + 1)).join(", ");
  return [
    `INSERT INTO users (id, name, email, balance) VALUES ${many(60, (at) => `(${at}, 'user ''${at}''', 'u${at}@example.com', ${at}.25)`)}`,
    `INSERT INTO orders (id, user_id, total, note) VALUES ${many(120, (at) => `(${at}, ${1 + (at % 50)}, ${at * 3}, ${at % 7 === 0 ? "NULL" : `'note\n${at}'`})`)}`,
    `INSERT INTO prices (country, year, amount) VALUES ${many(40, (at) => `('${["de", "fr", "ö"][at % 3]}', ${1980 + at}, ${at})`)}`,
  ];
}

/** Everything in a SQLite database: what each thing in it was made with, and the rows that it holds. */
export function contentsOf(database: DatabaseSync): (readonly [unknown, readonly string[]])[] {
  const things = database.prepare("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name").all();
  const rowsIn = (name: unknown) => database.prepare(`SELECT * FROM "${String(name)}"`).all();
  return things.map(({ name, sql }) => [
    sql,
    String(sql).startsWith("CREATE TABLE")
      ? rowsIn(name)
          .map((row) => JSON.stringify(row))
          .toSorted()
      : [],
  ]);
}

/** One change that an agent may make, of many kinds, in SQL that SQLite and PostgreSQL share. */
export function change(step: number, random: () => number, isInWarehouse = false): Statement[] {
  const pick = (below: number) => 1 + Math.floor(random() * below);
  const [user, order, fresh] = [pick(60), pick(120), 10_000 + step];
  const kinds: readonly (() => Statement[])[] = [
    () => on("users", `UPDATE users SET name = 'changed ${step}', balance = balance + ${pick(9)} WHERE id = ${user}`),
    () => on("users", `UPDATE users SET balance = balance * 2 WHERE id % 7 = ${pick(6)} AND id < 1000`),
    () => on("users", `INSERT INTO users (id, name, email) VALUES (${fresh}, 'new', 'f${step}@example.com')`),
    () => on("orders", `INSERT INTO orders (id, user_id, total) SELECT ${fresh}, min(id), ${step} FROM users WHERE id < 1000`),
    () => on("orders", `DELETE FROM orders WHERE id BETWEEN ${order} AND ${order + 3}`),
    () => on("users", `DELETE FROM users WHERE id = ${user}`),
    () => on("orders", `UPDATE orders SET total = total + 1, note = NULL WHERE total > ${pick(300)} AND id < 20000`),
    () =>
      on(
        "prices",
        `INSERT INTO prices (country, year, amount) VALUES ('de', ${1980 + pick(40)}, ${step}) ON CONFLICT (country, year) DO UPDATE SET amount = excluded.amount`,
      ),
    () => on("prices", `UPDATE prices SET year = year + 100 WHERE country = 'fr' AND year = ${1980 + pick(40)}`),
    () => [...on("orders", `DELETE FROM orders WHERE user_id = ${user}`), ...on("users", `DELETE FROM users WHERE id = ${user}`)],
    () => on("orders", `UPDATE orders SET note = (SELECT name FROM users WHERE users.id = orders.user_id) WHERE id = ${order}`),
    () => made("table", `extra_${step}`, `CREATE TABLE extra_${step} (id INTEGER PRIMARY KEY, word TEXT)`),
    () => made("index", `index_${step}`, `CREATE INDEX index_${step} ON users (balance)`),
    () => [
      {
        text: `ALTER TABLE prices ADD COLUMN c${step} INTEGER DEFAULT ${step}`,
        tables: ["prices"],
        inverse: {
          thing: { type: "column", table: "prices", name: `c${step}` },
          makes: true,
          sql: `ALTER TABLE prices DROP COLUMN c${step}`,
        },
      },
    ],
  ];
  const more: readonly (() => Statement[])[] = [
    () => on("events", `UPDATE events SET n = n + 1, kind = 'changed ${step}' WHERE id BETWEEN ${user * 500} AND ${user * 500 + 9}`),
    () => on("events", `DELETE FROM events WHERE id IN (${order}, ${order * 400}, 60001)`),
    () => on("events", `INSERT INTO events (id, kind) VALUES (${70_000 + step}, 'new'), (${80_000 + step}, 'new')`),
    () => on("log", `INSERT INTO log VALUES ('word ${pick(9)}', ${pick(3)}), ('same', 1), ('same', 1)`),
    () => on("log", `DELETE FROM log WHERE word = 'word ${pick(9)}' AND n = ${pick(3)}`),
    () => on("log", `UPDATE log SET n = ${pick(3)} WHERE word = 'word ${pick(9)}' OR word = 'same'`),
    () => [...on("log", `INSERT INTO log VALUES ('both', ${step})`), ...on("events", `UPDATE events SET n = NULL WHERE id = ${order}`)],
  ];
  const possible = isInWarehouse ? [...kinds, ...more] : kinds;
  return (possible[Math.floor(random() * possible.length)] as () => Statement[])();
}

/** One change that an agent may make in MySQL, of all shapes that only it knows. */
export function changeInMysql(step: number, random: () => number): string {
  const pick = (below: number) => 1 + Math.floor(random() * below);
  const [user, order, fresh] = [pick(60), pick(120), 10_000 + step];
  const kinds: readonly string[] = [
    `UPDATE users SET name = "changed ${step}", balance = balance + ${pick(9)} WHERE id = ${user}`,
    `UPDATE \`users\` SET balance = balance * 2 WHERE id % 7 = ${pick(6)} AND id < 1000 # some`,
    `INSERT INTO users SET id = ${fresh}, name = 'it''s new', email = 'f${step}@example.com'`,
    `INSERT orders (id, user_id, total) SELECT ${fresh}, min(id), ${step} FROM users WHERE id < 1000`,
    `DELETE FROM orders WHERE id BETWEEN ${order} AND ${order + 9} ORDER BY id LIMIT 3`,
    `DELETE FROM users WHERE id = ${user}`,
    `UPDATE orders SET total = total + 1, note = NULL WHERE total > ${pick(300)} AND id < 20000 ORDER BY id DESC LIMIT 20`,
    `INSERT INTO prices (country, year, amount) VALUES ('de', ${1980 + pick(40)}, ${step}) ON DUPLICATE KEY UPDATE amount = amount + VALUES(amount)`,
    `REPLACE INTO prices (country, year, amount) VALUES ('fr', ${1980 + pick(40)}, ${step}), ('de', 1990, ${step})`,
    `INSERT IGNORE INTO prices VALUES ('de', ${1980 + pick(40)}, 1), ('it', ${step}, 1)`,
    `UPDATE prices SET year = year + 100 WHERE country = 'fr' AND year = ${1980 + pick(40)}`,
    `UPDATE orders o JOIN users u ON u.id = o.user_id SET o.note = concat(u.name, ' ❤'), u.balance = 1 WHERE o.id = ${order}`,
    `DELETE o FROM orders AS o INNER JOIN users AS u ON u.id = o.user_id WHERE u.id = ${user} AND o.id < 20000`,
    `DELETE FROM orders WHERE user_id = ${user}; DELETE FROM users WHERE id = ${user}`,
    `UPDATE orders SET note = (SELECT name FROM users WHERE users.id = orders.user_id) WHERE id = ${order}`,
  ];
  return kinds[Math.floor(random() * kinds.length)] as string;
}

/** What somebody else does meanwhile: rows and columns of their own. */
export function otherChange(step: number, random: () => number): string {
  const user = 1 + Math.floor(random() * 60);
  return [
    `UPDATE users SET remark = 'theirs ${step}' WHERE id = ${user}`,
    `INSERT INTO users (id, name, email) VALUES (${1_000 + step}, 'theirs', 't${step}@example.org')`,
    `INSERT INTO prices (country, year, amount) VALUES ('theirs', ${step}, 1)`,
    `UPDATE prices SET amount = amount + 1 WHERE country = 'theirs'`,
  ][Math.floor(random() * 4)] as string;
}

/** What the users are once somebody's change has been made to them; by their ids. */
export function withTheirs(
  users: ReadonlyMap<unknown, Record<string, unknown>>,
  sql: string,
): ReadonlyMap<unknown, Record<string, unknown>> {
  const [, remark, id] = /'(theirs \d+)' WHERE id = (\d+)/.exec(sql) ?? [];
  const row = users.get(Number(id));
  if (row) return new Map([...users, [Number(id), { ...row, remark }]]);
  const [, fresh, email] = /VALUES \((\d+), 'theirs', '(.*)'\)/.exec(sql) ?? [];
  return fresh ? new Map([...users, [Number(fresh), { id: Number(fresh), name: "theirs", email, balance: null, remark: null }]]) : users;
}

/** PostgreSQL can be asked which rows it touches. */
function on(table: string, text: string): Statement[] {
  return [{ text, tables: [table], target: { table, alias: table, hasReturning: false } }];
}

function made(type: "table" | "index", name: string, text: string): Statement[] {
  const sql = `DROP ${type.toUpperCase()} ${name}`;
  return [{ text, tables: type === "table" ? [] : ["users"], inverse: { thing: { type, name }, makes: true, sql } }];
}
