import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { outcomeOf, skippedOutcome } from "./results.mjs";

const folder = mkdtempSync(join(tmpdir(), "pullcord-results-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const written = (report) => {
  const path = join(folder, "report.json");
  writeFileSync(path, JSON.stringify(report));
  return path;
};
const vitestFile = (...statuses) => ({
  name: "a.test.ts",
  status: statuses.includes("failed") ? "failed" : "passed",
  assertionResults: statuses.map((status, index) => ({ status, fullName: `test ${index}` })),
});
const playwright = (...statuses) => ({
  errors: [],
  suites: [{ title: "b.test.ts", specs: statuses.map((status) => ({ title: status, tests: [{ status }] })) }],
});

describe("the sum of a part", () => {
  it("is vitest's own, with names of what failed and was skipped", () => {
    const report = written({ testResults: [vitestFile("passed", "failed", "pending", "todo")] });
    expect(outcomeOf({ runner: "vitest", report, status: 1 })).toEqual({
      passed: 1,
      failed: 1,
      skipped: 2,
      failures: ["test 1"],
      skips: ["test 2", "test 3"],
      unsteady: [],
    });
  });

  it("names what passed on its second try, in either runner", () => {
    const file = vitestFile("passed", "passed");
    file.assertionResults[1].failureMessages = ["AssertionError: expected 1 to be 2"];
    const vitest = outcomeOf({ runner: "vitest", report: written({ testResults: [file] }), status: 0 });
    expect(vitest).toMatchObject({ passed: 2, failed: 0, unsteady: ["test 1"] });
    const browser = outcomeOf({ runner: "playwright", report: written(playwright("expected", "flaky")), status: 0 });
    expect(browser).toMatchObject({ passed: 2, failed: 0, unsteady: ["b.test.ts › flaky"] });
  });

  it("counts a file that cannot be loaded as failed", () => {
    const report = written({ testResults: [vitestFile("passed"), { name: "broken.test.ts", status: "failed", assertionResults: [] }] });
    expect(outcomeOf({ runner: "vitest", report, status: 1 })).toMatchObject({ passed: 1, failed: 1, failures: ["broken.test.ts"] });
  });

  it("is Playwright's own", () => {
    const report = written(playwright("expected", "unexpected", "skipped"));
    expect(outcomeOf({ runner: "playwright", report, status: 1 })).toMatchObject({ passed: 1, failed: 1, skipped: 1 });
  });

  it("counts a runner that crashed after its tests as failed", () => {
    const report = written({ testResults: [vitestFile("passed")] });
    expect(outcomeOf({ runner: "vitest", report, status: 1 })).toMatchObject({ passed: 1, failed: 1 });
  });

  it.each([0, 1, 137])("counts a runner that ran nothing and ended with status %i as failed", (status) => {
    expect(outcomeOf({ runner: "vitest", report: join(folder, "absent.json"), status })).toMatchObject({ passed: 0, failed: 1 });
    expect(outcomeOf({ runner: "playwright", report: written(playwright()), status })).toMatchObject({ passed: 0, failed: 1 });
  });

  it("counts every listed test as skipped, by name, when its surroundings are missing", () => {
    expect(skippedOutcome(written(playwright("skipped", "skipped")))).toMatchObject({ passed: 0, failed: 0, skipped: 2 });
    expect(skippedOutcome(join(folder, "absent.json"))).toMatchObject({ failed: 1 });
  });
});
