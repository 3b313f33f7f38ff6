// Builds both packages and the console into them: `npm run build`.
import { bootstrap } from "./bootstrap/index.mjs";
import { main } from "./running/say.mjs";

await main(async () => {
  await bootstrap();
  const { build } = await import("./building/build.mjs");
  await build();
});
