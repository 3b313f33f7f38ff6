import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { PullcordError } from "@pullcord/sdk";
import { prepareReading } from "../../domain/risk/read-action.js";
import { defaultPolicy } from "../../policyfile/default-policy.js";
import { parsePolicy } from "../../policyfile/parse-policy.js";
import { parseSetting, settingSurroundings, type Setting } from "../../surroundings/setting.js";
import type { Cli } from "../cli.js";
import { escapeLine } from "../screen/escape.js";
import type { Call } from "../verb.js";
import { autonomyOf, judgeLine, trustTierOf, type LineBench } from "./judge-line.js";
import { thisMachine } from "./read-here.js";

/** Status when a line was no proposed action; the others are judged all the same. */
const badLines = 2;

/** Judges every line on standard input. @returns the exit status */
export async function judgeLines(cli: Cli, call: Call): Promise<number> {
  const bench = benchFor(cli, call);
  await prepareReading();
  let line = 0;
  let bad = 0;
  for await (const text of createInterface({ input: cli.surroundings.stdin, crlfDelay: Infinity })) {
    line += 1;
    if (text.trim() === "") continue;
    const judgment = judgeLine(text, line, bench);
    if ("error" in judgment) bad += 1;
    cli.screen.jsonLine(judgment);
  }
  if (bad > 0) cli.screen.note(`${bad} of ${line} lines ${bad === 1 ? "is no proposed action" : "are no proposed actions"}.`);
  return bad > 0 ? badLines : 0;
}

export function benchFor(cli: Cli, call: Call): LineBench {
  const setting = settingFor(cli, call.text("setting"));
  return {
    policy: policyFor(cli, call.text("policy")),
    surroundings: setting ? settingSurroundings(setting) : thisMachine(cli),
    autonomy: autonomyOf(setting?.autonomy),
    trustTier: trustTierOf(setting?.trust_tier) ?? "standard",
    withPreview: call.has("preview"),
  };
}

function policyFor(cli: Cli, file: string | undefined): LineBench["policy"] {
  if (file === undefined) return defaultPolicy();
  const path = resolve(cli.surroundings.workingDirectory, file);
  const parsed = parsePolicy(readText(path), path);
  if ("ok" in parsed) return parsed.ok;
  const { line, column, sentence } = parsed.problem;
  throw new PullcordError("invalid", "policy", `${path}:${line ?? 1}:${column ?? 1}: ${escapeLine(sentence)}`);
}

function settingFor(cli: Cli, file: string | undefined): Setting | null {
  if (file === undefined) return null;
  const path = resolve(cli.surroundings.workingDirectory, file);
  const parsed = parseSetting(readText(path));
  if ("setting" in parsed) return parsed.setting;
  throw new PullcordError("invalid", "setting", `${path}: ${escapeLine(parsed.problem)}`);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new PullcordError("not_found", "file", `${path} can't be read.`, { cause });
  }
}
