import { beforeAll, describe } from "vitest";
import { judgesAll } from "../corpus/tables.js";
import { prepareReading } from "../sql.js";

const pays = "-c 'update orders set paid = 1 where id = 2'";

describe("what a client is told beside its SQL", () => {
  beforeAll(prepareReading);

  judgesAll({
    psql: [
      [`psql -d shop_dev ${pays}`, "allow", "database_writes_here"],
      [`psql 'postgresql://localhost/shop_dev?sslmode=require' ${pays}`, "allow", "database_writes_here"],
      [`psql 'postgresql:///shop_dev?host=db.example.com' ${pays}`, "ask", "database_unread"],
      [`psql 'postgresql://localhost/shop_dev?options=-csearch_path%3Dother' ${pays}`, "ask", "database_unread"],
      [`PGOPTIONS='-c search_path=other' psql -d shop_dev ${pays}`, "ask", "steers_tools"],
      [`PGPORT=5499 psql -d shop_dev ${pays}`, "ask", "steers_tools"],
      ["psql -d shop_dev -v n=1 <<< 'update orders set paid = 1 where id = 2'", "allow", "database_writes_here"],
      ["psql -d shop_dev -v 'n=1]; drop table a; --' <<< 'update orders set a = b[1:n] where id = 2'", "ask", "database_unread"],
      ["psql -d shop_dev -c \"select lowrite(lo_open(7, 131072), 'x')\"", "ask", "database_effects"],
      ["psql -d shop_dev -c \"select ts_stat('select setval(''orders_id_seq'', 1)')\"", "ask", "database_effects"],
    ],
  });
});
