import { autonomyLevels, PullcordError, type AutonomyLevel, type DialScope } from "@pullcord/sdk";
import { namedScope, scopeOptions, scopeWords } from "../scope.js";
import { escapeLine } from "../screen/escape.js";
import { refuseAgent } from "../person-only.js";
import type { Call, Verb } from "../verb.js";
import type { Cli } from "../cli.js";

const meanings: Readonly<Record<AutonomyLevel, string>> = {
  ask_first: "asks before everything that changes something",
  ask_destructive: "asks before what destroys or can't be taken back",
  notify: "goes ahead below critical risk and tells you",
  full: "goes ahead; tells you from high risk up",
};

/** The dial (E15 to E19). */
export const autonomy: Verb = {
  usage: "autonomy [level]",
  summary: "show or turn the dial: how much may run without a question",
  details: `${autonomyLevels.map((level) => `${level.padEnd(16)} ${meanings[level]}`).join("\n")}\ndefault          lifts the setting, so that the next wider one holds`,
  options: [
    { flags: "--run <run>", summary: "only this run" },
    ...scopeOptions,
    { flags: "--task <words>", summary: "hold back every run that was opened for this task" },
    { flags: "--environment <name>", summary: "hold back what is done in this environment" },
    { flags: "--reason <text>", summary: "why, for the record" },
  ],
  examples: [
    "autonomy",
    "autonomy ask_first",
    "autonomy notify --agent claude-code",
    "autonomy ask_first --environment production",
    "autonomy default --run r7k2",
  ],
  run: async (cli, call) => {
    const wanted = call.args[0];
    if (wanted === undefined) return show(cli);
    refuseAgent(cli, "turn the autonomy dial");
    const level = wanted === "default" ? null : autonomyLevels.find((each) => each === wanted);
    if (level === undefined)
      throw new PullcordError("invalid", "level", `${wanted} is no level. There are ${autonomyLevels.join(", ")}, and default.`);
    const scope = dialScope(call);
    const reason = call.text("reason");
    await cli.person().setAutonomy({ scope, level, ...(reason === undefined ? {} : { reason }) });
    if (cli.isJson) return cli.screen.json({ scope, level });
    cli.screen.line(
      `${escapeLine(scopeWords(scope))}: ${level === null ? "no setting of its own any more" : `${level}, ${meanings[level]}`}. Holds from the next action on; what waits for an answer still does.`,
    );
  },
};

/** Task and environment are only the dial's: nothing else applies to them. */
function dialScope(call: Call): DialScope {
  const [task, environment] = [call.text("task"), call.text("environment")];
  const named = [
    namedScope(call, call.text("run")),
    task === undefined ? null : ({ kind: "task", id: task } as const),
    environment === undefined ? null : ({ kind: "environment", id: environment } as const),
  ].filter((scope) => scope !== null);
  if (named.length > 1) {
    throw new PullcordError("invalid", "scope", "Name one of --run, --agent, --task, --environment and --all, not several.");
  }
  return named[0] ?? { kind: "everything" };
}

async function show({ person, screen, isJson }: Cli): Promise<void> {
  const [{ autonomy: everything }, settings] = await Promise.all([person().status(), person().autonomySettings()]);
  const items = settings.items.filter(({ scope }) => scope.kind !== "everything");
  if (isJson) return screen.json({ everything, items });
  screen.line(`everything: ${everything}, ${meanings[everything]}`);
  for (const { scope, level } of items) screen.line(`${escapeLine(scopeWords(scope))}: ${level}, ${meanings[level]}`);
}
