import type pg from "pg";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openPostgres } from "../../sdk/src/undo/database/postgres.js";
import type { DatabaseSession } from "../../sdk/src/undo/database/session.js";
import type { Statement } from "../../sdk/src/undo/database/statement.js";
import { tryOut, type Trial } from "../../sdk/src/undo/database/try-out.js";
import { watchWholly } from "../../sdk/src/undo/database/whole-tables.js";
import { seeded } from "../../sdk/src/undo/workshop.test.support.js";
import { settingSurroundings } from "../../server/src/domain/risk/corpus/setting.js";
import { prepareReading, readAction } from "../../server/src/domain/risk/read-action.js";
import { postgresServers } from "./undo/postgres-database.js";
import { PostgresShop } from "./undo/postgres-shop.js";

/** Generated actions, each tried in three ways; more with PULLCORD_TOLD. */
const actions = Number(process.env["PULLCORD_TOLD"] ?? 60);
const seed = Number(process.env["PULLCORD_TOLD_SEED"] ?? 51);
const longestMs = 60 * 60_000;

/** Tables of every kind in which a statement may touch other rows than it tells, or cannot tell. */
const tables = [
  "CREATE TABLE plain (id int PRIMARY KEY, word text, n int DEFAULT 7)",
  "CREATE TABLE pairs (place text, year int, n numeric, twice numeric GENERATED ALWAYS AS (n * 2) STORED, PRIMARY KEY (place, year))",
  "CREATE TABLE tree (id int PRIMARY KEY, parent int REFERENCES tree (id) ON DELETE CASCADE ON UPDATE CASCADE, word text)",
  "CREATE TABLE child (id int PRIMARY KEY, plain int REFERENCES plain (id) ON DELETE SET NULL ON UPDATE CASCADE)",
  "CREATE TABLE slots (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, word text)",
  "CREATE TABLE parts (id int, region text, n int, PRIMARY KEY (id, region)) PARTITION BY LIST (region)",
  "CREATE TABLE parts_de PARTITION OF parts FOR VALUES IN ('de')",
  "CREATE TABLE parts_fr PARTITION OF parts FOR VALUES IN ('fr')",
  "CREATE TABLE base (id int PRIMARY KEY, word text)",
  "CREATE TABLE heir (more int, PRIMARY KEY (id)) INHERITS (base)",
  "CREATE TABLE loose (word text, n int)",
  "CREATE TABLE noted (id int PRIMARY KEY, word text)",
  "CREATE TABLE notes (at serial PRIMARY KEY, word text)",
  "CREATE TABLE ruled (id int PRIMARY KEY, word text, gone boolean DEFAULT false)",
  "CREATE TABLE lower_keys (key text PRIMARY KEY, n int)",
  "CREATE VIEW seen AS SELECT id, word FROM plain WHERE id % 2 = 0",
  "CREATE RULE softly AS ON DELETE TO ruled DO INSTEAD UPDATE ruled SET gone = true WHERE id = old.id",
  "CREATE RULE also AS ON UPDATE TO ruled WHERE new.word = 'also' DO ALSO INSERT INTO loose VALUES (new.word, new.id)",
  `CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     BEGIN INSERT INTO notes (word) VALUES ('gone'); RAISE EXCEPTION 'x'; EXCEPTION WHEN OTHERS THEN NULL; END;
     INSERT INTO notes (word) VALUES (coalesce(new.word, old.word));
     IF tg_op = 'UPDATE' AND new.word = 'again' THEN UPDATE noted SET word = 'by the trigger' WHERE id = new.id + 1; END IF;
     RETURN NULL; END $$`,
  "CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON noted FOR EACH ROW EXECUTE FUNCTION note()",
  `CREATE FUNCTION lowered() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     IF new.n = 13 THEN RETURN NULL; END IF; new.key := lower(new.key); RETURN new; END $$`,
  "CREATE TRIGGER lowered BEFORE INSERT OR UPDATE ON lower_keys FOR EACH ROW EXECUTE FUNCTION lowered()",
  `CREATE FUNCTION touched(wanted int) RETURNS int LANGUAGE sql AS 'UPDATE plain SET word = ''touched'' WHERE id = wanted RETURNING 1'`,
  `CREATE FUNCTION base_too(wanted int) RETURNS text LANGUAGE sql AS 'UPDATE ONLY base SET word = ''too'' WHERE id = wanted - 5 RETURNING word'`,
];
const rows = [
  "INSERT INTO plain SELECT x, 'word ' || x, x FROM generate_series(1, 40) x",
  "INSERT INTO pairs SELECT CASE WHEN x % 2 = 0 THEN 'it''s, here' ELSE 'ö' END, x, x FROM generate_series(1, 20) x",
  "INSERT INTO tree SELECT x, nullif(x / 3, 0), 'leaf' FROM generate_series(1, 30) x",
  "INSERT INTO child SELECT x, x FROM generate_series(1, 30) x",
  "INSERT INTO slots SELECT x, 'slot ' || x FROM generate_series(1, 10) x",
  "INSERT INTO parts SELECT x, CASE WHEN x % 2 = 0 THEN 'de' ELSE 'fr' END, x FROM generate_series(1, 20) x",
  "INSERT INTO base SELECT x, 'base' FROM generate_series(1, 10) x",
  "INSERT INTO heir SELECT x, 'heir', x FROM generate_series(5, 15) x",
  "INSERT INTO loose SELECT 'word ' || x % 3, x % 2 FROM generate_series(1, 12) x",
  "INSERT INTO noted SELECT x, 'noted ' || x FROM generate_series(1, 20) x",
  "INSERT INTO ruled SELECT x, 'ruled' FROM generate_series(1, 10) x",
  "INSERT INTO lower_keys SELECT chr(96 + x), x FROM generate_series(1, 10) x",
];

