import { needsPresence, PullcordError, type Plan } from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import { exitStatus } from "../exit-status.js";
import { grantMilliseconds } from "../grant-terms.js";
import { confirmPresence } from "../hold/confirm-presence.js";
import { serverWitness } from "../hold/witness.js";
import { planInFull } from "../in-full.js";
import { refuseAgent } from "../person-only.js";
import { wrapped } from "../screen/width.js";
import type { Call } from "../verb.js";
import { showPlan } from "../views/plan.js";

/** Whether an id is a plan's, so that `approve`, `deny` and `show` take plans as they take requests. */
export function isPlanId(id: string): boolean {
  return id.startsWith("n");
}

/** Says yes to a plan as a whole, after everything that will run was shown. An agent is refused before anything else. */
export async function approvePlan(cli: Cli, call: Call): Promise<number | void> {
  refuseAgent(cli, "approve a plan");
  const person = cli.person();
  const plan = await planInFull(cli, call.argument(0));
  if (!cli.isJson) showPlan(cli.screen, plan);
  if (plan.status !== "pending") throw new PullcordError("conflict", "already_resolved", `Plan ${plan.id} is ${plan.status} already.`);
  const isHeld = needsPresence(plan.level, plan.whole);
  if (call.has("dryRun")) {
    if (cli.isJson) return cli.screen.json({ wouldApprove: plan, needsPresence: isHeld });
    return cli.screen.line(`Would approve ${plan.id}${isHeld ? ", after Enter was held" : ""}.`);
  }
  const [time, reason] = [call.text("for"), call.text("reason")];
  const forMs = time === undefined ? undefined : grantMilliseconds(time);
  const proof = isHeld ? await holdFor(cli, call, plan) : null;
  if (typeof proof === "number") return proof;
  const approved = await person.plans.resolve(plan.id, {
    effect: "approve",
    digest: plan.digest,
    ...(reason === undefined ? {} : { reason }),
    ...(forMs === undefined ? {} : { forMs }),
    ...(proof === null ? {} : { presenceProof: proof }),
  });
  if (cli.isJson) return cli.screen.json(approved);
  cli.screen.line(`Approved ${plan.id}. Each step may run once, in this order. Take it back with: pullcord plan end ${plan.id}`);
}

/** Says no. Anybody may, an agent too: it can only make things safer. */
export async function denyPlan(cli: Cli, call: Call): Promise<void> {
  const plan = await cli.person().plans.get(call.argument(0));
  if (call.has("dryRun"))
    return cli.isJson ? cli.screen.json({ wouldDeny: plan }) : cli.screen.line(`Would deny ${plan.id}, ${plan.steps.length} steps.`);
  const reason = call.text("reason");
  const denied = await cli.person().plans.resolve(plan.id, {
    effect: "deny",
    digest: plan.digest,
    ...(reason === undefined ? {} : { reason }),
  });
  if (cli.isJson) return cli.screen.json(denied);
  cli.screen.line(
    `Denied ${plan.id}: none of its ${plan.steps.length} steps runs. ${reason === undefined ? "--reason tells the agent why." : ""}`.trimEnd(),
  );
}

/** The proof, or the exit status where there is none. */
async function holdFor(cli: Cli, call: Call, plan: Plan): Promise<string | number | null> {
  const { id, whole, steps, digest } = plan;
  const lines = [`You are about to approve plan ${id} as shown above: ${steps.length} steps.`, whole.undo];
  const { end, proof } = await confirmPresence(cli, call, {
    what: `approve plan ${id}, ${steps.length} steps.`,
    lines: lines.flatMap((line) => wrapped(line, cli.screen.width)),
    isFinal: whole.reversibility !== "read_only" && whole.reversibility !== "reversible",
    command: `pullcord approve ${id}`,
    witness: serverWitness(cli.person(), digest),
  });
  if (end.phase === "cancelled") return exitStatus.interrupted;
  if (end.phase === "refused") return exitStatus.no;
  return proof;
}
