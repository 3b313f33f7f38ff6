import { PullcordError } from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import { planInFull, requestInFull } from "../in-full.js";
import { showIntervention } from "../views/intervention.js";
import { showUndo } from "../views/changes.js";
import { showAction, showRequest } from "../views/request.js";
import { showPlan } from "../views/plan.js";
import { showRun } from "../views/run.js";
import type { Verb } from "../verb.js";

const mostActions = 20;

/** Anything by its id, in full. */
export const show: Verb = {
  usage: "show <id>",
  summary: "a request, run, action, intervention, undo or plan in full",
  details:
    "The first letter of an id says what it is: q request, r run, a action, i intervention, u undo, n plan. A unique beginning is enough.",
  examples: ["show q7k2", "show r7k2", "show a3f9 --json"],
  run: async (cli, call) => {
    const id = call.argument(0);
    const shower = showers[id[0] ?? ""];
    if (!shower)
      throw new PullcordError(
        "invalid",
        "id",
        `${id} is no id. Requests begin with q, runs with r, actions with a, interventions with i, undos with u, plans with n.`,
      );
    await shower(cli, id);
  },
};

const showers: Readonly<Record<string, (cli: Cli, id: string) => Promise<void>>> = {
  q: async (cli, id) => {
    const { screen, isJson } = cli;
    const request = await requestInFull(cli, id);
    if (isJson) return screen.json(request);
    showRequest(screen, request);
    if (request.status !== "pending") return;
    screen.line();
    screen.line(`pullcord approve ${request.id}`);
    screen.line(`pullcord deny ${request.id} --reason "…"`);
  },
  r: async ({ person, screen, isJson }, id) => {
    const run = await person().getRun(id);
    const [{ items: actions }, processes] = await Promise.all([
      person().listActions(run.id, { limit: mostActions }),
      person().runProcesses(run.id),
    ]);
    if (isJson) return screen.json({ ...run, processes, newestActions: actions });
    showRun(screen, run, { actions, processes });
  },
  a: async ({ person, screen, isJson }, id) => {
    const action = await person().getAction(id);
    if (isJson) return screen.json(action);
    screen.line(`${screen.paint.strong(`Action ${action.id}`)}  ${action.state.status}, run ${action.runId}`);
    screen.line();
    showAction(screen, action);
  },
  u: async ({ person, screen, isJson }, id) => {
    const undo = await person().getUndo(id);
    if (isJson) return screen.json(undo);
    showUndo(screen, undo);
  },
  n: async (cli, id) => {
    const plan = await planInFull(cli, id);
    if (cli.isJson) return cli.screen.json(plan);
    showPlan(cli.screen, plan);
  },
  i: async ({ person, screen, isJson }, id) => {
    const intervention = await person().getIntervention(id);
    if (isJson) return screen.json(intervention);
    showIntervention(screen, intervention);
  },
};
