import { beforeAll, describe } from "vitest";
import { judgesAll } from "../corpus/tables.js";
import { prepareReading } from "../sql.js";

describe("databases that are files", () => {
  beforeAll(prepareReading);

  judgesAll({
    sqlite: [
      ["sqlite3 data/shop.db 'explain query plan select * from orders'", "allow", "database_reads"],
      ["sqlite3 data/shop.db 'update orders set paid = 1 where id = 2'", "allow", "database_writes_here"],
      ["sqlite3 data/shop.db 'update orders set paid = 1'", "ask", "database_unbounded"],
      ["sqlite3 data/shop.db 'PRAGMA foreign_keys=ON; update orders set paid = 1 where id = 2'", "allow", "database_writes_here"],
      ["sqlite3 data/shop.db 'PRAGMA foreign_keys=ON' 'update orders set paid = 1'", "ask", "database_unbounded"],
      ["sqlite3 data/shop.db 'PRAGMA foreign_keys=ON; drop table orders'", "ask", "database_drops"],
      ["sqlite3 data/shop.db 'PRAGMA writable_schema=ON; update orders set paid = 1 where id = 2'", "ask", "database_unread"],
      ["sqlite3 data/shop-prod.db 'update orders set paid = 1 where id = 2'", "allow", "database_writes"],
      ["sqlite3 ~/other/shop.db 'update orders set paid = 1 where id = 2'", "ask", "writes_outside"],
      ["sqlite3 data/shop.db < migrations/003_country.sql", "allow", "database_writes"],
      ["sqlite3 data/shop.db < migrations/004_drop_orders.sql", "ask", "database_unread"],
      ["sqlite3 data/shop.db < tmp/x.sql", "ask", "database_unread"],
      ["sqlite3 data/shop.db 'SELECT $$ ; DROP TABLE orders; SELECT $$'", "ask", "database_unread"],
    ],
  });
});
