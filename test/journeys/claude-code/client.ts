import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hookSettings } from "@pullcord/sdk/adapters/claude-code";

/** The real client's program; the tests that need it are skipped by name without it. */
export const claude = programAt(process.env["PULLCORD_TEST_CLAUDE"]);

const dummyKey = "sk-ant-dummy-0123456789abcdefghij";
/** Whoever is still running then is ended by the test: it hangs. */
const runLimitMs = 150_000;

/** A turn of the scripted model; test/fakes/fake-anthropic.mjs tells the whole format. */
export interface Turn {
  readonly text?: string;
  readonly tools?: readonly { readonly name: string; readonly input: object }[];
  /** How long the model thinks. */
  readonly delayMs?: number;
}

export interface Model {
  readonly url: string;
  /** What the tools answered, in the order the model saw it. */
  results(): { readonly isError: boolean; readonly text: string }[];
  /** When it was asked for each turn, in milliseconds. */
  times(): number[];
  /** Everything that was sent to the model, as text. */
  seen(): string;
  stop(): void;
}

/** A home and a workspace of their own, in a temporary folder. */
export interface Place {
  readonly home: string;
  readonly workspace: string;
  readonly remove: () => void;
}

export function makePlace(): Place {
  const root = mkdtempSync(join(tmpdir(), "pullcord-claude-"));
  const place = {
    home: join(root, "home"),
    workspace: join(root, "work"),
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }),
  };
  mkdirSync(join(place.home, ".claude"), { recursive: true });
  mkdirSync(place.workspace);
  return place;
}

/** Puts the hooks into the user's settings, as `pullcord connect claude-code --user` does. */
export function connectPlace(place: Place, target: { readonly url: string; readonly token: string }): void {
  writeFileSync(join(place.home, ".claude", "settings.json"), JSON.stringify(hookSettings(target)));
}

export async function startModel(place: Place, scripts: Readonly<Record<string, readonly Turn[]>>): Promise<Model> {
  const script = join(place.home, "script.json");
  const log = join(place.home, "requests.jsonl");
  writeFileSync(script, JSON.stringify({ scripts }));
  const fake = new URL("../../fakes/fake-anthropic.mjs", import.meta.url).pathname;
  const child = spawn(process.execPath, [fake, "--script", script, "--log", log], { stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise<string>((resolve) =>
    child.stdout.once("data", (line: Buffer) => resolve((JSON.parse(line.toString()) as { url: string }).url)),
  );
  type Logged = {
    readonly agent?: boolean;
    readonly results?: { readonly isError: boolean; readonly text: string }[];
    readonly body?: unknown;
    readonly t: number;
  };
  const entries = () =>
    (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").filter(Boolean) : []).map((line) => JSON.parse(line) as Logged);
  return {
    url,
    results: () => entries().flatMap(({ agent, results }) => (agent ? (results ?? []) : [])),
    times: () => entries().flatMap(({ agent, t }) => (agent ? [t] : [])),
    seen: () =>
      entries()
        .map(({ body }) => JSON.stringify(body))
        .join("\n"),
    stop: () => child.kill(),
  };
}

export interface Ended {
  readonly status: number | null;
  readonly result:
    | { readonly result?: string; readonly terminal_reason?: string; readonly permission_denials?: readonly unknown[] }
    | undefined;
  readonly sessionId: string;
  readonly errors: string;
  /** It did not end by itself, nor by a stop. */
  readonly isOverdue: boolean;
}

/** The environment of a client that reaches this machine alone: whatever else it tries goes to a proxy that is not there. */
export function clientEnvironment(place: Place, model: Model): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    TERM: "xterm-256color",
    LANG: "C.UTF-8",
    HOME: place.home,
    ANTHROPIC_BASE_URL: model.url,
    ANTHROPIC_API_KEY: dummyKey,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_TELEMETRY: "1",
    DISABLE_ERROR_REPORTING: "1",
    DISABLE_AUTOUPDATER: "1",
    HTTPS_PROXY: "http://127.0.0.1:9",
    HTTP_PROXY: "http://127.0.0.1:9",
    NO_PROXY: "127.0.0.1,localhost",
    // Lets root use every permission mode.
    IS_SANDBOX: "1",
  };
}

/** One headless run of the client. */
export function runClaude(
  place: Place,
  model: Model,
  { prompt = "do it", args = [] as readonly string[] } = {},
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const words = ["-p", prompt, "--output-format", "stream-json", "--verbose", ...args];
  const child = spawn(claude ?? "", words, {
    cwd: place.workspace,
    env: clientEnvironment(place, model),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
  let isOverdue = false;
  const timer = setTimeout(() => (isOverdue = child.kill("SIGKILL")), runLimitMs);
  const ended = new Promise<Ended>((resolve) =>
    child.once("close", (status) => {
      clearTimeout(timer);
      const events = output
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line) as { type: string; session_id?: string });
      const sessionId = events.find((event) => event.session_id !== undefined)?.session_id ?? "";
      resolve({ status, result: events.find((event) => event.type === "result") as Ended["result"], sessionId, errors, isOverdue });
    }),
  );
  return { child, ended };
}

/** Asks again and again until there is something. */
export async function until<T>(
  ask: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  limitMs = 90_000,
): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = await ask();
    if (found) return found;
    if (Date.now() > end) throw new Error(`Nothing came within ${limitMs} ms of: ${ask.toString().slice(0, 200)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export const bash = (command: string) => ({ name: "Bash", input: { command, description: "a step" } });

/** The variable may name the program, or the folder of its package. */
function programAt(path: string | undefined): string | undefined {
  if (path === undefined || path === "") return undefined;
  const platform = join(path, "..", `claude-code-${process.platform}-${process.arch}`, "claude");
  return [platform, join(path, "bin", "claude.exe"), path].find((candidate) => existsSync(candidate));
}