/** One statement that an agent may run. */
function statementFrom(random: () => number): string {
  const pick = (below: number) => 1 + Math.floor(random() * below);
  const [id, other, fresh] = [pick(40), pick(20), 1_000 + pick(30)];
  const texts = [
    `UPDATE plain SET word = 'changed', n = n + ${pick(3)} WHERE id BETWEEN ${id} AND ${id + pick(6)}`,
    `UPDATE public.plain AS p SET word = c.id::text FROM child c WHERE c.plain = p.id AND p.id < ${other} -- that is all`,
    `UPDATE plain SET id = id + 100 WHERE id = ${id}`,
    `UPDATE plain SET word = word WHERE id < ${other}`,
    `UPDATE plain SET n = touched(${id}) WHERE id = ${other}`,
    `UPDATE seen SET word = 'seen' WHERE id < ${other}`,
    `DELETE FROM plain USING child WHERE child.plain = plain.id AND child.id = ${other} RETURNING plain.word, child.id`,
    `DELETE FROM plain WHERE id = ${id}`,
    `INSERT INTO plain (id, word) VALUES (${fresh}, 'new'), (${fresh + 1}, DEFAULT) RETURNING *`,
    `INSERT INTO plain AS mine (id, word) VALUES (${id}, 'up'), (${fresh}, 'new') ON CONFLICT (id) DO UPDATE SET word = excluded.word || mine.n`,
    `INSERT INTO plain (id) VALUES (${id}), (${fresh}) ON CONFLICT DO NOTHING`,
    `WITH some AS (SELECT id FROM plain ORDER BY id LIMIT ${other}) UPDATE plain SET n = 0 FROM some WHERE some.id = plain.id`,
    `WITH gone AS (DELETE FROM loose WHERE n = 1 RETURNING word) INSERT INTO plain SELECT ${fresh} + row_number() OVER (), word FROM gone`,
    `MERGE INTO plain p USING child c ON c.plain = p.id AND c.id < ${other} WHEN MATCHED AND p.id % 2 = 0 THEN DELETE WHEN MATCHED THEN UPDATE SET word = 'merged'`,
    `UPDATE pairs SET n = n + 0.50 WHERE year = ${other}`,
    `UPDATE pairs SET year = year + ${pick(2)} * 100 WHERE place = 'ö' AND year < ${other}`,
    `DELETE FROM pairs WHERE year % 3 = ${pick(3) - 1}`,
    `UPDATE tree SET word = 'grown' WHERE id < ${other}`,
    `DELETE FROM tree WHERE id = ${other}`,
    `UPDATE tree SET id = id + 500 WHERE id = ${other}`,
    `UPDATE slots SET id = 11 - id`,
    `UPDATE slots SET id = id + 1 WHERE id >= ${pick(10)}`,
    `UPDATE parts SET n = -n WHERE id < ${other}`,
    `UPDATE parts SET region = CASE region WHEN 'de' THEN 'fr' ELSE 'de' END WHERE id = ${other}`,
    `UPDATE parts_de SET n = 0 WHERE id < ${other}`,
    `DELETE FROM parts WHERE id = ${other}`,
    `UPDATE base SET word = 'all' WHERE id < ${other}`,
    `UPDATE ONLY base SET word = 'only' WHERE id < ${other}`,
    `DELETE FROM base WHERE id = ${pick(15)}`,
    `UPDATE base SET word = base_too(id) WHERE id BETWEEN 10 AND ${10 + pick(5)}`,
    `INSERT INTO heir VALUES (${fresh}, 'new', 1)`,
    `UPDATE loose SET n = ${pick(3)} WHERE word = 'word ${pick(3) - 1}'`,
    `INSERT INTO loose VALUES ('word 1', 1), ('new', NULL)`,
    `UPDATE noted SET word = '${["again", "once"][pick(2) - 1]}' WHERE id = ${other}`,
    `DELETE FROM noted WHERE id < ${pick(5)}`,
    `INSERT INTO noted VALUES (${fresh}, 'new')`,
    `DELETE FROM ruled WHERE id = ${pick(10)}`,
    `UPDATE ruled SET word = '${["also", "plainly"][pick(2) - 1]}' WHERE id < ${pick(10)}`,
    `INSERT INTO lower_keys VALUES ('NEW', ${pick(20)})`,
    `UPDATE lower_keys SET key = upper(key) || '${pick(9)}', n = n + ${pick(4)} WHERE n < ${pick(10)}`,
    `TRUNCATE loose`,
  ];
  return texts[Math.floor(random() * texts.length)] as string;
}

