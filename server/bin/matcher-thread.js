// Runs the matchers of a policy's own file, in a thread apart from the gate. Plain JavaScript: the same file serves the
// sources and the build. The answer goes into one shared word, since the asking decision stands still until it is there.
import { parentPort, workerData } from "node:worker_threads";

const answers = { yes: 1, no: 2, unknown: 3 };
const { file, shared } = workerData;

try {
  const matchers = await import(file);
  const names = Object.keys(matchers).filter((name) => typeof matchers[name] === "function");
  parentPort.on("message", ({ name, action }) => {
    Atomics.store(shared, 0, answerOf(matchers[name], action));
    Atomics.notify(shared, 0);
  });
  parentPort.postMessage({ names });
} catch (error) {
  parentPort.postMessage({ problem: `It can't be loaded: ${error instanceof Error ? error.message : String(error)}` });
}

function answerOf(matcher, action) {
  try {
    const said = matcher(action);
    return said === true ? answers.yes : said === false ? answers.no : answers.unknown;
  } catch {
    return answers.unknown;
  }
}
