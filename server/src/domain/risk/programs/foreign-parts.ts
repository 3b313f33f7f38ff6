import { isWithin } from "../path.js";
import type { Call } from "../shell/call.js";
import type { ShellWord } from "../shell/word.js";

/** Options that name what a tool loads: its folder, its settings, code that it takes in. Outputs have other names. */
const loading =
  /^-(?:[cfrpCIP]|-?(?:c?wd|cd|dir|directory|root|rootdir|root-dir|prefix|project\S*|file|config\S*|conf|settings\S*|working-dir\S*|manifest-path|(?:gulp|grunt|make|rake|plop|nox)file|init-script|setup\S*|require|import|import-mode|loader|preload|plugin\S*|load-\S+|preset\S*|parser|runner|transform|environment|lib|cp|classpath|class-path|include|include-dir|toolchain|linker|wrapper|modprobe|D[A-Z_]*COMPILER\S*))$/i;
/** Tools that run the files they are told of, or take them for their settings. */
const runsFiles =
  /^(?:pytest|py\.test|mocha|jest|vitest|ava|tap|jasmine|karma|rspec|cucumber|phpunit|pest|behave|robot|nose2|bats|prove|doxygen|cypress|playwright|cProfile|tox|nox|gulp|grunt)$/;
/** Words behind which a project's own command line takes code. */
const interactive = /^(?:tinker|shell|shell_plus|console|dbshell|repl|runner|eval)$/;
const takesCode = /^(?:-c|-e|--command|--execute|--eval)(?:=|$)/;

/**
 * A tool of the project that is told to load something from elsewhere (`eslint -c /tmp/x.js`, `npm --prefix ../..`)
 * runs that; and a project's own shell runs what it is given.
 */
export function noteForeignParts(call: Call): void {
  const { program, words, reader, text } = call;
  const tool = program.slice(program.lastIndexOf(" ") + 1);
  words.forEach((word, index) => {
    const written = word.text ?? "";
    const [, option = "", attached] = /^(--?[\w-]+)(?:=(.*))?$/s.exec(written) ?? [];
    const value = attached !== undefined ? { ...word, text: attached } : words[index + 1];
    const short = /^-([rICcf])(\/.+|\.\.\/.+)$/.exec(written);
    const named = short ? { ...word, text: short[2] ?? "" } : loading.test(option) ? value : undefined;
    const isFile = option === "" && (runsFiles.test(tool) ? /\//.test(written) : tool.startsWith("py") && written.endsWith(".py"));
    if (/^--node-(?:options|arg)$/.test(option)) reader.findings.note("runs_hidden", text);
    // Whoever reaches a debugger's port runs what they like.
    if (/^--inspect(?:-\w+)*$/.test(option) && /[.:[]/.test(attached ?? "") && !/^(?:127\.|localhost|\[?::1)/.test(attached ?? ""))
      reader.findings.note("opens_port", text);
    const aside = /^@(.+)/.exec(written)?.[1];
    for (const place of [named, isFile ? word : undefined, aside ? { ...word, text: aside } : undefined])
      if (place && liesOutside(call, place)) reader.findings.note("runs_outside", text);
  });
  if (!words.some((word) => interactive.test(word.text ?? ""))) return;
  if (words.some((word) => takesCode.test(word.text ?? "") || /\s/.test(word.text ?? "")) || call.state.input.kind !== "none")
    reader.findings.confused("It runs code in the project's own shell.", text, "runs_code");
}

function liesOutside({ reader, state }: Call, { text, pattern }: ShellWord): boolean {
  const { workspace } = reader.surroundings;
  if (text === null || pattern || workspace === null || !/^(?:\/|~|\.\.(?:\/|$)|.*\/\.\.(?:\/|$))/.test(text)) return false;
  const path = text.replace(/^~(?=\/|$)/, reader.surroundings.home);
  if (!path.startsWith("/") && state.folder === null) return false;
  const place = reader.surroundings.resolve(path, state.folder ?? "/").path;
  return place === null || !isWithin(place, workspace);
}
