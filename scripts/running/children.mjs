// Child processes: each in its own process group, each bounded in time, none left behind.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { root } from "../places.mjs";

const graceMs = 5_000;
const defaultLimitMs = 20 * 60_000;
const oneKeyPressMs = 500;
const endingSignals = ["SIGINT", "SIGTERM", "SIGHUP"];
const ownsGroups = process.platform !== "win32";

const living = new Map();
const endings = [];
let ending = null;

/** Starts a child that is ended with this script: its whole group by SIGTERM, or it alone by `endSignal`. */
export function startChild(command, args, { endSignal, ...options } = {}) {
  endOnSignals();
  const child = spawn(command, args, { cwd: root, detached: ownsGroups, ...options });
  living.set(child, endSignal);
  child.once("exit", () => living.delete(child));
  return child;
}

/** Runs a command to its end. Output is shown, or with `quiet` collected and returned. */
export function runChild(command, args, { quiet = false, limitMs = defaultLimitMs, ...options } = {}) {
  const started = Date.now();
  const child = startChild(command, args, { stdio: ["ignore", quiet ? "pipe" : "inherit", quiet ? "pipe" : "inherit"], ...options });
  let output = "";
  child.stdout?.on("data", (chunk) => (output += chunk));
  child.stderr?.on("data", (chunk) => (output += chunk));
  return new Promise((resolve) => {
    const finish = (status, note = "") => resolve({ status, output: output + note, ms: Date.now() - started });
    const limit = setTimeout(() => void endChild(child).then(() => finish(124, `\nended after ${limitMs} ms\n`)), limitMs);
    child.once("error", (failure) => (clearTimeout(limit), living.delete(child), finish(127, String(failure))));
    child.once("close", (code, signal) => (clearTimeout(limit), finish(statusOf(code, signal))));
  });
}

/** Hands the terminal over to a command: signals are passed on, its exit status becomes ours. */
export function becomeChild(command, args, { ownGroup = false, ...options } = {}) {
  const child = spawn(command, args, { stdio: "inherit", detached: ownGroup && ownsGroups, ...options });
  let lastSignal = { name: "", at: 0 };
  for (const name of endingSignals) {
    process.removeAllListeners(name); // from here on the child decides when to end
    process.on(name, () => {
      // One Ctrl+C reaches us from the terminal and again from npm. The child must not take it for a second press.
      if (lastSignal.name === name && Date.now() - lastSignal.at < oneKeyPressMs) return;
      lastSignal = { name, at: Date.now() };
      child.kill(name);
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(statusOf(code, signal)));
  });
}

/** Registers what has to be undone when the script ends, also on Ctrl+C. Last in, first out. */
export function atEnd(undo) {
  endOnSignals();
  endings.push(undo);
}

/** Ends every child and runs the registered endings, once. */
export function endEverything() {
  ending ??= (async () => {
    await Promise.all([...living.keys()].map(endChild));
    for (const undo of endings.reverse()) await Promise.resolve(undo()).catch(() => {});
  })();
  return ending;
}

/** Asks a child to end; what of its group has not ended after the grace is killed. */
async function endChild(child) {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  if (child.exitCode !== null || child.signalCode !== null) return;
  const endSignal = living.get(child);
  if (endSignal === undefined) killGroup(child, "SIGTERM");
  else child.kill(endSignal);
  const limit = setTimeout(() => killGroup(child, "SIGKILL"), graceMs);
  await gone;
  clearTimeout(limit);
  killGroup(child, "SIGKILL"); // stragglers of the group
}

function killGroup(child, signal) {
  try {
    if (ownsGroups) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    // already gone
  }
}

function endOnSignals() {
  if (endOnSignals.done) return;
  endOnSignals.done = true;
  for (const name of endingSignals) {
    process.on(name, () => void endEverything().then(() => process.exit(128 + constants.signals[name])));
  }
}

function statusOf(code, signal) {
  return signal === null ? (code ?? 1) : 128 + constants.signals[signal];
}
