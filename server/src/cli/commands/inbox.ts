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
    const page = await cli.person().listApprovalRequests({ status: "pending", ...(run === undefined ? {} : { run }) });
    if (cli.isJson) return cli.screen.json(page);
    if (page.items.length === 0) return cli.screen.line("Nothing waits for you.");
    const urgent = page.items.toSorted((a, b) => a.priority - b.priority || score(b) - score(a) || a.expiresAt - b.expiresAt);
    cli.screen.table(
      requestHead,
      urgent.map((request) => requestRow(request, cli.screen.paint)),
      3,
    );
    if (page.next !== null) cli.screen.line("There are more: pullcord inbox --json tells all of this page, the console has the rest.");
    cli.screen.line();
    cli.screen.line(cli.screen.paint.faint("See one in full: pullcord show REQUEST"));
  },
};

function score({ action }: { readonly action: { readonly assessment: { readonly score: number } | null } }): number {
  return action.assessment?.score ?? unknownScore;
}

/** What was not understood stands with the worst. */
const unknownScore = 100;
