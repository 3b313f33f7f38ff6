import { PullcordError } from "@pullcord/sdk";
import type { Verb } from "../verb.js";

const shells = ["bash", "zsh", "fish"] as const;
type Shell = (typeof shells)[number];

/** A script that completes the verbs, their own verbs and their options. */
export function completionFor(verbs: readonly Verb[]): Verb {
  return {
    usage: "completion <shell>",
    summary: "a completion script for bash, zsh or fish",
    details: 'bash: eval "$(pullcord completion bash)"\nzsh:  eval "$(pullcord completion zsh)"\nfish: pullcord completion fish | source',
    examples: ["completion bash", "completion zsh", "completion fish"],
    run: ({ screen, isJson }, call) => {
      const shell = shells.find((each) => each === call.argument(0));
      if (shell === undefined)
        throw new PullcordError(
          "invalid",
          "shell",
          `There is no completion for ${call.argument(0)}. There is one for ${shells.join(", ")}.`,
        );
      const script = scripts[shell](verbs);
      if (isJson) screen.json({ shell, script });
      else screen.line(script);
      return Promise.resolve();
    },
  };
}

const globalFlags = ["--json", "--server", "--data", "--no-color", "--help"];

const scripts: Readonly<Record<Shell, (verbs: readonly Verb[]) => string>> = {
  bash: (verbs) => `_pullcord() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words
  case "\${COMP_WORDS[1]}" in
${verbs.map((verb) => `    ${name(verb)}) words="${wordsAfter(verb).join(" ")}" ;;`).join("\n")}
    *) words="${verbs.map(name).join(" ")} ${globalFlags.join(" ")}" ;;
  esac
  [ "$COMP_CWORD" -eq 1 ] && words="${verbs.map(name).join(" ")} ${globalFlags.join(" ")}"
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _pullcord pullcord`,
  zsh: (verbs) => `#compdef pullcord
_pullcord() {
  local -a verbs
  verbs=(
${verbs.map((verb) => `    '${name(verb)}:${verb.summary.replaceAll("'", "").replaceAll(":", " ")}'`).join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' verbs
    return
  fi
  case "$words[2]" in
${verbs.map((verb) => `    ${name(verb)}) compadd -- ${wordsAfter(verb).join(" ")} ;;`).join("\n")}
  esac
  _files
}
compdef _pullcord pullcord`,
  fish: (verbs) =>
    [
      ...verbs.map((verb) => `complete -c pullcord -n __fish_use_subcommand -f -a ${name(verb)} -d '${verb.summary.replaceAll("'", "")}'`),
      ...verbs.flatMap((verb) => wordsAfter(verb).map((word) => fishWord(verb, word))),
    ].join("\n"),
};

function name({ usage }: Verb): string {
  return usage.split(" ")[0] ?? "";
}

function wordsAfter({ verbs = [], options = [] }: Verb): string[] {
  const flags = options.flatMap(({ flags: text }) => /--[\w-]+/.exec(text) ?? []);
  return [...verbs.map(name), ...flags, ...globalFlags];
}

function fishWord(verb: Verb, word: string): string {
  const what = word.startsWith("--") ? `-l ${word.slice(2)}` : `-f -a ${word}`;
  return `complete -c pullcord -n '__fish_seen_subcommand_from ${name(verb)}' ${what}`;
}
