// `npm test`: sets up what the tests need, runs all of them and sums them up. `npm test -- unit store` runs only these parts.
import { rmSync } from "node:fs";
import { bootstrap } from "./bootstrap/index.mjs";
import { endEverything, runChild } from "./running/children.mjs";
import { main, say, seconds, Trouble } from "./running/say.mjs";
import { needSurroundings } from "./surroundings/index.mjs";
import { parts } from "./testing/parts.mjs";
import { outcomeOf, skippedOutcome } from "./testing/results.mjs";

await main(async () => {
  const chosen = chooseParts(process.argv.slice(2));
  await bootstrap();
  try {
    const { buildWhenStale } = await import("./building/build.mjs");
    await buildWhenStale();
    const surroundings = await needSurroundings(chosen.map((part) => part.name));
    const outcomes = [];
    for (const part of chosen) outcomes.push(await runPart(part, surroundings));
    return summarise(outcomes, surroundings.missing);
  } catch (failure) {
    // The last line is the sum, whatever happens. That nothing could be tested is one failure.
    process.once("exit", () => process.stdout.write("0 passed, 1 failed\n"));
    throw failure;
  } finally {
    await endEverything();
  }
});

function chooseParts(names) {
  const unknown = names.find((name) => !parts.some((part) => part.name === name));
  if (unknown !== undefined) {
    throw new Trouble(
      `There is no part "${unknown}".`,
      "npm test takes names of parts only.",
      `choose of: ${parts.map((part) => part.name).join(", ")}`,
    );
  }
  return parts.filter((part) => names.length === 0 || names.includes(part.name));
}

async function runPart(part, surroundings) {
  say(`\n── ${part.title}`);
  rmSync(part.report, { force: true });
  const isLacking = part.needs !== undefined && surroundings.lacks(part.needs);
  const env = { ...process.env, ...surroundings.env, ...part.env };
  const args = isLacking ? [...part.args, ...part.listOnly] : part.args;
  const { status, ms } = await runChild(process.execPath, args, { env, limitMs: part.limitMinutes * 60_000 });
  return { part, ms, ...(isLacking ? skippedOutcome(part.report) : outcomeOf({ ...part, status })) };
}

function summarise(outcomes, missing) {
  say("");
  for (const { part, ms, passed, failed, skipped, failures, skips, unsteady } of outcomes) {
    say(
      `${part.name.padEnd(10)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${String(skipped).padStart(4)} skipped ${seconds(ms).padStart(9)}`,
    );
    for (const name of failures) say(`  failed:  ${name}`);
    for (const name of unsteady) say(`  unsteady, passed on its second try: ${name}`);
    for (const name of skips) say(`  skipped: ${name}`);
  }
  for (const line of missing) say(`not had: ${line}`);
  const sum = (state) => outcomes.reduce((total, outcome) => total + outcome[state], 0);
  if (sum("skipped") > 0) say(`${sum("skipped")} skipped, named above`);
  process.stdout.write(`${sum("passed")} passed, ${sum("failed")} failed\n`);
  return sum("failed") === 0 ? 0 : 1;
}
