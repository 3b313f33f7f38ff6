// `npm run soak [-- ROUNDS]`: the property tests over and over, each round on cases of its own. Before a landing.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { bootstrap } from "./bootstrap/index.mjs";
import { tool } from "./places.mjs";
import { runChild } from "./running/children.mjs";
import { main, say, seconds, Trouble } from "./running/say.mjs";

const roundsUnlessTold = 20;
const roundLimitMs = 10 * 60_000;

await main(async () => {
  const rounds = Number(process.argv[2] ?? roundsUnlessTold);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Trouble(`"${process.argv[2]}" is no number of rounds.`, "npm run soak takes one number.", "say 1 or more");
  await bootstrap();
  const { CI: _, ...env } = process.env;
  const command = [tool("vitest/vitest.mjs"), "run", "--project", "unit", "--project", "journey", "--reporter=dot", ...propertyTests()];
  let failed = 0;
  for (let round = 1; round <= rounds; round++) {
    const { status, output, ms } = await runChild(process.execPath, command, { quiet: true, limitMs: roundLimitMs, env });
    say(`round ${String(round).padStart(3)} of ${rounds}  ${status === 0 ? "ok    " : "FAILED"} ${seconds(ms).padStart(7)}`);
    if (status === 0) continue;
    failed++;
    say(output.trim());
  }
  say(`${rounds - failed} rounds passed, ${failed} failed.`);
  return failed === 0 ? 0 : 1;
});

/** The tests beside the code that draw their cases, as git knows them. */
function propertyTests() {
  const files = execFileSync("git", ["ls-files", "sdk/src/*.test.ts", "server/src/*.test.ts"], { encoding: "utf8" });
  return files.split("\n").filter((file) => file !== "" && readFileSync(file, "utf8").includes("fc.assert"));
}
