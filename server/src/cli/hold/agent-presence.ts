import type { Environment } from "../surroundings.js";

/** A process above this one, as far as it matters here. */
export interface Ancestor {
  readonly words: readonly string[];
}

/** Environment variables that coding agents give to what they start, and `pullcord run` to what it supervises. */
const markers = [
  "CLAUDECODE",
  "CLAUDE_CODE_SESSION_ID",
  "CLAUDE_CODE_ENTRYPOINT",
  "CODEX_SANDBOX",
  "CODEX_SANDBOX_NETWORK_DISABLED",
  "CODEX_THREAD_ID",
  "CODEX_SESSION_ID",
  "GEMINI_CLI",
  "QWEN_CODE",
  "OPENCODE",
  "OPENCODE_CLIENT",
  "CURSOR_AGENT",
  "CLINE_ACTIVE",
  "AUGMENT_AGENT",
  "GOOSE_TERMINAL",
  "AI_AGENT",
  "PULLCORD_RUN_ID",
] as const;

/** Programs that are coding agents, by the name they are started with. */
const programs = [
  "claude",
  "claude-code",
  "codex",
  "gemini",
  "gemini-cli",
  "qwen",
  "qwen-code",
  "opencode",
  "copilot",
  "cursor-agent",
  "aider",
  "goose",
  "crush",
  "amp",
  "cline",
  "auggie",
  "droid",
  "kiro-cli",
] as const;

/** Programs whose first argument is the program that counts. */
const interpreters = /^(?:node|nodejs|bun|deno|python[\d.]*|sh|bash|zsh|dash)$/;
const packagePattern =
  /node_modules\/(?:@anthropic-ai\/(claude-code)|@openai\/(codex)|@google\/(gemini-cli)|@qwen-code\/(qwen-code)|(opencode-ai)|@github\/(copilot))(?:\/|$)/;

/**
 * The agent that started this command, as a phrase, or null for a person.
 * Good against a helpful agent that would press on; an agent that hides does not show here (threats, mode A).
 */
export function findAgent(environment: Environment, ancestors: readonly Ancestor[]): string | null {
  const marker = markers.find((name) => (environment[name] ?? "") !== "");
  if (marker !== undefined) return `the environment says so (${marker})`;
  for (const { words } of ancestors) {
    const [first = "", second = ""] = words;
    const program = agentName(first) ?? (interpreters.test(baseName(first)) ? agentName(second) : null);
    if (program !== null) return `${program} started it`;
  }
  return null;
}

function agentName(word: string): string | null {
  const fromPackage = packagePattern
    .exec(word)
    ?.slice(1)
    .find((name) => name !== undefined);
  if (fromPackage !== undefined) return fromPackage;
  const name = baseName(word).replace(/\.(?:exe|m?js)$/, "");
  return programs.find((program) => program === name) ?? null;
}

/** Login shells begin with a dash. */
function baseName(word: string): string {
  return (word.split("/").at(-1) ?? "").replace(/^-/, "");
}
