import type { DeliveredInstruction, JsonObject } from "../../protocol/index.js";

/** What the hook says about a tool call. */
export type Verdict =
  /** The client's own permission flow goes on. */
  | { readonly kind: "pass" }
  | { readonly kind: "allow"; readonly input?: JsonObject }
  /** The client shows its own dialog, with `reason`. */
  | { readonly kind: "ask"; readonly reason: string }
  /** `ends`: the session ends as well. */
  | { readonly kind: "deny"; readonly reason: string; readonly ends: boolean };

/** The JSON that a hook answers with. Claude Code runs the action on shapes that it does not know, so none is made elsewhere. */
export type HookAnswer = JsonObject;

/** Nothing to say. */
export const nothing: HookAnswer = {};

/** `continue: false` alone would still run the tool: it only ever goes with a deny. */
export function preToolUseAnswer(verdict: Verdict, instructions: readonly DeliveredInstruction[] = []): HookAnswer {
  const context = instructionContext(instructions);
  if (verdict.kind === "pass" && context === undefined) return nothing;
  const specific: JsonObject = {
    hookEventName: "PreToolUse",
    ...decisionOf(verdict),
    ...(context === undefined ? {} : { additionalContext: context }),
  };
  const ending = verdict.kind === "deny" && verdict.ends ? { continue: false, stopReason: verdict.reason } : {};
  return { ...ending, hookSpecificOutput: specific };
}

function decisionOf(verdict: Verdict): JsonObject {
  switch (verdict.kind) {
    case "pass":
      return {};
    case "allow":
      return { permissionDecision: "allow", ...(verdict.input === undefined ? {} : { updatedInput: verdict.input }) };
    case "ask":
    case "deny":
      return { permissionDecision: verdict.kind, permissionDecisionReason: verdict.reason };
  }
}

/** `pass` and `ask` leave the dialog to the person at the terminal. */
export function permissionRequestAnswer(verdict: Verdict): HookAnswer {
  if (verdict.kind === "pass" || verdict.kind === "ask") return nothing;
  const decision: JsonObject =
    verdict.kind === "allow"
      ? { behavior: "allow", ...(verdict.input === undefined ? {} : { updatedInput: verdict.input }) }
      : { behavior: "deny", message: verdict.reason, ...(verdict.ends ? { interrupt: true } : {}) };
  return { hookSpecificOutput: { hookEventName: "PermissionRequest", decision } };
}

/** Hands instructions over at an event that takes `additionalContext`, after what else the model has to know; at Stop the turn then goes on with them. */
export function contextAnswer(
  event: "UserPromptSubmit" | "PostToolUse" | "PostToolUseFailure" | "Stop",
  instructions: readonly DeliveredInstruction[],
  known?: string,
): HookAnswer {
  const context = [known, instructionContext(instructions)].filter((text) => text !== undefined).join("\n");
  return context === "" ? nothing : { hookSpecificOutput: { hookEventName: event, additionalContext: context } };
}

/** Ends the session at an event that is no tool call. */
export function endAnswer(reason: string): HookAnswer {
  return { continue: false, stopReason: reason };
}

/** Refuses a change of settings: the ones in force stay so for this session. */
export function blockAnswer(reason: string): HookAnswer {
  return { decision: "block", reason };
}

function instructionContext(instructions: readonly DeliveredInstruction[]): string | undefined {
  if (instructions.length === 0) return undefined;
  return instructions.map(({ text }) => `A person watching this run says: ${text}`).join("\n");
}
