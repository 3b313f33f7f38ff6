import { existsSync } from "node:fs";
import { join } from "node:path";
import { toolchainModules } from "../bootstrap/npm.mjs";
import { pinnedClaudeCode } from "../pins.mjs";
import { runChild } from "../running/children.mjs";

const versionLimitMs = 60_000;

/** The real client for the journeys. Answers its program, or why there is none. */
export async function needClaudeCode() {
  try {
    const modules = await toolchainModules("@anthropic-ai/claude-code", pinnedClaudeCode);
    // The package's own program is put in place by an install script, which we do not run: the platform's package holds it as well.
    const program = [
      join(modules, "@anthropic-ai", `claude-code-${process.platform}-${process.arch}`, "claude"),
      join(modules, "@anthropic-ai", "claude-code", "bin", "claude.exe"),
    ].find((path) => existsSync(path));
    if (program === undefined) return { missing: `@anthropic-ai/claude-code has no program for ${process.platform}-${process.arch}` };
    const { status, output } = await runChild(program, ["--version"], { quiet: true, limitMs: versionLimitMs });
    return status === 0 ? { path: program } : { missing: `${program} --version failed: ${output.trim()}` };
  } catch (failure) {
    return { missing: failure.message };
  }
}
