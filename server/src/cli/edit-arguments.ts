import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canonicalJson, PullcordError, type JsonObject } from "@pullcord/sdk";
import type { Cli } from "./cli.js";

/**
 * Opens the arguments as JSON in the person's editor. Null when nothing was changed.
 * @throws PullcordError `invalid`/`edit` for what is no JSON object, `unavailable`/`editor` without an editor or terminal
 */
export async function editArguments({ surroundings }: Cli, given: JsonObject): Promise<JsonObject | null> {
  if (!surroundings.stdin.isTTY) throw new PullcordError("unavailable", "editor", "--edit needs a terminal for the editor.");
  const folder = mkdtempSync(join(tmpdir(), "pullcord-edit-"));
  const file = join(folder, "arguments.json");
  try {
    writeFileSync(file, `${JSON.stringify(given, null, 2)}\n`, { mode: 0o600 });
    openEditor(surroundings.environment["VISUAL"] || surroundings.environment["EDITOR"] || "vi", file);
    const edited = parseObject(readFileSync(file, "utf8"));
    return canonicalJson(edited) === canonicalJson(given) ? null : edited;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function openEditor(editor: string, file: string): void {
  // $EDITOR may carry arguments (`code --wait`), so a shell reads it, as git does.
  const { status, error } = spawnSync("sh", ["-c", `${editor} "$1"`, "sh", file], { stdio: "inherit" });
  if (error || status !== 0)
    throw new PullcordError("unavailable", "editor", `The editor ${editor} ended with status ${status ?? "none"}. Nothing was approved.`);
}

function parseObject(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch {
    // Falls through to the sentence below.
  }
  throw new PullcordError("invalid", "edit", "What you saved is not a JSON object. Nothing was approved.");
}
