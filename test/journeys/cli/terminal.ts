import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { pullcordWords } from "./command.js";

const pollMs = 50;
/** For what hangs: a program starts in a second, and takes many on a machine that has much else to do. */
const patienceMs = 90_000;

export const hasTmux = spawnSync("tmux", ["-V"]).status === 0;

/** A real terminal, by tmux, with a server of its own. */
export class Terminal {
  readonly #socket = `pullcord-test-${randomBytes(6).toString("hex")}`;

  /** @param words the command; a shell stays behind it and says `status=N` */
  constructor(folder: string, words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const quoted = [process.execPath, ...pullcordWords, "--data", folder, ...words]
      .map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`)
      .join(" ");
    this.#tmux(
      "-f",
      "/dev/null",
      "new-session",
      "-d",
      "-x",
      "100",
      "-y",
      "50",
      "env",
      "-i",
      `PATH=${process.env["PATH"]}`,
      `HOME=${folder}`,
      "TERM=screen",
      ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
      "sh",
      "-c",
      `${quoted}; echo status=$?; sleep 600`,
    );
  }

  press(...keys: string[]): void {
    this.#tmux("send-keys", ...keys);
  }

  /** Presses a key as a held key repeats, until the screen shows something or the time is up. */
  async hold(key: string, shows: RegExp, ms = patienceMs): Promise<void> {
    const giveUpAt = Date.now() + ms;
    while (Date.now() < giveUpAt && !shows.test(this.screen())) {
      this.press(key);
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  screen(): string {
    return this.#tmux("capture-pane", "-p", "-J");
  }

  async shows(what: RegExp, ms = patienceMs): Promise<string> {
    const giveUpAt = Date.now() + ms;
    for (;;) {
      const screen = this.screen();
      if (what.test(screen)) return screen;
      if (Date.now() > giveUpAt) throw new Error(`The terminal never showed ${String(what)}:\n${screen}`);
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  close(): void {
    this.#tmux("kill-server");
  }

  #tmux(...args: string[]): string {
    return execFileSync("tmux", ["-L", this.#socket, ...args], { encoding: "utf8" });
  }
}
