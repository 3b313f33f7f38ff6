import { PullcordError, type ActOnBreaker, type BreakerAct } from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import { refuseAgent } from "../person-only.js";
import { namedScope } from "../scope.js";
import { escapeLine } from "../screen/escape.js";
import { parseDuration } from "../screen/time.js";
import type { Call, Verb, VerbOption } from "../verb.js";
import { breakerWords } from "../views/limits.js";

const whose: VerbOption = { flags: "--agent <name>", summary: "an agent's breaker, in place of a run's" };
const why: VerbOption = { flags: "--reason <text>", summary: "why, for the record" };
const howLong: VerbOption = { flags: "--for <time>", summary: "30m, 2h: at most 24h" };
const defaultExtension = "30m";

const list: Verb = {
  usage: "list",
  summary: "breakers that are open, half-open or held",
  examples: ["breaker list"],
  run: async (cli) => {
    const page = await cli.person().limits.breakers();
    if (cli.isJson) return cli.screen.json(page);
    if (page.items.length === 0) return cli.screen.line("Every breaker is closed.");
    const rows = page.items.map(({ guardrail, owner, state }) => [
      guardrail,
      `${owner.kind} ${escapeLine(owner.id)}`,
      breakerWords(state, cli.screen.paint),
    ]);
    cli.screen.table(["LIMIT", "OF", "BREAKER"], rows, 2);
  },
};

const reset: Verb = {
  usage: "reset <limit> [run]",
  summary: "count a limit anew; what it had paused goes on",
  options: [whose, why],
  examples: ["breaker reset files_per_run r7k2", "breaker reset tokens_per_agent_day --agent claude-code"],
  run: (cli, call) => act(cli, call, { act: "reset", said: "counts anew" }),
};

const extend: Verb = {
  usage: "extend <limit> [run]",
  summary: "let a run, or an agent, go on for a while in spite of a limit",
  options: [whose, { ...howLong, summary: `30m, 2h: at most 24h (default: ${defaultExtension})` }, why],
  examples: ["breaker extend run_time r7k2 --for 30m"],
  run: (cli, call) =>
    act(cli, call, { act: "hold_closed", forTime: call.text("for") ?? defaultExtension, said: "lets everything through" }),
};

const hold: Verb = {
  usage: "hold <limit> [run]",
  summary: "let nothing through that a limit guards, until it is released or its time is up",
  options: [whose, howLong, why],
  examples: ["breaker hold calls_per_agent --agent claude-code --for 1h"],
  run: (cli, call) => act(cli, call, { act: "hold_open", forTime: call.text("for"), said: "lets nothing through" }),
};

const release: Verb = {
  usage: "release <limit> [run]",
  summary: "take back a hold or an extension",
  options: [whose, why],
  examples: ["breaker release run_time r7k2"],
  run: (cli, call) => act(cli, call, { act: "release", said: "is released" }),
};

interface Doing {
  readonly act: BreakerAct;
  readonly forTime?: string | undefined;
  readonly said: string;
}

async function act(cli: Cli, call: Call, { act: kind, forTime, said }: Doing): Promise<void> {
  refuseAgent(cli, "give an agent more than its limits");
  const guardrail = call.argument(0);
  const owner = namedScope(call, call.args[1]);
  if (owner === null || owner.kind === "everything")
    throw new PullcordError("invalid", "scope", "Name the run whose limit it is, or an agent with --agent NAME.");
  const forMs = forTime === undefined ? null : parseDuration(forTime);
  if (forTime !== undefined && forMs === null)
    throw new PullcordError("invalid", "for", `${forTime} is no length of time. Write 30m or 2h.`);
  const reason = call.text("reason");
  const wanted: ActOnBreaker = {
    guardrail,
    owner,
    act: kind,
    ...(forMs === null ? {} : { forMs }),
    ...(reason === undefined ? {} : { reason }),
  };
  const breaker = await cli.person().limits.act(wanted);
  if (cli.isJson) return cli.screen.json(breaker);
  const words = breaker.state.status === "held" ? ` (${breakerWords(breaker.state, cli.screen.paint)})` : "";
  cli.screen.line(`${guardrail} of ${breaker.owner.kind} ${escapeLine(breaker.owner.id)} ${said}${words}.`);
}

/** Circuit breakers: every limit has one for each run, or agent. */
export const breaker: Verb = {
  usage: "breaker",
  summary: "circuit breakers of limits: list, reset, extend, hold, release",
  verbs: [list, reset, extend, hold, release],
  examples: ["breaker list", "breaker extend run_time r7k2 --for 30m"],
};
