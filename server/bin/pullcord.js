#!/usr/bin/env node
// Plain JavaScript that any Node can read, so that an old one gets a sentence and not a syntax error.
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const needed = [22, 18];
const tooOldStatus = 78;
const incompleteStatus = 70;

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major > needed[0] || (major === needed[0] && minor >= needed[1])) await runHere();
else runWithCheckoutsNode();

async function runHere() {
  try {
    const { runAsProgram } = await import("../dist/cli/main.js");
    await runAsProgram();
  } catch (error) {
    process.stderr.write(`pullcord: this installation is not complete: ${error.message}\nIn a checkout: npm run build\n`);
    process.exitCode = incompleteStatus;
  }
}

/** In a checkout, `npm start` has fetched a newer Node for this folder: this command uses it too. */
function runWithCheckoutsNode() {
  const node = checkoutsNode();
  if (node === null) {
    process.stderr.write(
      `pullcord: this Node is ${process.versions.node}, and Pullcord needs ${needed.join(".")} or newer.\n` +
        "Install a newer Node (https://nodejs.org), or in a checkout use npm start, which fetches one for this folder only.\n",
    );
    process.exitCode = tooOldStatus;
    return;
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: "inherit" });
  // Ctrl+C reaches the child by itself; it says when it is done.
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, () => name === "SIGINT" || child.kill(name));
  child.on("exit", (status, signal) => {
    if (signal !== null) process.removeAllListeners(signal);
    if (signal !== null) process.kill(process.pid, signal);
    else process.exitCode = status ?? incompleteStatus;
  });
}

function checkoutsNode() {
  const toolchain = fileURLToPath(new URL("../../.toolchain", import.meta.url));
  if (!existsSync(toolchain)) return null;
  const name = `node-${process.platform}-${process.arch}`;
  const paths = readdirSync(toolchain)
    .filter((folder) => folder.startsWith(name))
    .map((folder) => `${toolchain}/${folder}/node_modules/${name}/bin/node`);
  return paths.find(existsSync) ?? null;
}
