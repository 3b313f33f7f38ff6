import type { PolicyProblem } from "@pullcord/sdk";
import { loadPolicy } from "../../policyfile/load-policy.js";
import type { Cli } from "../cli.js";
import { exitStatus } from "../exit-status.js";
import { casesOf, pathOf, problemLine, readText } from "./files.js";

/** Says whether a policy file is sound, its matchers and its cases' file with it. @returns the exit status */
export async function checkPolicy(cli: Cli, file: string): Promise<number> {
  const path = pathOf(cli, file);
  const loaded = await loadPolicy(readText(path), path);
  const problem = "problem" in loaded ? loaded.problem : null;
  if (problem !== null) return say(cli, path, problem);
  if ("problem" in loaded) return exitStatus.no;
  try {
    const cases = await casesOf(path, loaded.ok);
    return say(cli, path, cases && "problem" in cases.ran ? cases.ran.problem : null);
  } finally {
    loaded.ok.matchers?.close();
  }
}

function say({ screen, isJson }: Cli, path: string, problem: PolicyProblem | null): number {
  if (isJson) screen.json({ file: path, problem });
  else screen.line(problem === null ? `${path} is sound.` : problemLine(problem));
  return problem === null ? exitStatus.ok : exitStatus.no;
}
