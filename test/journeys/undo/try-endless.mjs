// Tries a statement that never ends, and says which process runs it: node … try-endless.mjs DATA DATABASE SQL TABLE
import childProcess from "node:child_process";
import { syncBuiltinESMExports } from "node:module";

const [dataFolder, path, text, table] = process.argv.slice(2);
const { fork } = childProcess;
childProcess.fork = (...given) => {
  const child = fork(...given);
  process.stdout.write(`${child.pid}\n`);
  return child;
};
syncBuiltinESMExports();
const { SnapshotKeeper } = await import("@pullcord/sdk/undo");
const keeper = new SnapshotKeeper({
  folder: dataFolder,
  ownFolder: dataFolder,
  quotaBytes: 2 ** 30,
  bounds: { mostEntries: 1_000, longestMs: 60_000 },
});
await keeper.databases.began(
  { runId: "r", actionId: "a1" },
  { place: { dialect: "sqlite", path }, shown: "shop.db", statements: [{ text, tables: [table] }] },
);
