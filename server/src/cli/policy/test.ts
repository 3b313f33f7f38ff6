import { PullcordError, type CaseResult } from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import { exitStatus } from "../exit-status.js";
import { escapeLine } from "../screen/escape.js";
import { casesOf, loadFile, pathOf, problemLine } from "./files.js";

/** Runs the cases beside a policy file. @returns the exit status: `no` when one fails */
export async function testPolicy(cli: Cli, file: string): Promise<number> {
  const path = pathOf(cli, file);
  const loaded = await loadFile(path);
  try {
    const found = await casesOf(path, loaded);
    if (found === null) throw new PullcordError("not_found", "cases", `${path} has no cases beside it. Write them as docs/policy.md says.`);
    if ("problem" in found.ran) throw new PullcordError("invalid", "cases", problemLine(found.ran.problem));
    const results = found.ran.ok;
    const failed = results.filter(({ ok }) => !ok);
    if (cli.isJson) cli.screen.json({ file: found.file, cases: results });
    else show(cli, found.file, results);
    return failed.length === 0 ? exitStatus.ok : exitStatus.no;
  } finally {
    loaded.matchers?.close();
  }
}

function show({ screen }: Cli, file: string, results: readonly CaseResult[]): void {
  const failed = results.filter(({ ok }) => !ok);
  for (const { name, line, expected, got } of failed) {
    screen.line(`${screen.paint.red("✗")} ${file}:${line ?? 1}: ${escapeLine(name)}`);
    screen.field("expected", [expected.effect, expected.level, expected.rule && `by ${expected.rule}`].filter(Boolean).join(", "));
    screen.field(
      "got",
      `${got.effect}${got.effect === "require_approval" ? `, ${got.level}` : ""}: ${escapeLine(got.reasons[0]?.sentence ?? "")}`,
    );
  }
  screen.line(`${results.length - failed.length} of ${results.length} cases hold.`);
}
