// `npm start`: everything from a fresh clone to a running server. Arguments after `--` are the server's own.
import { join } from "node:path";
import { bootstrap } from "./bootstrap/index.mjs";
import { root } from "./places.mjs";
import { becomeChild } from "./running/children.mjs";
import { main } from "./running/say.mjs";

await main(async () => {
  await bootstrap();
  const { buildWhenStale } = await import("./building/build.mjs");
  await buildWhenStale();
  const program = join(root, "server", "bin", "pullcord.js");
  return becomeChild(process.execPath, [program, "start", ...process.argv.slice(2)], { ownGroup: true });
});
