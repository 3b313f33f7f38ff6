import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { PullcordError, type PolicyProblem } from "@pullcord/sdk";
import { prepareReading } from "../../domain/risk/read-action.js";
import { unknownSurroundings } from "../../surroundings/unknown.js";
import { loadPolicy, type LoadedPolicy } from "../../policyfile/load-policy.js";
import { casesFile, runCases, type CaseBench } from "../../policyfile/cases.js";
import { readPolicy, type CheckedPolicy } from "../../policyfile/read-policy.js";
import type { Cli } from "../cli.js";
import { escapeLine } from "../screen/escape.js";

/** The file that a command names, resolved. */
export function pathOf({ surroundings }: Cli, file: string): string {
  return resolve(surroundings.workingDirectory, file);
}

/** @throws PullcordError `not_found`/`file` */
export function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new PullcordError("not_found", "file", `${path} can't be read.`, { cause });
  }
}

/** A mistake as one line that editors and terminals can follow: `policy.yaml:12:3: …`. */
export function problemLine({ file, line, column, sentence }: PolicyProblem): string {
  return `${file}:${line ?? 1}:${column ?? 1}: ${escapeLine(sentence)}`;
}

/** @throws PullcordError `invalid`/`policy` with the line */
export async function loadFile(path: string): Promise<LoadedPolicy> {
  const loaded = await loadPolicy(readText(path), path);
  if ("problem" in loaded) throw new PullcordError("invalid", "policy", problemLine(loaded.problem));
  return loaded.ok;
}

/** @throws PullcordError `invalid`/`policy` with the line */
export function checkedFile(path: string): CheckedPolicy {
  return checkedText(readText(path), path);
}

/** @throws PullcordError `invalid`/`policy` with the line */
export function checkedText(text: string, name: string): CheckedPolicy {
  const read = readPolicy(text, name);
  if ("problem" in read) throw new PullcordError("invalid", "policy", problemLine(read.problem));
  return read.ok;
}

/** Its cases and what they came to; null when there is no file of cases. */
export async function casesOf(
  path: string,
  { policy }: LoadedPolicy,
): Promise<{ readonly file: string; readonly ran: ReturnType<typeof runCases> } | null> {
  const file = casesFile(path);
  if (!existsSync(file)) return null;
  await prepareReading();
  return { file, ran: runCases(readText(file), file, { policy, placeOf: describedPlace }) };
}

/** A place as a policy's cases describe it: paths as they are written, nothing looked at. */
export const describedPlace: CaseBench["placeOf"] = (place) =>
  unknownSurroundings({ ...place, gate: { paths: [`${place.home}/.config/pullcord`], hosts: [], pids: [] } });
