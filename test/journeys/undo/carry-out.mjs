// Carries an undo out and kills itself with -9 at the nth change to the disk: node … carry-out.mjs DATA UNDO NTH
import { SnapshotKeeper } from "@pullcord/sdk/undo";
import { dieAtChange } from "./dying.mjs";

const [dataFolder, undoId, nth] = process.argv.slice(2);
const keeper = new SnapshotKeeper({
  folder: dataFolder,
  ownFolder: dataFolder,
  quotaBytes: 2 ** 30,
  bounds: { mostEntries: 100_000, longestMs: 60_000 },
});
const { changes } = dieAtChange(Number(nth));
await keeper.carryOut(undoId);
process.stdout.write(String(changes()));
