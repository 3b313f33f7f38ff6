// Carries an undo of rows out and kills itself with -9 before the nth statement or note: node … carry-out-rows.mjs DATA UNDO NTH
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { DatabaseSync } from "node:sqlite";

const [dataFolder, undoId, nth] = process.argv.slice(2);
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
});
DatabaseSync.prototype.prepare = new Proxy(Reflect.get(DatabaseSync.prototype, "prepare"), {
  apply: (prepare, database, given) => {
    step();
    return Reflect.apply(prepare, database, given);
  },
});
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
