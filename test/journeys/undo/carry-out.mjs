// Carries an undo out and kills itself with -9 at the nth change to the disk: node … carry-out.mjs DATA UNDO NTH
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const [dataFolder, undoId, nth] = process.argv.slice(2);
const changing = ["renameSync", "linkSync", "unlinkSync", "symlinkSync", "mkdirSync", "rmdirSync", "writeSync", "fchmodSync", "fsyncSync"];
let count = 0;
const { SnapshotKeeper } = await import("@pullcord/sdk/undo");
const keeper = new SnapshotKeeper({
  folder: dataFolder,
  ownFolder: dataFolder,
  quotaBytes: 2 ** 30,
  bounds: { mostEntries: 100_000, longestMs: 60_000 },
});
for (const name of changing) {
  const real = fs[name];
  fs[name] = (...given) => {
    count += 1;
    if (count === Number(nth)) process.kill(process.pid, "SIGKILL");
    return real(...given);
  };
}
syncBuiltinESMExports();
await keeper.carryOut(undoId);
process.stdout.write(String(count));
