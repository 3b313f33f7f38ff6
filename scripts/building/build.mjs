import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { root, tool, toolchain } from "../places.mjs";
import { runChild } from "../running/children.mjs";
import { say, seconds, Trouble } from "../running/say.mjs";

const stamp = join(toolchain, "built");
const inputs = ["package-lock.json", "tsconfig.base.json", "sdk", "server", "console"];
const outputs = ["sdk/dist/index.js", "server/dist/cli/main.js", "server/public/index.html"];
const ignored = new Set(["node_modules", "dist", "public", "README.md", "LICENSE"]);

/** Builds when a source has changed since the last build, or an output is missing. */
export async function buildWhenStale() {
  const isBuilt = outputs.every((path) => existsSync(join(root, path)));
  if (isBuilt && existsSync(stamp) && readFileSync(stamp, "utf8") === sourcesDigest()) return;
  await build();
}

/** Compiles sdk and server, then the console into server/public. */
export async function build() {
  const digest = sourcesDigest();
  rmSync(stamp, { force: true });
  for (const folder of ["sdk", "server"]) {
    removeOrphans(folder);
    copyFileSync(join(root, "LICENSE"), join(root, folder, "LICENSE")); // npm packs only what lies in the package
  }
  await step("packages", [tool("typescript/bin/tsc"), "-b", "sdk", "server"], root);
  await step("console", [tool("vite/bin/vite.js"), "build", "--logLevel", "warn"], join(root, "console"));
  mkdirSync(toolchain, { recursive: true });
  writeFileSync(stamp, digest);
}

async function step(name, args, cwd) {
  const { status, output, ms } = await runChild(process.execPath, args, { cwd, quiet: true });
  if (status === 0) return say(`Built ${name} in ${seconds(ms)}.`);
  const command = `node ${args.map((part) => part.replace(`${root}/`, "")).join(" ")}`;
  throw new Trouble(`Building ${name} failed.`, output.trim() || `status ${status}`, `mend it; to repeat this step: ${command}`);
}

// tsc never removes what it once wrote; a renamed module must not stay in the package.
function removeOrphans(folder) {
  const dist = join(root, folder, "dist");
  for (const path of filesUnder(dist)) {
    const source = join(root, folder, "src", path.slice(dist.length).replace(/(\.d\.ts|\.js)(\.map)?$/, ""));
    const isOutput = /(\.d\.ts|\.js)(\.map)?$/.test(path);
    if (!isOutput || existsSync(`${source}.ts`) || existsSync(`${source}.tsx`)) continue;
    rmSync(path);
    rmSync(join(dist, ".tsbuildinfo"), { force: true });
  }
}

function sourcesDigest() {
  const digest = createHash("sha256");
  for (const input of inputs) {
    for (const path of filesUnder(join(root, input))) digest.update(path.slice(root.length)).update(readFileSync(path));
  }
  return digest.digest("hex");
}

function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (/\.[a-z]+$/.test(path) && !path.endsWith("dist")) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !ignored.has(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(join(path, entry.name)) : [join(path, entry.name)]));
}
