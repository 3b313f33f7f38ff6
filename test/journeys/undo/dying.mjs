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
  for (const name of wholeOrNot) {
    const real = fs[name];
    fs[name] = (...given) => {
      if (isNow()) die();
      return real(...given);
    };
  }
  for (const name of inParts) {
    const real = fs[name];
    fs[name] = (to, data, ...rest) => {
      if (isNow()) {
        if (nth % 2 === 1) real(to, ...half(data, rest));
        die();
      }
      return real(to, data, ...rest);
    };
  }
  syncBuiltinESMExports();
  return {
    changes: () => count,
    /** What others do meanwhile does not count. */
    uncounted: (work) => {
      isCounting = false;
      work();
      isCounting = true;
    },
  };
}

/** Of a text, or of bytes with `offset, length, position` (`writeSync`). */
function half(data, rest) {
  if (typeof data === "string") return [data.slice(0, data.length / 2), ...rest];
  const [offset = 0, length = data.length - offset, ...more] = rest;
  return [data, offset, Math.floor(length / 2), ...more];
}