/** As the gate reads it, and hands it to the trial. */
function read(sql: string): Statement[] {
  const action = { type: "database_modify" as const, arguments: { database: "shop", sql } };
  const databaseAt = () => ({ dialect: "postgres" as const, name: "shop" });
  const { keptRows } = readAction(action, { ...settingSurroundings, databaseAt });
  return (keptRows ?? []).flatMap(({ statements }) =>
    statements.map(({ text = "", wayBack }) => {
      if (wayBack?.kind !== "rows") throw new Error(`Not read: ${sql}`);
      return { text, tables: wayBack.tables, ...(wayBack.target ? { target: wayBack.target } : {}) };
    }),
  );
}

describe.skipIf(postgresServers.length === 0).each(postgresServers.map((url, index) => [index + 1, url] as const))(
  "which rows a statement touches, in PostgreSQL %i",
  (_index, server) => {
    let at: PostgresShop;
    let queries: string[];
    beforeAll(prepareReading);
    beforeEach(async () => {
      at = await PostgresShop.open(server);
      for (const sql of [...tables, ...rows]) await at.client.query(sql);
      queries = [];
    });
    afterEach(() => at.close());

    const listening = async (): Promise<pg.Client> => {
      const client = await at.connect();
      const query = client.query.bind(client) as (given: { text: string }) => unknown;
      client.query = ((given: { text: string }) => {
        queries.push(given.text);
        return query(given);
      }) as typeof client.query;
      return client;
    };
    const readsThrough = () => queries.filter((sql) => /\b(?:xmin|xmax) (?:=|<>)|age\(x/.test(sql)).length;

    /** What a trial finds, or why it does not. */
    const found = async (statements: readonly Statement[], how: (session: DatabaseSession) => DatabaseSession = (own) => own) => {
      await at.client.query("ALTER SEQUENCE notes_at_seq RESTART");
      const session = await openPostgres(listening);
      try {
        return stepsIn(await tryOut(how(session), statements));
      } catch (error) {
        return (error as Error).message;
      } finally {
        await session.close();
      }
    };
    const untold = (statements: readonly Statement[]) => statements.map(({ target: _target, ...statement }) => statement);
    /** All rows of all tables are read before and after: slow, and nothing can be missed. */
    const readWholly = (session: DatabaseSession) =>
      new Proxy(session, {
        get(own, name) {
          if (name === "watch") return ({ all }: Parameters<DatabaseSession["watch"]>[0]) => watchWholly(own, all, all);
          const value: unknown = Reflect.get(own, name, own);
          return typeof value === "function" ? (value.bind(own) as unknown) : value;
        },
      });

    it.each<[string, string, number]>([
      ["a change of some rows", "UPDATE plain SET n = 0 WHERE id < 9", 0],
      ["one that calls the table otherwise", "UPDATE public.plain AS p SET n = 0 FROM child WHERE child.plain = p.id -- so", 0],
      ["new rows", "INSERT INTO pairs (place, year) SELECT 'x', x FROM generate_series(1, 5) x", 0],
      ["rows that are put in or changed", "INSERT INTO plain VALUES (1, 'a'), (99, 'b') ON CONFLICT (id) DO UPDATE SET word = 'c'", 0],
      ["rows that go, where it returns something", "DELETE FROM tree WHERE id = 30 RETURNING id, word", 0],
      ["several statements", "UPDATE plain SET n = 0 WHERE id < 9; DELETE FROM plain WHERE id = 35; INSERT INTO plain VALUES (35)", 0],
      ["keys that are changed among themselves", "UPDATE slots SET id = 11 - id", 0],
      ["rows in parts of a table", "UPDATE parts SET n = 0", 0],
      ["a row that others refer to, which are changed along with it: one look at theirs", "DELETE FROM plain WHERE id = 3", 1],
      ["rows that come back only after others have: two looks more", "DELETE FROM tree WHERE id = 1", 3],
      ["a key that becomes another", "UPDATE lower_keys SET key = 'z' WHERE key = 'a'", 2],
      ["rows of two tables by a function", "UPDATE child SET plain = touched(3) WHERE id = 1", 1],
      [
        "a write in a WITH",
        "WITH a AS (UPDATE plain SET n = 1 RETURNING id) UPDATE child SET plain = NULL FROM a WHERE a.id = child.id",
        2,
      ],
      ["a rule that makes another statement of it", "DELETE FROM ruled WHERE id = 1", 1],
      ["as many rows of a table as are told of one that inherits from it", "UPDATE base SET word = base_too(id) WHERE id > 10", 2],
      ["a view", "UPDATE seen SET word = 'x'", 1],
    ])("is told without reading a table through, or with as few looks as can be: %s", async (_name, sql, looks) => {
      const statements = read(sql);
      const told = await found(statements);
      expect(readsThrough()).toBe(looks);
      expect([typeof told, told]).toEqual(["object", await found(statements, readWholly)]);
    });

    it(
      `is found alike as the statements tell it, by versions, and by reading everything, for ${actions} actions while others write`,
      async () => {
        const random = seeded(seed);
        const others = await at.connect();
        const over = new AbortController();
        const writing = (async () => {
          for (let step = 0; !over.signal.aborted; step++) {
            await others.query(
              `INSERT INTO plain VALUES (${5_000 + step}, 'theirs'); UPDATE plain SET n = n + 1 WHERE id > 5000 AND id % 7 = ${step % 7}`,
            );
            await others.query("SELECT 1 FROM pairs FOR KEY SHARE");
          }
        })();
        let [kept, quiet] = [0, 0];
        try {
          for (let action = 0; action < actions; action++) {
            const sql = Array.from({ length: 1 + Math.floor(random() * 3) }, () => statementFrom(random)).join("; ");
            const statements = read(sql);
            queries = [];
            const told = await found(statements);
            if (typeof told !== "string") kept += 1;
            if (readsThrough() === 0) quiet += 1;
            const [versions, all] = [await found(untold(statements)), await found(statements, readWholly)];
            expect([sql, told]).toEqual([sql, all]);
            expect([sql, versions]).toEqual([sql, all]);
          }
        } finally {
          over.abort();
          await writing;
          await others.end();
        }
        expect([kept > actions / 2, quiet > actions / 10]).toEqual([true, true]);
      },
      longestMs,
    );
  },
);

function stepsIn({ steps }: Trial): string[] {
  return steps.map((step) => JSON.stringify(step, sorted)).toSorted();
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => one.localeCompare(other)));
}
