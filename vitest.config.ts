import { defineConfig } from "vitest/config";

// Workspace packages resolve to each other's sources, so tests need no build.
const conditions = ["@pullcord/source", "module", "node", "development|production"];

// Limits for what hangs, wide enough for a busy machine.
const unitWaitMs = 30_000;
const storeWaitMs = 60_000;
const journeyWaitMs = 180_000;
// Installs from the registry, which may stall.
const packagingWaitMs = 400_000;

/** `expect.poll` waits as long as the test may take, but for enough to say what it waited for. Vitest's own second is no limit for what hangs. */
const patientUntil = (waitMs: number) => ({ poll: { timeout: waitMs * 0.8, interval: 20 } });

// Beside their code, but with the journeys: they keep disks, processes, threads or a terminal busy, or wait for real time.
const longTests = [
  "sdk/src/undo/swaps.test.ts",
  "sdk/src/undo/keeper.test.ts",
  "sdk/src/undo/json-lines.test.ts",
  "sdk/src/undo/config/config.test.ts",
  "sdk/src/undo/human-edits.test.ts",
  "sdk/src/undo/preview-holds.test.ts",
  "sdk/src/undo/file/git-objects.test.ts",
  "sdk/src/undo/database/database-kind.test.ts",
  "sdk/src/gate/gate.test.ts",
  "sdk/src/gate/log-batch.test.ts",
  "sdk/src/client/garbage.test.ts",
  "sdk/src/adapters/claude-code/settle.test.ts",
  "server/src/commands/races.property.test.ts",
  "server/src/commands/plan-races.property.test.ts",
  "server/src/domain/risk/long-texts.test.ts",
  "server/src/cli/judge/judge-line.test.ts",
  "server/src/policyfile/own-matchers.test.ts",
  "server/src/policyfile/policy-file.test.ts",
  "server/src/snapshots/keep/plan-keep.test.ts",
  "server/src/snapshots/git-elsewhere.test.ts",
  "server/src/snapshots/is-kept.test.ts",
  "server/src/cli/hold/terminal-hold.test.ts",
];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    exclude: ["**/node_modules/**", "**/dist/**", "server/public/**", ".toolchain/**"],
    environment: "node",
    setupFiles: ["./test/property-seeds.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          // One file after another in the same worker loads each module once: half the processor time. So a test puts back whatever
          // it changes of its process: timers, Node's own functions.
          isolate: false,
          include: ["{sdk,server,console}/src/**/*.test.{ts,tsx}", "test/{boundaries,policy}/**/*.test.ts", "scripts/**/*.test.mjs"],
          exclude: ["**/node_modules/**", "server/src/store/**", ...longTests],
          testTimeout: unitWaitMs,
          hookTimeout: unitWaitMs,
          expect: patientUntil(unitWaitMs),
        },
      },
      {
        extends: true,
        test: {
          name: "store",
          include: ["server/src/store/**/*.test.ts"],
          testTimeout: storeWaitMs,
          hookTimeout: storeWaitMs,
          expect: patientUntil(storeWaitMs),
        },
      },
      {
        extends: true,
        test: {
          name: "journey",
          include: ["test/journeys/**/*.test.ts", ...longTests],
          testTimeout: journeyWaitMs,
          hookTimeout: journeyWaitMs,
          expect: patientUntil(journeyWaitMs),
        },
      },
      {
        extends: true,
        test: {
          name: "packaging",
          include: ["test/packaging/**/*.test.ts"],
          testTimeout: packagingWaitMs,
          hookTimeout: packagingWaitMs,
        },
      },
    ],
  },
});
