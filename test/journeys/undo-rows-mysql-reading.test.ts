import { afterEach, beforeEach, expect, it } from "vitest";
import { changeInMysql } from "../../sdk/src/undo/database/churn.test.support.js";
import { seeded } from "../../sdk/src/undo/workshop.test.support.js";
import { describeOnMysql } from "./undo/mysql-database.js";
import { MysqlShop } from "./undo/mysql-shop.js";

/** Statements that are spoilt and handed on; more with PULLCORD_SPOILT. */
const spoilt = Number(process.env["PULLCORD_SPOILT"] ?? 300);
const longestMs = 20 * 60_000;

/** What is put into them: each may make a statement do more than it seems to, if it is not read as the server reads it. */
const pieces = [
  "/*!", "/*M!", "/*", "*/", "-- ", "--", "# ", "\n", "'", '"', "`", "\\", "\\'", ";", "; DROP TABLE prices; ", "; INSERT INTO other VALUES (1); ",
  "noted(1)", "noted (1)", "`noted`(1)", ", name = noted(1)", " AND noted(1)", " OR 1", "||", "&&", "@a := 1", "INTO @a", "INTO OUTFILE '/tmp/x'",
  "SELECT", "(SELECT noted(1))", "DELAYED ", "IGNORE ", "LIMIT 1", "RETURNING noted(1)", "other", "seen", "ON DUPLICATE KEY UPDATE id = noted(1)",
  "now ()", "cast (1 AS char)", "x'", "0x", "N'", "_utf8'", "FOR UPDATE", "WHERE", "SET", "COMMIT", "; COMMIT; ", "BEGIN; ", "UNION SELECT noted(1)",
]; // prettier-ignore

describeOnMysql("statements of MySQL's that are read as something to try", (server) => {
  let shop: MysqlShop;
  beforeEach(async () => {
    shop = await MysqlShop.open(server);
    await shop.client.query("CREATE TABLE other (id INT) ENGINE = MyISAM");
    await shop.client.query("CREATE FUNCTION noted(n INT) RETURNS INT MODIFIES SQL DATA BEGIN INSERT INTO other VALUES (n); RETURN 1; END");
    await shop.client.query("CREATE VIEW seen AS SELECT noted(1) AS n");
  });
  afterEach(() => shop.close());

  it(
    `leave nothing behind when they are tried, however they are spoilt (${spoilt})`,
    async () => {
      const random = seeded(Number(process.env["PULLCORD_SPOILT_SEED"] ?? 31));
      const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T;
      const before = await shop.dump();
      let tried = 0;
      for (let step = 0; step < spoilt; step++) {
        let sql = changeInMysql(step, random);
        for (let more = 1 + Math.floor(random() * 3); more > 0; more--) {
          const words = sql.split(/(?<=[\s(),])/);
          words.splice(Math.floor(random() * (words.length + 1)), 0, pick(pieces));
          sql = words.join("");
        }
        tried += (await shop.isTried(sql)) ? 1 : 0;
        expect([sql, await shop.rows("SELECT * FROM other")]).toEqual([sql, []]);
      }
      expect(tried).toBeGreaterThan(spoilt / 20);
      expect(await shop.dump()).toEqual(before);
    },
    longestMs,
  );
});
