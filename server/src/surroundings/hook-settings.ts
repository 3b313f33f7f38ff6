import { homedir } from "node:os";
import { join } from "node:path";

/** Agents' settings that hold our hooks, outside any project. */
export function hookSettingsFiles(): string[] {
  return ["/etc/claude-code", join(homedir(), ".claude", "settings.json")];
}
