import { isPullcordError, type Gate, type GateRun } from "@pullcord/sdk";
import { makeScratchRepository, type ScratchRepository } from "./scratch-repository.js";
import { demoSteps, type DemoStep } from "./demo-steps.js";

/** Long enough to watch, short enough not to bore, in milliseconds. */
const betweenStepsMs = 1_500;
const betweenRunsMs = 8_000;

/**
 * A scripted agent that does real work on a scratch repository, so that a newcomer sees runs, questions, a stop and the
 * record without an agent of their own. It goes through the gate as any program does, run after run, until `signal`.
 */
export async function runDemoAgent(gate: Gate, signal: AbortSignal): Promise<void> {
  const repository = await makeScratchRepository();
  try {
    while (!signal.aborted) {
      await repository.reset();
      const opening = { task: "Tidy the web shop and publish it", workingDirectory: repository.path };
      await gate.run(opening, (run) => work(run, repository, signal)).catch(ignoreStop);
      await pause(betweenRunsMs, signal);
    }
  } finally {
    await repository.remove();
  }
}

async function work(run: GateRun, repository: ScratchRepository, signal: AbortSignal): Promise<void> {
  for (const [index, step] of demoSteps.entries()) {
    if (signal.aborted) return;
    await run.safePoint();
    await run.progress(index + 1, demoSteps.length, step.item);
    await attempt(run, repository, step);
    await pause(betweenStepsMs, AbortSignal.any([signal, run.signal]));
  }
}

/** A step that is denied is left out; the agent goes on, as a good agent would. */
async function attempt(run: GateRun, repository: ScratchRepository, step: DemoStep): Promise<void> {
  run.log(`${step.item}\n`);
  try {
    const output = await run.act(step.action, (signal) => repository.perform(step, signal));
    run.log(output);
  } catch (error) {
    if (!isPullcordError(error) || error.reason === "stopped") throw error;
    run.log(`not done: ${error.message}\n`);
  }
}

/** A person stopped the demo's run: that is one of the things to see. */
function ignoreStop(error: unknown): void {
  if (!isPullcordError(error)) throw error;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}
