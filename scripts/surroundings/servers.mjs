// What starting any database server for the tests needs.
import { readFileSync } from "node:fs";
import { createServer } from "node:net";

const readyLimitMs = 30_000;
const pollMs = 100;

/** Database servers refuse to run as root. Any account without rights will do, best their own. */
export function unprivilegedUser(own) {
  if (process.getuid?.() !== 0) return {};
  const accounts = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const account = accounts.find(([name]) => name === own) ?? accounts.find(([name]) => name === "nobody");
  if (account === undefined) throw new Error(`database servers refuse root, and there is no account ${own} or nobody to run this one as`);
  return { uid: Number(account[2]), gid: Number(account[3]) };
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Asks until `ask` no longer throws. @throws when the server ended, or did not answer in time */
export async function untilReady(name, server, ask) {
  const deadline = Date.now() + readyLimitMs;
  for (;;) {
    try {
      return await ask();
    } catch (failure) {
      if (server.exitCode !== null || Date.now() > deadline) {
        throw new Error(`${name} did not answer: ${failure.message}`, { cause: failure });
      }
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }
}
