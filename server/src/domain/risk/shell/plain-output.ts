import type { ParsedScript } from "unbash";
import type { ShellReader } from "./shell-reader.js";
import type { ShellState } from "./state.js";
import type { ShellWord } from "./word.js";

/** `$(pwd)`, `$(echo text)`: outputs that are known without running anything. */
export function plainOutput(script: ParsedScript | undefined, reader: ShellReader, state: ShellState): string | null {
  const [statement, ...more] = script?.commands ?? [];
  const command = statement?.command;
  if (!command || more.length > 0 || command.type !== "Command" || command.redirects.length > 0) return null;
  const name = command.name?.value;
  if (name === "pwd" && command.args.length === 0) return state.folder;
  if (!/^(?:echo|printf|dirname|realpath|readlink)$/.test(name ?? "") || command.args.length > 8) return null;
  if (command.args.some((word) => word.type !== "Word" || word.parts?.some((part) => part.type === "CommandExpansion"))) return null;
  const words = reader.argumentsOf(command, state);
  if (name !== "echo" && name !== "printf") return pathOutput(name ?? "", words, { reader, state });
  const [format, ...values] = words;
  // `printf 'rm -rf %s' ~`
  if (name === "printf" && format?.text && /^[^%\\]*%s[^%\\]*$/.test(format.text) && values.length === 1 && values[0]?.text)
    return format.text.replace("%s", () => values[0]?.text ?? "");
  if (words.some((word) => word.text === null || /[\\%]/.test(word.text) || word.text.startsWith("-"))) return null;
  return words.map((word) => word.text).join(" ");
}

/** `$(dirname "$PWD")`, `$(realpath ..)`. */
function pathOutput(
  name: string,
  words: readonly ShellWord[],
  { reader, state }: { readonly reader: ShellReader; readonly state: ShellState },
): string | null {
  const [first, ...more] = words.filter((word) => !/^-[a-z]$/.test(word.text ?? ""));
  if (!first || more.length > 0 || first.text === null || first.pattern) return null;
  if (name === "dirname") return first.text.replace(/\/+$/, "").replace(/\/?[^/]*$/, "") || (first.text.startsWith("/") ? "/" : ".");
  if (state.folder === null && !first.text.startsWith("/")) return null;
  return reader.surroundings.resolve(first.text, state.folder ?? "/").path;
}
