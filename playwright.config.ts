import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

// Limits for what hangs, wide enough for a busy machine.
const testWaitMs = 180_000;
const expectWaitMs = 30_000;

// The system's browser: npm test finds or installs it and passes its path on. Playwright's own download is never used.
const chromium = process.env["PULLCORD_TEST_CHROMIUM"] ?? ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path));

export default defineConfig({
  testDir: "test/browser",
  testMatch: "**/*.test.ts",
  outputDir: "artefacts/browser",
  timeout: testWaitMs,
  expect: { timeout: expectWaitMs },
  workers: 1,
  forbidOnly: Boolean(process.env["CI"]),
  use: {
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      ...(chromium === undefined ? {} : { executablePath: chromium }),
      args: [
        "--no-sandbox",
        "--disable-background-networking",
        "--disable-sync",
        "--disable-component-update",
        "--disable-quic",
        "--no-first-run",
      ],
    },
  },
});
