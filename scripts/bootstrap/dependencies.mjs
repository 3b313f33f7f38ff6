import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../places.mjs";
import { say, seconds } from "../running/say.mjs";
import { npm } from "./npm.mjs";

const lockfile = join(root, "package-lock.json");
const stamp = join(root, "node_modules", ".pullcord-lock");

/** Installs what package-lock.json says, when it is not what node_modules holds. */
export async function needDependencies() {
  const wanted = createHash("sha256").update(readFileSync(lockfile)).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  if (!holdsEverything()) {
    say("Installing dependencies (npm ci) …");
    const { ms } = await npm(["ci", "--loglevel=error"], { cwd: root });
    say(`Installed in ${seconds(ms)}.`);
  }
  writeFileSync(stamp, wanted);
}

// A plain `npm install` leaves no stamp of ours, but npm's own record tells what is there.
function holdsEverything() {
  const record = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync(lockfile, "utf8")).packages;
  const present = JSON.parse(readFileSync(record, "utf8")).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith("node_modules/") || (present[path] === undefined && entry.optional)) return true;
    return present[path] !== undefined && present[path].version === entry.version;
  });
}
