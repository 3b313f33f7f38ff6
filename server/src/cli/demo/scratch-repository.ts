import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { PullcordError } from "@pullcord/sdk";
import type { DemoStep } from "./demo-steps.js";

const execute = promisify(execFile);
/** Longest a demo command may take, in milliseconds. */
const commandMs = 10_000;

const files: Readonly<Record<string, string>> = {
  "src/cart.js": "export const total = (items) => items.reduce((sum, item) => sum + item.price, 0);\n",
  "README.md": "# A web shop\n",
  ".gitignore": "dist/\nuploads/\n",
  "dist/bundle.js": "// built\n",
  "uploads/invoice-1.txt": "what a customer sent\n",
};

/** A git repository in a temporary folder, with a bare one beside it to push to. */
export interface ScratchRepository {
  readonly path: string;
  /** Back to how it was at first. */
  reset(): Promise<void>;
  /** Really does a step; gives its output. */
  perform(step: DemoStep, signal: AbortSignal): Promise<string>;
  remove(): Promise<void>;
}

export async function makeScratchRepository(): Promise<ScratchRepository> {
  const folder = await mkdtemp(join(tmpdir(), "pullcord-demo-"));
  const path = join(folder, "shop");
  return {
    path,
    reset: () => reset(folder, path),
    perform: (step, signal) => perform(step, path, signal),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function reset(folder: string, path: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const [name, text] of Object.entries(files)) {
    const file = join(path, name);
    await mkdir(join(file, ".."), { recursive: true });
    await writeFile(file, text);
  }
  const git = (...args: string[]) => execute("git", ["-c", "init.defaultBranch=main", ...args], { cwd: path, timeout: commandMs });
  await git("init", "-q");
  await git("config", "user.name", "Demo agent");
  await git("config", "user.email", "demo@pullcord.invalid");
  await git("add", ".");
  await git("commit", "-q", "-m", "The shop");
  await git("clone", "-q", "--bare", path, join(folder, "forge.git"));
  await git("remote", "add", "origin", join(folder, "forge.git"));
}

async function perform({ action }: DemoStep, cwd: string, signal: AbortSignal): Promise<string> {
  const { command, path, content, edits } = action.arguments;
  if (typeof command === "string") return runCommand(command, cwd, signal);
  const file = join(cwd, String(path));
  if (action.type === "file_read") return readFile(file, "utf8");
  if (typeof content === "string") await writeFile(file, content);
  if (Array.isArray(edits)) await applyEdits(file, edits as readonly { readonly before: string; readonly after: string }[]);
  return `wrote ${String(path)}\n`;
}

async function runCommand(command: string, cwd: string, signal: AbortSignal): Promise<string> {
  // The last step's host does not exist; even if somebody approves it, nothing is fetched and nothing runs.
  if (command.startsWith("curl")) throw new PullcordError("unavailable", "demo", "This host is made up: nothing was fetched.");
  const { stdout, stderr } = await execute("sh", ["-c", command], { cwd, signal, timeout: commandMs });
  return stdout + stderr;
}

async function applyEdits(file: string, edits: readonly { readonly before: string; readonly after: string }[]): Promise<void> {
  let text = await readFile(file, "utf8");
  for (const { before, after } of edits) text = text.replace(before, after);
  await writeFile(file, text);
}
