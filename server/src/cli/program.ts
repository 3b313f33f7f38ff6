import { Argument, Command, Option } from "commander";
import { PullcordError } from "@pullcord/sdk";
import { nearest } from "../nearest.js";
import { makeCli, type Cli } from "./cli.js";
import { readSettings } from "./settings.js";
import type { Surroundings } from "./surroundings.js";
import { Call, type Verb } from "./verb.js";

export interface ProgramParts {
  readonly verbs: readonly Verb[];
  /** What `pullcord` alone does. */
  readonly alone: Verb;
  readonly version: string;
  readonly surroundings: Surroundings;
  readonly signal: AbortSignal;
  readonly onStatus: (status: number) => void;
}

const globalOptions = [
  new Option("--json", "answer in stable JSON"),
  new Option("--server <url>", "the server's address (default: the one you are signed in to)"),
  new Option("--data <folder>", "the server's data folder (default: ~/.local/share/pullcord)"),
  new Option("--no-color", "no colours; NO_COLOR does the same"),
];

/** The whole command line as commander sees it. */
export function makeProgram(parts: ProgramParts): Command {
  const { alone, version, surroundings, verbs } = parts;
  const program = configured(new Command("pullcord"), alone, parts)
    .version(version, "-V, --version", "print the version")
    .enablePositionalOptions()
    .exitOverride()
    // The default would leave long summaries unbroken at 80 columns.
    .configureHelp({ minWidthToWrap: narrowestSummary, subcommandTerm: termOf })
    .configureOutput({
      writeOut: (text) => void surroundings.stdout.write(text),
      writeErr: (text) => void surroundings.stderr.write(text),
      getOutHelpWidth: () => surroundings.stdout.columns ?? helpWidth,
      getErrHelpWidth: () => surroundings.stderr.columns ?? helpWidth,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  for (const verb of verbs) program.addCommand(commandOf(verb, parts, program));
  // What is no command would be an argument of `pullcord` alone, which takes none.
  return program.allowExcessArguments(true).hook("preAction", (_, command) => refuseUnknown(command, program, verbs));
}

/** @throws PullcordError `invalid`/`unknown_command` with the nearest name */
function refuseUnknown(command: Command, program: Command, verbs: readonly Verb[]): void {
  const [word] = program.args;
  if (command !== program || word === undefined) return;
  const known = verbs.map(({ usage }) => usage.split(" ")[0] ?? "");
  const guess = nearest(word, known);
  const hint = guess === null ? "List them with: pullcord --help" : `Did you mean: pullcord ${guess}`;
  throw new PullcordError("invalid", "unknown_command", `There is no command ${word}. ${hint}`);
}

const helpWidth = 80;
const narrowestSummary = 20;

/** A verb with its arguments; that it has options goes without saying. */
function termOf(command: Command): string {
  const args = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...args].join(" ");
}

function commandOf(verb: Verb, parts: ProgramParts, parent: Command): Command {
  const [name = "", ...args] = verb.usage.split(" ");
  const command = configured(new Command(name), verb, parts).copyInheritedSettings(parent);
  for (const argument of args) command.addArgument(new Argument(argument));
  if (verb.passesThrough) command.passThroughOptions();
  for (const inner of verb.verbs ?? []) command.addCommand(commandOf(inner, parts, command));
  return command;
}

function configured(command: Command, verb: Verb, parts: ProgramParts): Command {
  command.summary(verb.summary).description(verb.details === undefined ? verb.summary : `${verb.summary}\n\n${verb.details}`);
  for (const { flags, summary, choices } of verb.options ?? []) {
    const option = new Option(flags, summary);
    command.addOption(choices ? option.choices([...choices]) : option);
  }
  for (const option of globalOptions) command.addOption(option);
  command
    .helpOption("-h, --help", "explain this command")
    .addHelpText("after", `\nExamples:\n${verb.examples.map((example) => `  pullcord ${example}`.trimEnd()).join("\n")}`);
  const { run } = verb;
  if (run) {
    command.action(async () => {
      const options = givenOptions(command);
      const words = command.processedArgs.flat().filter((word) => typeof word === "string");
      const running = run(cliFor(options, parts), new Call(words, options));
      const status = await (verb.endsItself ? running : Promise.race([running, interruption(parts.signal)]));
      parts.onStatus(status ?? 0);
    });
  }
  return command;
}

/** Rejects at Ctrl+C (E1). */
function interruption(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("Ctrl+C")), { once: true }));
}

/** What was typed, on the command or before it; the nearest one holds. */
function givenOptions(command: Command): Record<string, unknown> {
  const outer = command.parent ? givenOptions(command.parent) : {};
  const own = Object.entries(command.opts()).filter(([name]) => command.getOptionValueSource(name) !== "default");
  return { ...outer, ...Object.fromEntries(own) };
}

function cliFor(options: Readonly<Record<string, unknown>>, { surroundings, signal }: ProgramParts): Cli {
  const text = (name: string) => (typeof options[name] === "string" ? options[name] : undefined);
  const settings = readSettings({ server: text("server"), data: text("data") }, surroundings.environment, surroundings.workingDirectory);
  return makeCli({ settings, surroundings, signal, isJson: options["json"] === true, noColour: options["color"] === false });
}
