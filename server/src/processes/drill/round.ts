import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { DrillRound } from "@pullcord/sdk/protocol";
import { allProcesses } from "../all-processes.js";
import type { Grade } from "../containment/grade.js";
import { endRun } from "../end-run.js";
import { identify } from "../identity.js";
import { prepareRun } from "../prepare-run.js";
import type { ProcessInfo } from "../process-info.js";
import { signal } from "../signal.js";
import type { Shape } from "./shapes.js";

/** How long a workload may take to come to life, in milliseconds. */
const appearLimitMs = 10_000;
const lookEveryMs = 10;
/** After a stop, time for what was missed to show itself, in milliseconds. */
const settleMs = 20;
const tagDigits = 1_000_000_000;

/**
 * Starts one workload, sees that it is alive, stops it, and looks by other means than the stop's own whether anything is
 * left: at the command lines, where each workload has a number of its own.
 * @throws Error when the workload did not come to life, since then its stop would prove nothing
 */
export async function drillRound(shape: Shape, grade: Grade): Promise<DrillRound> {
  const tag = `3600.${String(randomInt(tagDigits)).padStart(9, "0")}`;
  const name = `drill-${tag.slice(-9)}`;
  const prepared = await prepareRun(name, grade);
  const { child, place } = await grade.start({
    name,
    words: ["sh", "-c", shape.script(tag)],
    spawn: ([program = "", ...args]) => {
      const each = spawn(program, args, {
        stdio: ["ignore", "ignore", "ignore", ...prepared.inherited],
        detached: true,
        env: { ...process.env, ...prepared.environment },
      });
      each.on("error", () => {});
      return each;
    },
  });
  const root = child.pid === undefined ? undefined : identify(child.pid);
  prepared.release();
  try {
    const alive = await appeared(shape, tag);
    const ending = await endRun({ ...prepared.target, place, ...(root && { root }) });
    await sleep(settleMs);
    const left = witnesses(tag);
    const named = new Set(ending.processes.filter(({ outcome }) => outcome === "survived" || outcome === "unknown").map(({ pid }) => pid));
    return {
      shape: shape.name,
      containment: grade.kind,
      alive,
      ended: ending.ended,
      left: left.length,
      unnamed: left.filter(({ pid }) => !named.has(pid)).length,
      unknown: ending.unknown,
      tookMs: ending.tookMs,
    };
  } finally {
    for (const each of witnesses(tag)) signal(each, "SIGKILL");
  }
}

async function appeared({ name, sleepers }: Shape, tag: string): Promise<number> {
  for (const giveUpAt = Date.now() + appearLimitMs; Date.now() < giveUpAt; await sleep(lookEveryMs)) {
    const alive = witnesses(tag).filter(({ words }) => words[0] === "sleep" && words[1] === tag).length;
    if (alive >= sleepers) return alive;
  }
  throw new Error(`The workload "${name}" did not come to life, so its stop proves nothing.`);
}

/** What has the workload's own number on its command line, whatever else it has changed about itself. */
function witnesses(tag: string): ProcessInfo[] {
  return allProcesses().filter(({ pid, words }) => pid !== process.pid && words.some((word) => word.includes(tag)));
}
