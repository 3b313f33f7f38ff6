import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { claude, clientEnvironment, until, type Model, type Place } from "./client.js";

/** Whether there is a tmux to show the client's dialogs in. */
export const hasTmux = spawnSync("tmux", ["-V"]).status === 0;

/** The interactive client on a terminal that a test can read and type on. */
export interface Terminal {
  /** Waits until the screen shows it. */
  readonly shows: (pattern: RegExp) => Promise<string>;
  readonly keys: (...names: string[]) => void;
  readonly type: (text: string) => void;
  readonly close: () => void;
}

export function openTerminal(place: Place, model: Model): Terminal {
  const environment = clientEnvironment(place, model);
  skipOnboarding(place, environment["ANTHROPIC_API_KEY"] ?? "");
  const socket = `pullcord-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  const tmux = (...words: string[]) => spawnSync("tmux", ["-L", socket, ...words], { encoding: "utf8" }).stdout;
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${quoted(value)}`);
  const command = `env -i ${variables.join(" ")} ${quoted(claude ?? "")}`;
  tmux("-f", "/dev/null", "new-session", "-d", "-s", "main", "-x", "150", "-y", "50", "-c", place.workspace, command);
  const screen = () => tmux("capture-pane", "-p", "-t", "main");
  return {
    shows: (pattern) =>
      until(() => (pattern.test(screen()) ? screen() : undefined)).catch(() =>
        Promise.reject(new Error(`The terminal never showed ${pattern}:\n${screen()}`)),
      ),
    keys: (...names) => void tmux("send-keys", "-t", "main", ...names),
    type: (text) => void tmux("send-keys", "-t", "main", "-l", text),
    close: () => void tmux("kill-server"),
  };
}

function skipOnboarding({ home, workspace }: Place, key: string): void {
  const state = {
    hasCompletedOnboarding: true,
    theme: "dark",
    customApiKeyResponses: { approved: [key.slice(-20)], rejected: [] },
    projects: { [workspace]: { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true } },
  };
  writeFileSync(join(home, ".claude.json"), JSON.stringify(state));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
