// Reads the runners' own JSON reports, so that the sum is theirs and not ours.
import { existsSync, readFileSync } from "node:fs";

/** One part's outcome: `{passed, failed, skipped, failures, skips, unsteady}`, the last three by name; what is unsteady passed on its second try. */
export function outcomeOf({ runner, report, status }) {
  const counted = existsSync(report) ? readers[runner](JSON.parse(readFileSync(report, "utf8"))) : empty();
  const ran = counted.passed + counted.failed + counted.skipped;
  // A runner that crashed, or had nothing to run, must not pass for a green one.
  if (ran === 0) return withFailure(counted, status === 0 ? "ran no test" : `ended with status ${status} before any test ran`);
  if (status !== 0 && counted.failed === 0) return withFailure(counted, `ended with status ${status} although no test failed`);
  return counted;
}

/** The outcome of tests that could not run for lack of a surrounding: each counts as skipped, from the runner's own list of them. */
export function skippedOutcome(report) {
  const { passed, failed, skipped, failures, skips } = existsSync(report)
    ? readPlaywright(JSON.parse(readFileSync(report, "utf8")))
    : empty();
  const listed = passed + failed + skipped;
  return listed === 0 ? withFailure(empty(), "has no test to skip") : { ...empty(), skipped: listed, skips: [...failures, ...skips] };
}

const readers = { vitest: readVitest, playwright: readPlaywright };

function readVitest(report) {
  const outcome = empty();
  for (const file of report.testResults) {
    for (const test of file.assertionResults) count(outcome, vitestState(test), test.fullName);
    // A file that cannot even be loaded reports no tests.
    if (file.status === "failed" && file.assertionResults.length === 0) count(outcome, "failed", file.name);
  }
  return outcome;
}

/** A passed test that keeps the message of a failure needed its second try. */
function vitestState({ status, failureMessages = [] }) {
  if (status === "passed") return failureMessages.length > 0 ? "unsteady" : "passed";
  return status === "failed" ? "failed" : "skipped";
}

function readPlaywright(report) {
  const outcome = empty();
  const visit = (suite, path) => {
    for (const inner of suite.suites ?? []) visit(inner, [...path, inner.title]);
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) count(outcome, playwrightStates[test.status] ?? "failed", [...path, spec.title].join(" › "));
    }
  };
  for (const suite of report.suites) visit(suite, [suite.title]);
  for (const error of report.errors) count(outcome, "failed", String(error.message).split("\n")[0]);
  return outcome;
}

const playwrightStates = { expected: "passed", unexpected: "failed", flaky: "unsteady", skipped: "skipped" };

function empty() {
  return { passed: 0, failed: 0, skipped: 0, failures: [], skips: [], unsteady: [] };
}

function count(outcome, state, name) {
  if (state === "unsteady") outcome.unsteady.push(name);
  outcome[state === "unsteady" ? "passed" : state] += 1;
  if (state === "failed") outcome.failures.push(name);
  if (state === "skipped") outcome.skips.push(name);
}

function withFailure(outcome, name) {
  return { ...outcome, failed: outcome.failed + 1, failures: [...outcome.failures, name] };
}
