import type { Call } from "../shell/call.js";
import type { ShellState } from "../shell/state.js";

/** Most words of a command that are tried as the beginning of another one. */
const startsTried = 12;
/** Programs whose names other programs have as subcommands. */
const verbs = /^(?:init|halt|reboot|shutdown|poweroff|kill|passwd|service|host|at|install|run|set|test)$/;
/** Options behind which programs take shell text. */
const textOption = /^(?:-c|-e|-x|-a|--?(?:exec|execute|command|cmd|run|eval|script|shell|on-\w+|\w+-(?:cmd|command|exec)))$/;

/**
 * Reads something that is not certain to be a command, or runs where other rules hold (later, in a container, on another
 * machine), and takes from it only what must never run. The call itself is judged by its own rules.
 */
export function noteForbidden({ reader, state }: Call, read: (state: ShellState) => void): void {
  const inner = state.copy();
  inner.depth += 1;
  reader.apart(() => read(inner));
}

/** Shell text that may run: each text by itself. */
export function noteForbiddenText(call: Call, text: string | null | undefined): void {
  // Editors and pagers run what stands behind `!`.
  if (text) noteForbidden(call, (state) => call.reader.readText(text.replace(/^\s*[:|]?\s*!+/, ""), state));
}

/** The rest of the words may be another command (`tool --option -- rm -rf /`), or hold one as a text. */
export function noteForbiddenTail(call: Call, { anyText = false }: { readonly anyText?: boolean } = {}): void {
  const { reader, words } = call;
  let tried = 0;
  words.forEach((word, index) => {
    if (word.text === null || tried >= startsTried) return;
    const name = word.text.slice(word.text.lastIndexOf("/") + 1);
    const after = words[index - 1]?.text ?? "";
    if (/\s/.test(word.text) ? anyText || textOption.test(after) : /^--?[\w-]+=.*\s/.test(word.text)) {
      tried += 1;
      noteForbiddenText(call, word.text.replace(/^--?[\w-]+=/, ""));
    } else if (
      /^[a-z][\w.+-]*$/.test(name) &&
      (name === "pullcord" || reader.programNamed(name)) &&
      (anyText || after === "--" || !verbs.test(name))
    ) {
      tried += 1;
      noteForbidden(call, (state) => reader.runWords(words.slice(index), state));
    }
  });
}
