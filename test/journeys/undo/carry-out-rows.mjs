// Carries an undo of rows out and kills itself with -9 before the nth statement or note: node … carry-out-rows.mjs DATA UNDO NTH [URL]
import childProcess from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import pg from "pg";

const [dataFolder, undoId, nth, url] = process.argv.slice(2);
let count = 0;
const step = () => {
  count += 1;
  if (count === Number(nth)) process.kill(process.pid, "SIGKILL");
};
const { SnapshotKeeper } = await import("@pullcord/sdk/undo");
const keeper = new SnapshotKeeper({
  folder: dataFolder,
  ownFolder: dataFolder,
  quotaBytes: 2 ** 30,
  bounds: { mostEntries: 1_000, longestMs: 60_000 },
  connect: {
    postgres: async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      const query = client.query.bind(client);
      client.query = (...given) => {
        step();
        const answer = query(...given);
        // Killed right after it was sent, too.
        step();
        return answer;
      };
      return client;
    },
    mysql: async () => {
      const { prepareReading } = await import("../../../server/src/domain/risk/sql.js");
      const { connectMysql } = await import("../../../server/src/snapshots/mysql-driver.js");
      await prepareReading();
      const client = await connectMysql(new URL(url));
      return {
        ...client,
        query: (sql) => {
          step();
          const answer = client.query(sql);
          step();
          return answer;
        },
      };
    },
  },
});
// Statements run in a process of their own, which ends when this one does.
const { fork } = childProcess;
childProcess.fork = (...given) => {
  const child = fork(...given);
  const send = child.send.bind(child);
  child.send = (...asked) => {
    step();
    return send(...asked);
  };
  return child;
};
for (const name of ["renameSync", "writeSync", "fsyncSync"]) {
  const real = fs[name];
  fs[name] = (...given) => {
    step();
    return real(...given);
  };
}
syncBuiltinESMExports();
await keeper.carryOut(undoId);
process.stdout.write(String(count));
