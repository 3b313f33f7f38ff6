import { spawn } from "node:child_process";
import { PullcordError } from "@pullcord/sdk";
import type { Environment } from "../surroundings.js";

const versionLimitMs = 15_000;
const longestOutput = 1_000_000;

export interface ProgramCall {
  readonly environment: Environment;
  readonly workingDirectory: string;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

export interface ProgramEnd {
  /** Null when it was killed at its limit. */
  readonly status: number | null;
  readonly output: string;
}

/**
 * Runs the user's own `claude`, as their shell would find it.
 * @throws PullcordError `not_found`/`claude_code` when there is none
 */
export function runClaude(words: readonly string[], { environment, workingDirectory, limitMs, signal }: ProgramCall): Promise<ProgramEnd> {
  const child = spawn("claude", words, {
    cwd: workingDirectory,
    env: { ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: limitMs,
    killSignal: "SIGKILL",
    signal,
  });
  let output = "";
  const collect = (data: Buffer) => {
    if (output.length < longestOutput) output += data.toString();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  return new Promise((resolve, reject) => {
    child.once("error", (cause) => reject(notFound(cause)));
    child.once("close", (status) => resolve({ status, output }));
  });
}

/** The version of the user's Claude Code, `2.1.329`. */
export async function clientVersion(call: Omit<ProgramCall, "limitMs">): Promise<string> {
  const { output } = await runClaude(["--version"], { ...call, limitMs: versionLimitMs });
  const version = /^(\d+\.\d+\.\d+)\b/m.exec(output)?.[1];
  if (version === undefined)
    throw new PullcordError("invalid", "claude_code_version", "claude --version names no version. Is the claude on your PATH Claude Code?");
  return version;
}

/** True when `version` is `needed` or newer. */
export function isAtLeast(version: string, needed: string): boolean {
  const numbers = needed.split(".").map(Number);
  const found = version.split(".").map(Number);
  const place = numbers.findIndex((number, index) => number !== (found[index] ?? 0));
  return place < 0 || (found[place] ?? 0) > (numbers[place] ?? 0);
}

function notFound(cause: unknown): PullcordError {
  return new PullcordError(
    "not_found",
    "claude_code",
    "There is no claude on your PATH. Install it (Node 22 or newer): npm install -g @anthropic-ai/claude-code",
    { cause },
  );
}
