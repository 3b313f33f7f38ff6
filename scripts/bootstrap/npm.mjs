// npm, started with the Node that runs us. It is the only package source these scripts know.
import { existsSync, mkdirSync, realpathSync, renameSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { toolchain } from "../places.mjs";
import { runChild } from "../running/children.mjs";
import { say, Trouble } from "../running/say.mjs";

const installLimitMs = 10 * 60_000;
const foreignSettings = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--engine-strict=false", "--loglevel=error"];

/** Runs npm; a failure becomes a message that names the command. */
export async function npm(args, { node = process.execPath, ...options } = {}) {
  const result = await runChild(node, [npmScript(), ...args], { quiet: true, limitMs: installLimitMs, ...options });
  if (result.status !== 0) {
    throw new Trouble(
      `\`npm ${args.join(" ")}\` failed with status ${result.status}.`,
      result.output.trim().split("\n").slice(-12).join("\n       ") || "npm said nothing",
      "check that the npm registry can be reached (`npm ping`), then run this again.",
    );
  }
  return result;
}

/** Puts one pinned package with its dependencies into .toolchain and returns its node_modules. Complete or absent, never half. */
export async function toolchainModules(name, version, { prepare = async () => {} } = {}) {
  const folder = join(toolchain, `${name.replace(/^@/, "").replaceAll("/", "-")}-${version}`);
  const modules = join(folder, "node_modules");
  if (existsSync(modules)) return modules;

  say(`Installing ${name}@${version} into .toolchain (once) …`);
  const partial = `${folder}.partial-${process.pid}`;
  mkdirSync(partial, { recursive: true });
  try {
    await npm(["install", "--prefix", partial, ...foreignSettings, `${name}@${version}`], { cwd: partial });
    await prepare(join(partial, "node_modules"));
    if (!existsSync(folder)) renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return modules;
}

// npm says where it is when it started us; otherwise it sits beside Node, or on the PATH.
function npmScript() {
  const beside = dirname(process.execPath);
  const candidates = [
    process.env.npm_execpath,
    join(beside, "..", "lib", "node_modules", "npm", "bin", "npm-cli.js"),
    join(beside, "node_modules", "npm", "bin", "npm-cli.js"),
    ...(process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "npm")),
  ];
  for (const candidate of candidates) {
    if (candidate === undefined || !existsSync(candidate)) continue;
    const script = realpathSync(candidate);
    if (script.endsWith("npm-cli.js")) return script;
  }
  throw new Trouble("npm was not found.", "it is neither beside Node nor on the PATH.", "install npm, then run this again.");
}
