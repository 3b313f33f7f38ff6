// `npm run check`: what has to be green before a commit, in under a minute.
import { bootstrap } from "./bootstrap/index.mjs";
import { tool } from "./places.mjs";
import { runChild } from "./running/children.mjs";
import { main, say, seconds } from "./running/say.mjs";

const stepsAtOnce = 2;
const stepLimitMs = 5 * 60_000;

// The longest first: the others run beside it. In CI a unit test has a second try (testing/parts.mjs).
const steps = [
  {
    name: "boundaries and unit tests",
    command: [
      tool("vitest/vitest.mjs"),
      "run",
      "--project",
      "unit",
      "--maxWorkers=2",
      `--retry=${process.env["CI"] ? 1 : 0}`,
      "--reporter=dot",
    ],
  },
  { name: "types", command: [tool("typescript/bin/tsc"), "-b"] },
  { name: "lint", command: [tool("oxlint/bin/oxlint"), "--type-aware", "--deny-warnings"] },
  { name: "format", command: [tool("oxfmt/bin/oxfmt"), "--check"] },
  { name: "unused code", command: [tool("knip/bin/knip.js")] },
];

await main(async () => {
  await bootstrap();
  const started = Date.now();
  const waiting = [...steps];
  const failed = [];
  const worker = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      if (!(await passes(step))) failed.push(step.name);
    }
  };
  await Promise.all(Array.from({ length: stepsAtOnce }, worker));
  const verdict =
    failed.length === 0 ? `All ${steps.length} checks passed` : `${failed.length} of ${steps.length} checks failed: ${failed.join(", ")}`;
  say(`${verdict} (${seconds(Date.now() - started)}).`);
  return failed.length === 0 ? 0 : 1;
});

async function passes({ name, command }) {
  const { status, output, ms } = await runChild(process.execPath, command, { quiet: true, limitMs: stepLimitMs });
  say(`${status === 0 ? "ok    " : "FAILED"} ${name.padEnd(28)} ${seconds(ms).padStart(7)}`);
  if (status !== 0) say(`${output.trim()}\n  the step: npx ${command.map(shortName).join(" ")}\n`);
  return status === 0;
}

function shortName(part) {
  const match = /node_modules\/(?:.*\/)?(tsc|oxlint|oxfmt|knip|vitest)(?:\.m?js)?$/.exec(part.replaceAll("\\", "/"));
  return match?.[1] ?? part;
}
