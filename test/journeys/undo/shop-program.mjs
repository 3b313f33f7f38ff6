// A program of its own that changes a database and takes that back: told on its first line what, it answers with a line for
// each thing that it has done, and is asked by the server until its input ends. From the build: what is killed is what ships.
import { once } from "node:events";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { connect } from "@pullcord/sdk";

const lines = createInterface({ input: process.stdin });
const [line] = await once(lines, "line");
const { url, token, postgres, sqlite, works = [], killAt, killStatement } = JSON.parse(line);
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
const die = () => process.kill(process.pid, "SIGKILL");

let statements = 0;
let isUndoing = false;
/** Right before a statement goes out: where the test wants the program dead. */
function before(sql) {
  if (killAt === "before commit" && sql === "COMMIT") die();
  if (!isUndoing) return;
  statements += 1;
  if (statements === killStatement) die();
}
function after(sql) {
  if (killAt === "after commit" && sql === "COMMIT") die();
}
const prepare = (database, sql) => Reflect.apply(prepared, database, [sql]);
const prepared = Reflect.get(DatabaseSync.prototype, "prepare");
DatabaseSync.prototype.prepare = function counted(sql) {
  const statement = prepare(this, sql);
  const all = statement.all.bind(statement);
  statement.all = () => {
    before(sql);
    const rows = all();
    after(sql);
    return rows;
  };
  return statement;
};
async function client() {
  const made = new pg.Client({ connectionString: postgres });
  made.on("error", () => {});
  await made.connect();
  const query = made.query.bind(made);
  made.query = async (asked) => {
    const sql = asked.text ?? asked;
    before(sql);
    const answer = await query(asked);
    after(sql);
    return answer;
  };
  return made;
}

const gate = await connect({ url, token, killFile: null });
const shop = gate.databaseUndo("shop", postgres ? { postgres: client } : { sqlite });
// What the server asks passes here first.
const answer = shop.answer.bind(shop);
shop.answer = async (task) => {
  isUndoing = task.kind === "undo";
  statements = 0;
  const said = await answer(task);
  say({ asked: task.kind, statements });
  return said;
};
say({ ready: true });

if (works.length > 0) {
  const run = await gate.open({ task: "sell" });
  say({ run: run.id });
  for (const work of works) {
    const transaction = shop.transaction(async (database) => {
      for (const text of work) await (postgres ? database.query(text) : database.exec(text));
    });
    await run
      .act({ type: "config_change", arguments: { setting: "orders" } }, transaction)
      .then(() => say({ done: true }))
      .catch((error) => say({ failed: error.reason ?? "other", message: error.message }));
  }
  await run.finish("succeeded");
  await run.close();
  say({ finished: run.id });
}
await once(lines, "close");
await gate.close();
