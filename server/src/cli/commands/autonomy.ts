import { autonomyLevels, PullcordError, type AutonomyLevel } from "@pullcord/sdk";
import { namedScope, scopeOptions, scopeWords } from "../scope.js";
import { escapeLine } from "../screen/escape.js";
import { refuseAgent } from "../person-only.js";
import type { Verb } from "../verb.js";
import type { Cli } from "../cli.js";

const meanings: Readonly<Record<AutonomyLevel, string>> = {
  ask_first: "asks before everything that changes something",
  ask_destructive: "asks before what destroys or can't be taken back",
  notify: "goes ahead and tells you",
  full: "goes ahead; you hear of anomalies",
};

/** The dial (E15 to E19). */
export const autonomy: Verb = {
  usage: "autonomy [level]",
  summary: "show or turn the dial: how much may run without a question",
  details: `${autonomyLevels.map((level) => `${level.padEnd(16)} ${meanings[level]}`).join("\n")}\ndefault          lifts the setting, so that the next wider one holds`,
  options: [
    { flags: "--run <run>", summary: "only this run" },
    ...scopeOptions,
    { flags: "--reason <text>", summary: "why, for the record" },
  ],
  examples: ["autonomy", "autonomy ask_first", "autonomy notify --agent claude-code", "autonomy default --run r7k2"],
  run: async (cli, call) => {
    const wanted = call.args[0];
    if (wanted === undefined) return show(cli);
    refuseAgent(cli, "turn the autonomy dial");
    const level = wanted === "default" ? null : autonomyLevels.find((each) => each === wanted);
    if (level === undefined)
      throw new PullcordError("invalid", "level", `${wanted} is no level. There are ${autonomyLevels.join(", ")}, and default.`);
    const scope = namedScope(call, call.text("run")) ?? { kind: "everything" as const };
    const reason = call.text("reason");
    await cli.person().setAutonomy({ scope, level, ...(reason === undefined ? {} : { reason }) });
    if (cli.isJson) return cli.screen.json({ scope, level });
    cli.screen.line(
      `${escapeLine(scopeWords(scope))}: ${level === null ? "no setting of its own any more" : `${level}, ${meanings[level]}`}. Holds from the next action on.`,
    );
  },
};

async function show({ person, screen, isJson }: Cli): Promise<void> {
  const [{ autonomy: everything }, agents] = await Promise.all([person().status(), person().listAgents()]);
  const own = agents.items.filter((agent) => agent.autonomy !== null);
  if (isJson) return screen.json({ everything, agents: own.map(({ name, autonomy: level }) => ({ name, level })) });
  screen.line(`everything: ${everything}, ${meanings[everything]}`);
  for (const { name, autonomy: level } of own) screen.line(`agent ${escapeLine(name)}: ${level ?? ""}`);
}
