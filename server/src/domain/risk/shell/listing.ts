import type { ReadCommand, Surroundings } from "../../reading.js";
import { isWithin } from "../path.js";
import type { ShellState } from "./state.js";

/** What flows on unchanged but for order and number. */
const filters = /^(?:sort|uniq|head|tail|grep|egrep|rg|tac|shuf|cat|tr)$/;
const secretWords = /\.env|secret|\.pem|\.key|cred|id_rsa|token|passw/i;

/**
 * The folder below which all names lie that a command prints (`find src …`, `git ls-files`): nobody knows which they
 * are, but they stay there. Undefined where that is not certain, or where the words ask for secrets.
 */
export function listedBelow(
  commands: readonly ReadCommand[],
  state: ShellState,
  { surroundings, incoming }: { readonly surroundings: Surroundings; readonly incoming?: string | undefined },
): string | undefined {
  const [command, ...more] = commands;
  const { workspace } = surroundings;
  if (!command || more.length > 0 || workspace === null || state.folder === null || !isWithin(state.folder, workspace)) return undefined;
  const words = command.words.map((word) => word ?? "/unknown");
  if (words.some((word) => secretWords.test(word))) return undefined;
  if (incoming !== undefined && filters.test(command.program ?? "") && words.every((word) => !/[/~]/.test(word))) return incoming;
  return lists(command.program, words, { folder: state.folder, surroundings }) ? workspace : undefined;
}

interface Standing {
  readonly folder: string;
  readonly surroundings: Surroundings;
}

function lists(program: string | null, words: readonly string[], standing: Standing): boolean {
  const plain = words.filter((word) => !word.startsWith("-"));
  switch (program) {
    case "find": {
      const at = words.findIndex((word) => /^[-(!]/.test(word));
      return !words.includes("-L") && words.slice(0, at < 0 ? undefined : at).every((start) => stays(start, standing));
    }
    case "git":
      return (
        (plain[0] === "ls-files" || words.includes("--name-only") || (plain[0] === "grep" && words.some((word) => /^-\w*l/.test(word)))) &&
        !words.some((word) => /^(?:-C|--git-dir|--work-tree|--no-index)/.test(word))
      );
    case "grep":
    case "rg":
      return words.some((word) => /^-\w*l|^--files/.test(word)) && plain.slice(1).every((start) => stays(start, standing));
    case "fd":
    case "fdfind":
      return plain.slice(1).every((start) => stays(start, standing));
    case "ls":
      return plain.every((start) => stays(start, standing));
    default:
      return false;
  }
}

function stays(start: string, { folder, surroundings }: Standing): boolean {
  const { path } = surroundings.resolve(start, folder);
  return path !== null && surroundings.workspace !== null && isWithin(path, surroundings.workspace);
}
