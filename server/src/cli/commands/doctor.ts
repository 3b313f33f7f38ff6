import { resolve } from "node:path";
import { checkUp, type Check } from "../claude-code/checks.js";
import { readConnections } from "../claude-code/record.js";
import type { Cli } from "../cli.js";
import { exitStatus } from "../exit-status.js";
import { escapeLine } from "../screen/escape.js";
import type { Verb } from "../verb.js";

/** Proves that an agent's actions really pass the gate. */
export const doctor: Verb = {
  usage: "doctor",
  summary: "prove that a connected agent's actions pass the gate",
  details:
    "Checks the server, the client and its settings, then lets the real client try a command that must be denied. A stand-in on this machine takes the model's place: nothing is spent and nothing leaves.",
  options: [{ flags: "--project <folder>", summary: "try the agent in this folder (default: the connected project, or here)" }],
  examples: ["doctor", "doctor --project ~/work/shop", "doctor --json"],
  run: async (cli, call) => {
    const folder = resolve(cli.surroundings.workingDirectory, call.text("project") ?? connectedProject(cli) ?? ".");
    const done: Check[] = [];
    for await (const check of checkUp({ cli, person: cli.person(), folder })) {
      done.push(check);
      if (!cli.isJson) say(cli, check);
    }
    const isOk = done.every((check) => check.isOk);
    if (cli.isJson) cli.screen.json({ ok: isOk, checks: done.map(({ isOk: ok, ...check }) => ({ ok, ...check })) });
    else cli.screen.line(isOk ? "\nClaude Code is gated." : "\nThe gate is not proven.");
    return isOk ? exitStatus.ok : exitStatus.no;
  },
};

/** The newest project that is connected by itself; null where a wider connection holds everywhere. */
function connectedProject({ settings }: Cli): string | null {
  const connections = readConnections(settings);
  const isWide = connections.some(({ project }) => project === undefined);
  return isWide ? null : (connections.at(-1)?.project ?? null);
}

function say({ screen }: Cli, { name, isOk, sentence, todo }: Check): void {
  const mark = isOk ? screen.paint.accent("ok    ") : screen.paint.red("FAILED");
  screen.line(`${mark} ${name.padEnd(10)} ${escapeLine(sentence)}`);
  if (!isOk && todo !== undefined) screen.line(`${" ".repeat(18)}${screen.paint.strong("→")} ${todo}`);
}
