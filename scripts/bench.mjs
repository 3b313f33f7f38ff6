// `npm run bench`: measures what should be fast and writes bench/RESULTS.md. Arguments go to bench/main.ts.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { bootstrap } from "./bootstrap/index.mjs";
import { root } from "./places.mjs";
import { becomeChild } from "./running/children.mjs";
import { main, Trouble } from "./running/say.mjs";

await main(async () => {
  await bootstrap();
  const { buildWhenStale } = await import("./building/build.mjs");
  await buildWhenStale();
  const program = join(root, "bench", "main.ts");
  if (!existsSync(program)) throw new Trouble("There is nothing to measure.", "bench/main.ts is missing.", "write it first.");
  return becomeChild(process.execPath, [program, ...process.argv.slice(2)], { ownGroup: true });
});
