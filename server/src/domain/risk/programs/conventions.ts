import type { ShellWord } from "../shell/word.js";

/** Words that only look, in nearly every program that has subcommands. */
const lookingWord =
  /^(?:list|ls|status|info|version|help|search|describe|show|view|history|stats|validate|lint|doctor|completions?)(?:[-_][a-z][a-z_-]*)?$/;
/** Of two words the second names what is done (`topic list`), where it can be nothing else. */
const lookingAfterNoun = /^(?:list|ls|status|info|show|describe)$/;
/** Options that only look: `x --list-types`, `x --show-config-path`. */
const lookingOption = /^--?(?:list|show|info|about|examples?|licen[sc]es?|copyright|credits|supported|available)(?:[-_][a-z][a-z_-]*)?$/;
/** First words that do something, so that what follows is only what they do it to. */
const doing =
  /^(?:add|apply|approve|attach|auth|build|burn|call|cancel|clean|clear|close|connect|copy|cp|create|delete|deploy|destroy|detach|disable|drop|edit|empty|enable|eval|exec|execute|export|flash|flush|format|get|import|init|install|invoke|kill|launch|link|load|login|logout|merge|move|mv|new|open|patch|pause|prune|publish|pull|purge|push|put|reboot|rebuild|recover|register|release|reload|remove|rename|replace|reset|restart|restore|resume|revert|revoke|rm|rollback|rotate|run|save|scale|send|set|share|shell|shutdown|source|ssh|start|stop|submit|switch|sync|tag|terminate|test|trash|tunnel|undo|uninstall|unlink|unset|update|upgrade|upload|use|wipe|write)$/;
/** What such a look would show. */
const secretWord =
  /sec(?!tion|ond|urity)|pass|vault|safe|key|token|cred|auth|wallet|cert|env|login|cookie|session|clip|config|history|contact|chat|message|mail/i;

/** `x -h`, `x version`, `x help list`, `x verb --help`: what nearly every program answers with a text. */
export function asksHowToUse(words: readonly ShellWord[]): boolean {
  const [first = "", ...more] = words.map((word) => word.text ?? "$");
  if (words.length === 1) return /^(?:-h|-v|-V|-vV|-\?|-help|--help-[a-z-]+|--version-[a-z-]+|help|version)$/.test(first);
  return (first === "help" && more.every((word) => /^[a-z][\w-]*$/.test(word))) || asksAboutVerb(words);
}

/** `x verb --help`, `x noun verb -h`. */
export function asksAboutVerb(words: readonly ShellWord[]): boolean {
  const texts = words.map((word) => word.text ?? "$");
  return (
    texts.length > 1 &&
    texts.length <= 4 &&
    /^(?:--help|-h)$/.test(texts.at(-1) ?? "") &&
    texts.slice(0, -1).every((word) => /^[a-z][\w-]*$/.test(word) && !runningWord.test(word))
  );
}

/** What follows these belongs to another program. */
const runningWord = /^(?:run|exec|x|dlx|start|shell|sh|ssh|script|tool|env|container|compose)$/;

/** `x list`, `x topic list --all`: plain words that only look, of a program whose name and words speak of no secret. */
export function onlyLooks(program: string, words: readonly ShellWord[]): boolean {
  const [first = "", second = ""] = words.map((word) => word.text ?? "$");
  if (!words.every((word) => /^[\w@:.,=+-]+$/.test(word.text ?? "$"))) return false;
  if (secretWord.test(program) || words.some((word) => secretWord.test(word.text ?? ""))) return false;
  if (lookingWord.test(first) || (words.length > 0 && words.every((word) => lookingOption.test(word.text ?? "")))) return true;
  return /^[a-z][a-z-]*$/.test(first) && !doing.test(first) && lookingAfterNoun.test(second);
}
