import { isTakenBackWhole, placesNamed, type SeenCommand, type SnapshotKeeper } from "@pullcord/sdk/undo";
import { PullcordError } from "@pullcord/sdk/protocol";
import { judgeAction } from "../domain/judge-action.js";
import type { Policy } from "../domain/policy/policy.js";
import type { Read, ReadCommand, Surroundings } from "../domain/reading.js";
import type { Capture } from "./capture.js";

/** What a command that only changes files, or nothing, is judged as. */
const withinFiles: readonly string[] = ["read_only", "reversible"];

/** Places outside files that a command may change and an undo takes back, in words. */
export function undoes({ program, words }: ReadCommand, folder: string | null): readonly string[] {
  return placesNamed({ program: program ?? "", words, folder });
}

/** Whether all that a command does is put back exactly. */
export function undoesWhole({ program, words }: ReadCommand, folder: string | null): boolean {
  return isTakenBackWhole({ program: program ?? "", words, folder });
}

/** Looks at what the commands of an action may change outside files: packages, services, containers, branches of remotes. */
export function captureCommands({ commands: kind }: SnapshotKeeper, read: Read): Capture {
  return async ({ key, proposed, reading, surroundings }) => {
    const folder = proposed.workingDirectory ?? surroundings.workspace;
    const seen = reading.commands.map(({ program, words, text }) => ({ text, command: { program: program ?? "", words, folder } }));
    const isWithinFiles = (command: string) => {
      const alone = read({ ...proposed, type: "command_execute", arguments: { command } }, surroundings);
      return withinFiles.includes(alone.assessment.reversibility);
    };
    const isAll = (isKnown: (command: SeenCommand) => boolean) =>
      reading.cutShort !== true && seen.every(({ text, command }) => isKnown(command) || isWithinFiles(text));
    const commands = seen.map(({ command }) => command);
    const trouble = await kind.began(key, { commands, isAll });
    // What was judged to go back exactly is not run unlooked at.
    const isCountedOn = reading.assessment.reversibility === "reversible" && commands.some(isTakenBackWhole);
    if (isCountedOn && trouble.length > 0) throw new PullcordError("unavailable", "not_looked_at", `Undo ${trouble.join("; ")}`);
  };
}

/** What a person proves at the gate, and an undo does not ask for. */
const beyondUndo: readonly string[] = ["required_2fa", "admin_only"];

/** Why a command may not be run to take something back: each is held against the policy in force, as an action is. Null where it may. */
export function refusalOf(policy: () => Policy, surroundings: () => Surroundings): (command: string) => string | null {
  return (command) => {
    const proposed = { type: "command_execute" as const, arguments: { command } };
    const bench = { policy: policy(), surroundings: surroundings(), autonomy: null, trustTier: "standard" as const };
    const { effect, level, reasons } = judgeAction(proposed, bench);
    if (effect === "deny") return `The policy denies ${command}: ${reasons.at(-1)?.sentence ?? ""}`.trim();
    return beyondUndo.includes(level) ? `The policy wants more proof of a person (${level}) for ${command} than an undo asks for.` : null;
  };
}
