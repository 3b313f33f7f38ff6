// One action with the looks before and after it, killed with -9 at the nth change to the disk: node … capture.mjs DATA ROOT RUN NTH
import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SnapshotKeeper } from "@pullcord/sdk/undo";
import { meddle, seeded } from "../../../sdk/src/undo/workshop.test.support.js";
import { dieAtChange } from "./dying.mjs";

/** Makes looks write more than one block. */
const largeBytes = 400_000;

const [dataFolder, root, run, nth] = process.argv.slice(2);
const { changes, uncounted } = dieAtChange(Number(nth));
const keeper = new SnapshotKeeper({
  folder: dataFolder,
  ownFolder: dataFolder,
  quotaBytes: 2 ** 33,
  bounds: { mostEntries: 100_000, longestMs: 60_000 },
});
const key = { runId: `r${run}`, actionId: `a${run}` };
const workspace = keeper.files.workspace(root);
keeper.began(key);
await workspace.began(key, null);
uncounted(() => {
  const random = seeded(Number(run));
  for (let change = 0; change < 5; change++) meddle(root, random);
  for (const name of ["large-one", "large-two"]) {
    rmSync(join(root, name), { recursive: true, force: true });
    writeFileSync(join(root, name), randomBytes(largeBytes));
  }
});
await keeper.ended(key);
await keeper.close();
process.stdout.write(String(changes()));
