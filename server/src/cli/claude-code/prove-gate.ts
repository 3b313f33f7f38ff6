import type { Canary } from "@pullcord/sdk";
import type { Check, Checkup } from "./checks.js";
import { runClaude } from "./client.js";
import { startStandInModel } from "./stand-in-model.js";

const runLimitMs = 60_000;
const provenWaitMs = 3_000;
const lookEveryMs = 100;
/** What every canary's command begins with; no such program exists. */
const canaryProgram = "pullcord-canary";
/** Never a real key: the stand-in asks for none. */
const noKey = "pullcord-doctor-needs-no-key";

/**
 * Lets the user's own Claude Code, with their real settings, try a command that has to be denied. Proven when the
 * server saw it come through the hook and the client's model heard the denial.
 */
export async function proveGate(checkup: Checkup): Promise<Check> {
  const { person } = checkup;
  const canary = await person.plantCanary("claude-code");
  const model = await startStandInModel(canary.command);
  try {
    const { status, output } = await runClaude(clientWords(model.url), callOf(checkup, model.url));
    const heard = model.answer();
    const seen = await awaitProof(checkup, canary);
    if (seen && heard?.isError === true) {
      return { name: "canary", isOk: true, sentence: "A command that must be denied was denied, through the agent's real hook." };
    }
    return failure({ isSeen: seen, heard, status, output });
  } finally {
    model.close();
  }
}

function clientWords(url: string): string[] {
  const settings = { env: variables(url) };
  // No MCP servers of the user's are started for this.
  return [
    "-p",
    "Pullcord proves its gate.",
    "--output-format",
    "json",
    // The client itself lets the canary through, so that only the gate can stop it.
    "--allowedTools",
    `Bash(${canaryProgram}:*)`,
    "--settings",
    JSON.stringify(settings),
    "--strict-mcp-config",
    "--mcp-config",
    '{"mcpServers":{}}',
  ];
}

/** Also given as settings, since the user's own settings would win over the environment. */
function variables(url: string): Record<string, string> {
  return {
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: noKey,
    CLAUDE_CODE_USE_BEDROCK: "0",
    CLAUDE_CODE_USE_VERTEX: "0",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_AUTOUPDATER: "1",
  };
}

function callOf({ cli, folder }: Checkup, url: string) {
  const noProxy = { NO_PROXY: "127.0.0.1,localhost", no_proxy: "127.0.0.1,localhost" };
  return {
    environment: { ...cli.surroundings.environment, ...noProxy, ...variables(url) },
    workingDirectory: folder,
    limitMs: runLimitMs,
    signal: cli.signal,
  };
}

async function awaitProof({ cli, person }: Checkup, { id }: Canary): Promise<boolean> {
  const giveUpAt = Date.now() + provenWaitMs;
  while (Date.now() < giveUpAt && !cli.signal.aborted) {
    if ((await person.getCanary(id)).provenAt !== null) return true;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  return false;
}

interface Tried {
  readonly isSeen: boolean;
  readonly heard: { readonly isError: boolean; readonly text: string } | null;
  readonly status: number | null;
  readonly output: string;
}

function failure({ isSeen, heard, status, output }: Tried): Check {
  const name = "canary";
  const todo = "Connect again: pullcord connect claude-code. Until then, don't rely on the gate.";
  if (isSeen) return { name, isOk: false, sentence: "The server denied the canary, but the agent did not hear it.", todo };
  if (heard?.isError === true && !hasRun(heard.text))
    return { name, isOk: false, sentence: `The command was kept from running, but not by this server: ${firstLine(heard.text)}`, todo };
  if (heard) return { name, isOk: false, sentence: "THE GATE IS OPEN: the agent ran the canary's command without asking.", todo };
  const why = status === null ? `did not end within ${runLimitMs / 1000} s` : `ended with status ${status}: ${firstLine(output)}`;
  return {
    name,
    isOk: false,
    sentence: `Claude Code never tried the command: it ${why}`,
    todo: "Run claude -p hello by hand to see what keeps it from starting.",
  };
}

/** A shell's words for a program that is not there: it was tried. */
function hasRun(text: string): boolean {
  return text.includes(canaryProgram) && text.includes("not found");
}

function firstLine(text: string): string {
  const longest = 300;
  return (text.trim().split("\n")[0] ?? "").slice(0, longest);
}
