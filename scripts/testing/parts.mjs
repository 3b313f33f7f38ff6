// What `npm test` runs, in order. A part names its runner and what it takes from the surroundings.
import { join } from "node:path";
import { artefacts, tool } from "../places.mjs";

const reports = join(artefacts, "reports");

// What meets real processes, disks and browsers may meet a stalled machine too: in CI it has a second try, and the
// summary names whoever needed it. Unit tests share their worker's modules, and have one as well. At the desk nothing has one.
const retries = process.env["CI"] ? 1 : 0;

export const parts = [
  vitestPart("unit", 5, "boundaries and unit tests"),
  vitestPart("store", 10, "store on SQLite and PostgreSQL"),
  vitestPart("packaging", 6, "the packed packages"),
  vitestPart("journey", 38, "journeys with real clients"),
  {
    name: "browser",
    title: "browser journeys",
    limitMinutes: 20,
    runner: "playwright",
    report: join(reports, "browser.json"),
    needs: "chromium",
    listOnly: ["--list"],
    args: [tool("@playwright/test/cli.js"), "test", `--retries=${retries}`, "--reporter=list,json"],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: join(reports, "browser.json") },
  },
];

function vitestPart(name, limitMinutes, title) {
  const report = join(reports, `${name}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  return {
    name,
    title,
    limitMinutes,
    runner: "vitest",
    report,
    args: [tool("vitest/vitest.mjs"), "run", "--project", name, `--retry=${retries}`, ...reporters],
    env: {},
  };
}
