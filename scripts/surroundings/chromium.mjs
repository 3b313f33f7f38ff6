import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { runChild } from "../running/children.mjs";
import { say } from "../running/say.mjs";

const installLimitMs = 10 * 60_000;
const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const elsewhere = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** The system's Chromium, installed from Debian's packages where we may. Answers its path, or why there is none. */
export async function needChromium() {
  const present = process.env.PULLCORD_TEST_CHROMIUM ?? findChromium();
  if (present !== undefined) return { path: present };
  if (process.getuid?.() !== 0 || onPath("apt-get") === undefined) {
    return { missing: "no Chromium on the PATH, and it can only be installed by root with apt-get" };
  }
  say("Installing Chromium from the system's packages (once) …");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", "chromium"]]) {
    const { status, output } = await runChild("apt-get", args, { quiet: true, limitMs: installLimitMs, env });
    if (status !== 0) return { missing: `apt-get ${args.join(" ")} failed: ${output.trim().split("\n").at(-1)}` };
  }
  const installed = findChromium();
  return installed === undefined ? { missing: "apt-get installed chromium, but it is not on the PATH" } : { path: installed };
}

function findChromium() {
  for (const name of names) {
    const path = onPath(name);
    if (path !== undefined) return path;
  }
  return elsewhere.find((path) => existsSync(path));
}

function onPath(name) {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}
