import { handIn } from "../plan/hand-in.js";
import { approvePlan, denyPlan } from "../plan/answer-plan.js";
import { arrangement, arrangeOptions } from "../plan/arrange.js";
import { timingOptions } from "../hold/confirm-presence.js";
import { planInFull } from "../in-full.js";
import { refuseAgent } from "../person-only.js";
import { escapeLine } from "../screen/escape.js";
import type { Verb } from "../verb.js";
import { planHead, planRow, progressInWords, showPlan } from "../views/plan.js";
import { shortId } from "../views/rows.js";

const list: Verb = {
  usage: "list",
  summary: "plans that wait for you, and how far the approved ones are",
  options: [
    { flags: "--run <run>", summary: "only this run's" },
    { flags: "--all", summary: "also what is over" },
  ],
  examples: ["plan list", "plan list --run r7k2 --all"],
  run: async (cli, call) => {
    const run = call.text("run");
    const page = await cli.person().plans.list(run === undefined ? {} : { run });
    const isOpen = call.has("all")
      ? () => true
      : ({ status, ended }: (typeof page.items)[number]) => !ended && (status === "pending" || status === "approved");
    const items = page.items.filter(isOpen);
    if (cli.isJson) return cli.screen.json({ ...page, items });
    if (items.length === 0) return cli.screen.line("No plan waits or is followed. Agents hand them in: see docs/plans.md");
    const waiting = items.filter(({ status }) => status === "pending");
    const others = items.filter(({ status }) => status !== "pending");
    if (waiting.length > 0)
      cli.screen.table(
        planHead,
        waiting.map((plan) => planRow(plan, cli.screen.paint)),
        3,
      );
    if (others.length === 0) return;
    if (waiting.length > 0) cli.screen.line();
    const rows = others.map((plan) => [
      shortId(plan.id),
      escapeLine(plan.agent),
      plan.ended?.why.replace("_", " ") ?? plan.status,
      progressInWords(plan),
    ]);
    cli.screen.table(["PLAN", "AGENT", "STATE", "PROGRESS"], rows, 3);
  },
};

const show: Verb = {
  usage: "show <plan>",
  summary: "a plan in full: every step, its risk, what an undo would do, how far it is",
  examples: ["plan show n7k2", "plan show n7k2 --json"],
  run: async (cli, call) => {
    const plan = await planInFull(cli, call.argument(0));
    if (cli.isJson) return cli.screen.json(plan);
    showPlan(cli.screen, plan);
    if (plan.status !== "pending") return;
    cli.screen.line();
    for (const command of [`approve ${plan.id}`, `plan edit ${plan.id}`, `deny ${plan.id} --reason "…"`])
      cli.screen.line(`pullcord ${command}`);
  },
};

const edit: Verb = {
  usage: "edit <plan>",
  summary: "change, remove or move steps before you approve; judged anew at once",
  details: "Without options the steps open in $EDITOR. The same arrangement again judges it again.",
  options: arrangeOptions,
  examples: ["plan edit n7k2", "plan edit n7k2 --remove 3", `plan edit n7k2 --step 2 --arguments '{"command":"npm test"}'`],
  run: async (cli, call) => {
    refuseAgent(cli, "edit a plan");
    const plan = await cli.person().plans.get(call.argument(0));
    const steps = await arrangement(cli, call, plan);
    await cli.person().plans.arrange(plan.id, { digest: plan.digest, steps });
    const arranged = await planInFull(cli, plan.id);
    if (cli.isJson) return cli.screen.json(arranged);
    showPlan(cli.screen, arranged);
    cli.screen.line();
    cli.screen.line(`Nothing is approved yet: pullcord approve ${plan.id}`);
  },
};

const approve: Verb = {
  usage: "approve <plan>",
  summary: "approve a plan as a whole, after showing all that will run; approve does the same",
  options: [
    { flags: "--reason <text>", summary: "what the agent should know" },
    { flags: "--for <time>", summary: "how long it holds, 30m, 8h, 7d at most (default: 1d)" },
    { flags: "--dry-run", summary: "only show what would be approved" },
    ...timingOptions,
  ],
  endsItself: true,
  examples: ["plan approve n7k2", "plan approve n7k2 --for 8h"],
  run: approvePlan,
};

const deny: Verb = {
  usage: "deny <plan>",
  summary: "deny a plan as a whole; the reason reaches the agent",
  options: [
    { flags: "--reason <text>", summary: "why, for the agent to do better" },
    { flags: "--dry-run", summary: "only show what would be denied" },
  ],
  examples: ['plan deny n7k2 --reason "Not before the release"'],
  run: denyPlan,
};

const end: Verb = {
  usage: "end <plan>",
  summary: "take an approved plan back, from the next action on",
  examples: ["plan end n7k2"],
  run: async (cli, call) => {
    refuseAgent(cli, "take back a plan");
    const plan = await cli.person().plans.end(call.argument(0));
    if (cli.isJson) return cli.screen.json(plan);
    cli.screen.line(`Plan ${plan.id} is taken back: ${progressInWords(plan)}.`);
  },
};

/** What agents mean to do, to be edited and approved as a whole. */
export const plan: Verb = {
  usage: "plan",
  summary: "plans that agents hand in: see, edit, approve or deny them as a whole",
  verbs: [list, show, edit, approve, deny, end, handIn],
  examples: ["plan list", "plan show n7k2", "plan edit n7k2 --remove 3"],
};
