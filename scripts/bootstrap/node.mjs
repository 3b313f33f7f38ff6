// The Node that the rest needs. Any Node from 18 on can read this file.
import { readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { pinnedNode } from "../pins.mjs";
import { root } from "../places.mjs";
import { becomeChild } from "../running/children.mjs";
import { say, Trouble } from "../running/say.mjs";
import { toolchainModules } from "./npm.mjs";

/** Goes on when this Node is new enough; else installs the pinned one, runs the same script with it and exits with its status. */
export async function needNode() {
  if (isNewEnough(process.versions.node)) return usePathOf(process.execPath);
  if (process.env.PULLCORD_REEXECUTED) {
    throw new Trouble(
      `Node ${process.versions.node} is too old.`,
      "the installed newer Node was not used.",
      "remove .toolchain, run this again.",
    );
  }
  const node = await installNode();
  usePathOf(node);
  process.env.PULLCORD_REEXECUTED = "1";
  const status = await becomeChild(node, process.argv.slice(1), { cwd: process.cwd() });
  process.exit(status);
}

async function installNode() {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const name = `node-${platform}-${process.arch}`;
  say(
    `Node ${process.versions.node} is too old: Pullcord needs ${needed()}. Using Node ${pinnedNode} from npm instead; yours stays as it is.`,
  );
  const modules = await toolchainModules(name, pinnedNode);
  return join(modules, name, "bin", platform === "win" ? "node.exe" : "node");
}

function isNewEnough(version) {
  const [major, minor] = version.split(".").map(Number);
  const [, neededMajor, neededMinor] = /(\d+)\.(\d+)/.exec(needed()).map(Number);
  return major > neededMajor || (major === neededMajor && minor >= neededMinor);
}

function needed() {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")).engines.node;
}

// Children, and what they start, find the same Node first.
function usePathOf(node) {
  const folder = dirname(node);
  const path = (process.env.PATH ?? "").split(delimiter);
  if (path[0] !== folder) process.env.PATH = [folder, ...path].join(delimiter);
}
