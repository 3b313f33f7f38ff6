import { PullcordError, runStatuses, type RunStatus, type RunSummary } from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import { runHead, runRow } from "../views/rows.js";
import type { Verb } from "../verb.js";

/** The runs. */
export const ps: Verb = {
  usage: "ps",
  summary: "the runs: what each does right now",
  options: [
    { flags: "-a, --all", summary: "also those that are over" },
    { flags: "--status <status>", summary: "only these", choices: runStatuses },
  ],
  examples: ["ps", "ps --all", "ps --status paused --json"],
  run: async (cli, call) => {
    const given = call.text("status");
    const chosen = runStatuses.find((status) => status === given);
    if (given !== undefined && chosen === undefined) throw new PullcordError("invalid", "status", `${given} is no status of a run.`);
    const { items, isWhole } = await read(cli, chosen, call.has("all"));
    if (cli.isJson) return cli.screen.json({ items });
    if (items.length === 0)
      return cli.screen.line(call.has("all") ? "There is no run yet." : "Nothing is running. --all shows what is over.");
    cli.screen.table(
      runHead,
      items.map((run) => runRow(run, cli.screen.paint)),
      3,
    );
    if (!isWhole) cli.screen.line("There are older ones; the console has them all.");
  },
};

async function read(
  cli: Cli,
  status: RunStatus | undefined,
  all: boolean,
): Promise<{ readonly items: readonly RunSummary[]; readonly isWhole: boolean }> {
  const person = cli.person();
  const wanted: (RunStatus | undefined)[] = status !== undefined ? [status] : all ? [undefined] : ["running", "paused"];
  const pages = await Promise.all(wanted.map((each) => person.listRuns(each === undefined ? {} : { status: each })));
  return { items: pages.flatMap((page) => page.items), isWhole: pages.every((page) => page.next === null) };
}
