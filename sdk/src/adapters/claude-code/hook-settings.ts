import type { JsonObject } from "../../protocol/index.js";

/** The first version whose http hooks can block on failure; earlier ones run the action when the server is down. */
export const needsVersion = "2.1.295";

/** Where the server takes hook calls. */
export const hookPath = "/hooks/claude-code";

/** `cli` in the interactive client, `sdk-cli` headless: nothing in the body tells them apart. */
export const entryHeader = "x-pullcord-entry";
/** The run of `pullcord run`, when the client was started by it. */
export const launcherHeader = "x-pullcord-run";

const hookTimeoutSeconds = 86_400;
/** Held calls are answered this much before the client's own deadline. */
const marginSeconds = 120;
/** curl gives up before the client does. */
const shimMarginSeconds = 30;
/** Longest a call is held. */
export const holdMs = (hookTimeoutSeconds - marginSeconds) * 1_000;
const reportTimeoutSeconds = 10;

/**
 * What the model and the person read when the server is down: Claude Code prints a hook's address as it is written,
 * fragment included, and never sends the fragment. The bracket keeps the terminal from leaving the sentence out.
 */
const downSentence =
  "Pullcord's server does not answer, so this action was not run. Tell your human: start it with `npx pullcord start`, or take the gate out with `npx pullcord disconnect claude-code`.";

export interface HookTarget {
  /** The server, `http://127.0.0.1:7420`. */
  readonly url: string;
  readonly token: string;
  /** For versions before `needsVersion`: a shell and curl for each call, which turn their own failures into a block. */
  readonly isShim?: boolean;
}

/** The part of Claude Code's settings that is ours. */
export interface HookSettings {
  readonly env: Readonly<Record<string, string>>;
  readonly permissions: { readonly deny: readonly string[] };
  readonly hooks: Readonly<Record<string, readonly JsonObject[]>>;
}

/** Settings that put the gate in: one http hook an event, no process for a call. */
export function hookSettings(target: HookTarget): HookSettings {
  const { gate, dialog, report, guard } = target.isShim ? shimHooks(target) : httpHooks(target);
  const ofTools = (one: JsonObject) => [{ matcher: "*", hooks: [one] }];
  const plain = (one: JsonObject) => [{ hooks: [one] }];
  const noProxy = [...new Set([new URL(target.url).hostname, "127.0.0.1", "localhost"])].join(",");
  return {
    // Without these, project settings could send the hook calls to a proxy that answers in our place.
    env: { NO_PROXY: noProxy, no_proxy: noProxy },
    // Only `Edit(…)` rules match the file tools, and redirections of the shell with them.
    permissions: { deny: ["Edit(**/.claude/settings*.json)"] },
    hooks: {
      PreToolUse: ofTools(gate),
      PermissionRequest: ofTools(dialog),
      PermissionDenied: ofTools(report),
      PostToolUse: ofTools(report),
      PostToolUseFailure: ofTools(report),
      PostToolBatch: plain(report),
      UserPromptSubmit: plain(report),
      SubagentStart: plain(report),
      SubagentStop: plain(report),
      Stop: plain(report),
      ConfigChange: ofTools(guard),
      SessionEnd: plain(report),
    },
  };
}

interface Hooks {
  /** Holds the call, and blocks it when it fails. */
  readonly gate: JsonObject;
  /** Failing leaves the dialog to the person at the terminal; `block` would close it. */
  readonly dialog: JsonObject;
  readonly report: JsonObject;
  readonly guard: JsonObject;
}

function httpHooks(target: HookTarget): Hooks {
  const address = addressOf(target);
  const headers = {
    authorization: `Bearer ${target.token}`,
    [entryHeader]: "$CLAUDE_CODE_ENTRYPOINT",
    [launcherHeader]: "$PULLCORD_RUN_ID",
  };
  const hook = { type: "http", url: address, headers, allowedEnvVars: ["CLAUDE_CODE_ENTRYPOINT", "PULLCORD_RUN_ID"] };
  const report = { ...hook, timeout: reportTimeoutSeconds };
  return {
    gate: {
      ...hook,
      url: `${address}#] ${downSentence} [`,
      timeout: hookTimeoutSeconds,
      onFailure: "block",
      statusMessage: "Asking Pullcord",
    },
    dialog: { ...hook, timeout: hookTimeoutSeconds },
    report,
    guard: { ...report, onFailure: "block" },
  };
}

/**
 * Exit status 2 blocks in every version. What is no JSON object would run the action, so that is a failure as well.
 * A hook that somebody kills still runs the action in these versions: only a newer client closes that.
 */
function shimHooks(target: HookTarget): Hooks {
  const headers = [
    `authorization: Bearer ${target.token}`,
    `${entryHeader}: $CLAUDE_CODE_ENTRYPOINT`,
    `${launcherHeader}: $PULLCORD_RUN_ID`,
  ];
  const post = (limit: number) =>
    `curl -fsS --noproxy '*' --connect-timeout 2 -m ${limit} ${headers.map((header) => `-H "${header}"`).join(" ")} -H 'content-type: application/json' --data-binary @- '${addressOf(target)}'`;
  const command = (script: string, timeout: number): JsonObject => ({ type: "command", command: script, timeout });
  const failing = `{ echo "${downSentence.replaceAll("`", "")}" >&2; exit 2; }`;
  const strict = (limit: number) =>
    `answer=$(${post(limit)}) || ${failing}; case "$answer" in "{"*"}") printf %s "$answer";; *) ${failing};; esac`;
  const lenient = (limit: number) => `${post(limit)} 2>/dev/null || true`;
  return {
    gate: command(strict(hookTimeoutSeconds - shimMarginSeconds), hookTimeoutSeconds),
    dialog: command(lenient(hookTimeoutSeconds - shimMarginSeconds), hookTimeoutSeconds),
    report: command(lenient(reportTimeoutSeconds - 1), reportTimeoutSeconds),
    guard: command(strict(reportTimeoutSeconds - 1), reportTimeoutSeconds),
  };
}

function addressOf({ url }: HookTarget): string {
  return `${url.replace(/\/$/, "")}${hookPath}`;
}
