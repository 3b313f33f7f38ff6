// Kills this process with -9 in the middle of its work.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const wholeOrNot = [
  "renameSync",
  "linkSync",
  "unlinkSync",
  "symlinkSync",
  "mkdirSync",
  "rmdirSync",
  "fchmodSync",
  "futimesSync",
  "fsyncSync",
  "fdatasyncSync",
];
const inParts = ["writeSync", "writeFileSync", "appendFileSync"];

/** Dies at the nth change to the disk; where that is a write and n is odd, with half of it written. Never for 0. @returns counts changes */
export function dieAtChange(nth) {
  let [count, isCounting] = [0, true];
  const die = () => process.kill(process.pid, "SIGKILL");
  const isNow = () => isCounting && (count += 1) === nth;
  /** One write may be made of others: it counts once. */
  const whole = (work) => {
    const wasCounting = isCounting;
    isCounting = false;
    try {
      return work();
    } finally {
      isCounting = wasCounting;
    }
  };
  for (const name of [...wholeOrNot, ...inParts]) {
    const real = fs[name];
    fs[name] = (...given) => {
      if (isNow()) {
        if (nth % 2 === 1 && inParts.includes(name)) whole(() => real(...half(given)));
        die();
      }
      return whole(() => real(...given));
    };
  }
  syncBuiltinESMExports();
  return {
    changes: () => count,
    /** What others do meanwhile does not count. */
    uncounted: whole,
  };
}

/** Of a text, or of bytes with `offset, length, position` (`writeSync`). */
function half([to, data, ...rest]) {
  if (typeof data === "string") return [to, data.slice(0, data.length / 2), ...rest];
  const [offset = 0, length = data.length - offset, ...more] = rest;
  return [to, data, offset, Math.floor(length / 2), ...more];
}
