// Proves `npm start` as a newcomer meets it: it comes up, answers, and ends cleanly when asked. Used by .ci/run.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./places.mjs";
import { main, say, seconds, Trouble } from "./running/say.mjs";

const upLimitMs = 10 * 60_000; // the first start installs and builds
const downLimitMs = 15_000;
const requestLimitMs = 5_000;

await main(async () => {
  const data = mkdtempSync(join(tmpdir(), "pullcord-start-"));
  const started = Date.now();
  const server = spawn("npm", ["start", "--", "--port", "0", "--data", data, "--no-open"], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise((resolve) => server.once("exit", (code, signal) => resolve(signal ?? code)));
  try {
    const address = await addressPrintedBy(server);
    say(`Up at ${address} after ${seconds(Date.now() - started)}.`);
    await mustAnswer(`${address}/v1/openapi.json`);
    await mustAnswer(`${address}/`);
  } catch (failure) {
    await stop(server, ended);
    throw failure;
  }
  const asked = Date.now();
  const status = await stop(server, ended);
  rmSync(data, { recursive: true, force: true });
  if (status !== 0)
    throw new Trouble(`npm start ended with ${status} after SIGTERM.`, "it has to end with status 0.", "look at its output above.");
  say(`Ended with status 0, ${seconds(Date.now() - asked)} after SIGTERM.`);
});

function addressPrintedBy(server) {
  let printed = "";
  return new Promise((resolve, reject) => {
    const give = (why) => reject(new Trouble("npm start did not come up.", why, "look at its output above."));
    const limit = setTimeout(() => give(`no address within ${seconds(upLimitMs)}.`), upLimitMs);
    const read = (chunk) => {
      process.stderr.write(chunk);
      printed += chunk;
      const [address] = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(printed) ?? [];
      if (address === undefined) return;
      clearTimeout(limit);
      resolve(address);
    };
    server.stdout.on("data", read);
    server.stderr.on("data", read);
    server.once("error", (failure) => give(failure.message));
    server.once("exit", (code) => (clearTimeout(limit), give(`it ended with status ${code}.`)));
  });
}

function mustAnswer(url) {
  return new Promise((resolve, reject) => {
    const give = (why) => reject(new Trouble(`GET ${url} failed.`, why, "look at the server's output above."));
    get(url, { timeout: requestLimitMs }, (response) => {
      response.resume();
      if (response.statusCode === 200) resolve();
      else give(`it answered ${response.statusCode}.`);
    })
      .on("timeout", () => give(`no answer within ${seconds(requestLimitMs)}.`))
      .on("error", (failure) => give(failure.message));
  });
}

async function stop(server, ended) {
  server.kill("SIGTERM");
  const limit = setTimeout(() => server.kill("SIGKILL"), downLimitMs);
  const status = await ended;
  clearTimeout(limit);
  // Should something outlive it, that must not hold us up by holding our pipes.
  server.stdout.destroy();
  server.stderr.destroy();
  return status;
}
