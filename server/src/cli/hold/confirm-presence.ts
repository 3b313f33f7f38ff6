import { join } from "node:path";
import { PullcordError } from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import type { Call, VerbOption } from "../verb.js";
import { agentHere } from "./agent-here.js";
import { readTiming } from "./hold-timing.js";
import { agentGuidance, opening } from "./hold-view.js";
import { holdOnTerminal, type HoldResult } from "./terminal-hold.js";
import type { RecordingWitness } from "./witness.js";

/** The options of every command that asks for a hold (L24). */
export const timingOptions: readonly VerbOption[] = [
  { flags: "--tap", summary: "press Enter again and again, for whoever can't hold a key" },
  { flags: "--announce", summary: "sentences in place of the moving bar, for screen readers" },
];

export interface PresenceQuestion {
  /** What is about to happen, one sentence, escaped. */
  readonly what: string;
  /** Shown above the bar. */
  readonly lines: readonly string[];
  readonly isFinal: boolean;
  /** What the human types to do this. */
  readonly command: string;
  readonly witness: RecordingWitness;
}

/**
 * Lets a person prove to be there. Refused before anything else when an agent asks, or when there is no terminal (L13).
 * @throws PullcordError `forbidden`/`agent_present` or `forbidden`/`no_terminal`
 */
export async function confirmPresence(cli: Cli, call: Call, question: PresenceQuestion): Promise<HoldResult> {
  await refuseWithoutPerson(cli, question);
  const { surroundings, screen, settings } = cli;
  const timing = readTiming(join(settings.configFolder, "hold.json"), { tap: call.has("tap"), announce: call.has("announce") });
  for (const line of opening(question.lines, question.isFinal, screen.paint)) surroundings.stderr.write(`${line}\n`);
  const guidance = agentGuidance(question.what, question.command);
  return holdOnTerminal({ surroundings, timing, guidance, witness: question.witness });
}

/** The part of the check that costs nobody anything: no agent above, and a terminal on both sides. */
async function refuseWithoutPerson({ surroundings }: Cli, { what, command, witness }: PresenceQuestion): Promise<void> {
  const { stdin, stderr } = surroundings;
  const agent = agentHere(surroundings);
  const isTerminal = stdin.isTTY && stderr.isTTY === true;
  if (agent === null && isTerminal) return;
  await witness.noteAttempt().catch(() => {});
  for (const line of agentGuidance(what, command)) stderr.write(`${line}\n`);
  if (agent !== null)
    throw new PullcordError("forbidden", "agent_present", `Only a person can confirm this, and an AI agent runs this command: ${agent}.`);
  throw new PullcordError(
    "forbidden",
    "no_terminal",
    "Only a person at a terminal can confirm this, and there is no terminal here (a pipe, a job, or a script).",
  );
}
