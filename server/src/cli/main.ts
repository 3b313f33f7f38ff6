import { CommanderError } from "commander";
import { version } from "../version.js";
import { verbs } from "./commands/index.js";
import { status } from "./commands/status.js";
import { reportFailure } from "./errors.js";
import { exitStatus } from "./exit-status.js";
import { makeProgram } from "./program.js";
import { processSurroundings, type Surroundings } from "./surroundings.js";

/** The command line as a program: reads this process's arguments and sets its exit status. */
export async function runAsProgram(): Promise<void> {
  // Whoever reads us may stop reading (`pullcord log | head`): no news for anybody.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? exitStatus.ok : exitStatus.internal));
  process.exitCode = await runCommandLine(process.argv.slice(2), processSurroundings());
  // Connections kept alive must not keep a finished command.
  process.exit();
}

/** Runs one command to its end. @returns its exit status; nothing is thrown */
export async function runCommandLine(words: readonly string[], surroundings: Surroundings): Promise<number> {
  const interrupted = new AbortController();
  const stopListening = surroundings.onInterrupt(() => interrupted.abort());
  let result: number = exitStatus.ok;
  const program = makeProgram({
    verbs,
    alone: { ...status, usage: "pullcord" },
    version,
    surroundings,
    signal: interrupted.signal,
    onStatus: (given) => {
      result = given;
    },
  });
  try {
    await program.parseAsync([...words], { from: "user" });
    return result;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.ok : exitStatus.invalid;
    if (interrupted.signal.aborted) return exitStatus.interrupted;
    return reportFailure(error, surroundings, words.includes("--json"));
  } finally {
    stopListening();
  }
}
