import { beforeAll, describe, expect, it } from "vitest";
import { prepareReading } from "../sql.js";
import { readTriggerBody } from "./trigger-body.js";

beforeAll(prepareReading);

describe("a trigger's body", () => {
  it.each([
    ["SET NEW.a = upper(NEW.a), NEW.b = 2", []],
    ["INSERT INTO history (word) VALUES (OLD.name)", ["history"]],
    ["BEGIN UPDATE t SET n = n + 1 WHERE id = NEW.id; DELETE FROM u WHERE id = OLD.id; END", ["t", "u"]],
    [
      "BEGIN DECLARE x, y INT DEFAULT 0; SET x = (SELECT max(id) FROM t); IF x > 3 THEN SET NEW.a = x; ELSEIF x IS NULL THEN DELETE FROM u WHERE id = 1; ELSE BEGIN SET y = 1; END; END IF; END",
      ["t", "u"],
    ],
    ["IF NEW.a < 0 THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'; END IF", []],
    ["SET NEW.a = CASE WHEN NEW.b = 1 THEN 2 ELSE 3 END", []],
    ["BEGIN IF CASE WHEN NEW.b = 1 THEN 1 ELSE 0 END THEN IF NEW.c = 1 THEN SET NEW.a = 1; END IF; SET NEW.d = 2; END IF; END", []],
    ["current_timestamp()", []],
    ["concat(`a`, 'x')", []],
  ])("is read: %s", (body, tables) => expect(readTriggerBody(body)?.toSorted()).toEqual(tables));

  it.each([
    "CALL note(NEW.a)",
    "SET @x = 1",
    "SET foreign_key_checks = 0",
    "SET GLOBAL general_log = 1",
    "SET NEW.a = noted(NEW.b)",
    "SET NEW.a = sleep(9)",
    "BEGIN SET sql_mode = ''; BEGIN DECLARE sql_mode INT; END; END",
    "DO sleep(9)",
    "SELECT 1 INTO OUTFILE '/tmp/x'",
    "BEGIN SELECT a INTO x FROM t; END",
    "BEGIN WHILE 1 DO SET NEW.a = 1; END WHILE; END",
    "BEGIN INSERT INTO t VALUES (1); CREATE TEMPORARY TABLE x (a INT); END",
    "BEGIN INSERT INTO t VALUES (1); END; CALL p()",
    "INSERT INTO t VALUES (sys_exec('id'))",
    "INSERT INTO t /*! SELECT f() */",
    "IF NEW.a THEN CALL p(); END IF",
    "IF noted(1) THEN SET NEW.a = 1; END IF",
    "BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN END; INSERT INTO t VALUES (1); END",
    "",
  ])("is not: %s", (body) => expect(readTriggerBody(body)).toBeNull());
});
