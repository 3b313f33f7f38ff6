import { join } from "node:path";
import type { ReadCommand } from "../domain/reading.js";

/** A program's own settings: the words that change them, and where they stand, from the home folder or from the root. */
interface Settings {
  readonly program: RegExp;
  /** Held against the words, joined by spaces. */
  readonly changes: RegExp;
  readonly files: readonly string[];
}

/** Kept as files, so that keys go back one by one and a person's stay. One more program is one more line. */
const known: readonly Settings[] = [
  { program: /^git$/, changes: /\bconfig\b.* ?--global\b/, files: [".gitconfig", ".config/git/config"] },
  { program: /^git$/, changes: /\bconfig\b.* ?--system\b/, files: ["/etc/gitconfig"] },
  { program: /^npm$/, changes: /\b(?:config (?:set|delete|rm|edit|fix)|set)\b/, files: [".npmrc"] },
  { program: /^pnpm$/, changes: /\bconfig (?:set|delete)\b/, files: [".npmrc", ".config/pnpm/rc"] },
  { program: /^yarn$/, changes: /\bconfig (?:set|unset|delete)\b/, files: [".yarnrc", ".yarnrc.yml"] },
  {
    program: /^pip[\d.]*$/,
    changes: /\bconfig\b.*\b(?:set|unset|edit)\b/,
    files: [".config/pip/pip.conf", ".pip/pip.conf", "/etc/pip.conf"],
  },
  { program: /^python[\d.]*$/, changes: /-m pip config\b.*\b(?:set|unset|edit)\b/, files: [".config/pip/pip.conf", ".pip/pip.conf"] },
  { program: /^poetry$/, changes: /\bconfig\b/, files: [".config/pypoetry/config.toml"] },
  { program: /^go$/, changes: /\benv -[wu]\b/, files: [".config/go/env"] },
  { program: /^gh$/, changes: /^(?:config set|alias (?:set|delete|import))\b/, files: [".config/gh/config.yml"] },
  { program: /^kubectl$/, changes: /\bconfig (?:set|unset|use|delete|rename)/, files: [".kube/config"] },
  { program: /^helm$/, changes: /\brepo (?:add|remove)\b/, files: [".config/helm/repositories.yaml"] },
];

/** Files outside any workspace that commands change without naming them: settings of the programs themselves. */
export function settingsFilesOf(commands: readonly ReadCommand[], home: string): string[] {
  return commands.flatMap(({ program, words }) => {
    const text = words.map((word) => word ?? "?").join(" ");
    const meant = known.filter((settings) => settings.program.test(program ?? "") && settings.changes.test(text));
    return meant.flatMap(({ files }) => files.map((file) => (file.startsWith("/") ? file : join(home, file))));
  });
}
