import type { Cli } from "../cli.js";
import { planHead, planRow } from "../views/plan.js";
import { requestHead, requestRow } from "../views/rows.js";
import type { Verb } from "../verb.js";

/** What waits for a person, the most urgent first. */
export const inbox: Verb = {
  usage: "inbox",
  summary: "what waits for you, the most urgent first",
  options: [{ flags: "--run <run>", summary: "only this run's requests" }],
  examples: ["inbox", "inbox --run r7k2", "inbox --json"],
  run: async (cli, call) => {
    const run = call.text("run");
    const query = { status: "pending", ...(run === undefined ? {} : { run }) } as const;
    const [page, { items: plans }] = await Promise.all([cli.person().listApprovalRequests(query), cli.person().plans.list(query)]);
    if (cli.isJson) return cli.screen.json({ ...page, plans });
    if (page.items.length + plans.length === 0) return cli.screen.line("Nothing waits for you.");
    const urgent = page.items.toSorted((a, b) => a.priority - b.priority || score(b) - score(a) || a.expiresAt - b.expiresAt);
    const { screen } = cli;
    showTable(
      cli,
      planHead,
      plans.map((plan) => planRow(plan, screen.paint)),
    );
    showTable(
      cli,
      requestHead,
      urgent.map((request) => requestRow(request, screen.paint)),
    );
    if (page.next !== null) cli.screen.line("There are more: pullcord inbox --json tells all of this page, the console has the rest.");
    cli.screen.line(cli.screen.paint.faint("See one in full: pullcord show ID"));
  },
};

function showTable({ screen }: Cli, head: readonly string[], rows: readonly (readonly string[])[]): void {
  if (rows.length === 0) return;
  screen.table(head, rows, 3);
  screen.line();
}

function score({ action }: { readonly action: { readonly assessment: { readonly score: number } | null } }): number {
  return action.assessment?.score ?? unknownScore;
}

/** What was not understood stands with the worst. */
const unknownScore = 100;
