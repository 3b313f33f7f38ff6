import {
  needsPresence,
  PullcordError,
  reversibilities,
  riskLevel,
  type ArrangePlan,
  type JsonObject,
  type JudgedStep,
  type Plan,
  type PlanStep,
  type ProposedAction,
  type ResolvePlan,
} from "@pullcord/sdk/protocol";
import { assessment, command, factor, id, write } from "./actions.js";
import { listedPlan, sampleStepRows } from "./rows.js";
import type { Route } from "./routes.js";
import { record, refreshStatus, type FakeState } from "./state.js";

const minute = 60_000;
/** How long all trials of a plan take, in milliseconds. */
const trialMs = 400;
const person = { kind: "person", id: "ada", via: "console" } as const;

/** One plan that waits, with a step that policy denies, and one that is followed. */
export function samplePlans(runs: { readonly shop: string; readonly tests: string }, now: number): Plan[] {
  const publish = {
    ...command("git push origin main"),
    claim: { reason: "The branch is <b>protected</b> anyway.\u202e" },
  };
  const waiting = planFrom({ runId: runs.shop, agent: "claude-code", at: now - 2 * minute }, [
    command("npm test -- cart"),
    write("src/cart/total.js", [{ before: "const rate = 0.2;", after: "const rate = rateOf(country);" }]),
    { ...command("rm -rf dist && npm run build"), claim: { description: "Build it from scratch" } },
    publish,
    sql("UPDATE rates SET rate = rate_of(country);"),
    sql("INSERT INTO rates (country, rate) VALUES ('NO', 0.25);"),
  ]);
  const followed = planFrom({ runId: runs.tests, agent: "claude-code", at: now - 20 * minute }, [
    command("npm test"),
    command("npm run migrate -- --dry-run"),
    command("npm run migrate"),
    command("npm run seed"),
  ]);
  const states: readonly PlanStep["state"][] = [
    { status: "succeeded", actionId: "a1" },
    { status: "succeeded", actionId: "a2" },
    { status: "open" },
    { status: "open" },
  ];
  return [
    { ...withRows(waiting, now - minute), summary: "Prices by country: test, change the rate, build, publish, then set the rates." },
    {
      ...followed,
      steps: followed.steps.map((step, at): PlanStep => ({ ...step, state: states[at] ?? { status: "open" } })),
      status: "approved",
      resolution: { status: "approved", by: person, at: now - 15 * minute },
      holdsUntil: now + 8 * 60 * minute,
      deviations: 1,
    },
  ];
}

interface Origin {
  readonly runId: string;
  readonly agent: string;
  readonly at: number;
}

function planFrom({ runId, agent, at }: Origin, proposed: readonly ProposedAction[]): Plan {
  const steps = proposed.map((one, place): PlanStep => ({
    number: place + 1,
    proposed: one,
    judged: judge(one),
    state: { status: "open" },
  }));
  const plan = {
    id: id("n"),
    runId,
    agent,
    removed: [],
    status: "pending" as const,
    resolution: null,
    createdAt: at,
    expiresAt: at + 60 * minute,
    holdsUntil: null,
    ended: null,
    position: 0,
    deviations: 0,
  };
  return { ...plan, ...standingOf(steps) };
}

function sql(statement: string): ProposedAction {
  return { type: "database_modify", arguments: { sql: statement, database: "shop_staging" }, environment: "staging" };
}

/** With what trials of its SQL came to; all of it is on one database. */
function withRows(plan: Plan, at: number): Plan {
  const changing = plan.steps.filter(({ proposed }) => proposed.type === "database_modify").map(({ number }) => number);
  const steps = plan.steps.map((step): PlanStep => {
    const place = changing.indexOf(step.number);
    if (place < 0) return step;
    return { ...step, rows: sampleStepRows(at, place), ...(place > 0 && { rowsWithout: changing.slice(0, place) }) };
  });
  return { ...plan, steps };
}

/** Trials take a moment: until then the steps say that their rows are being previewed. */
function previewed(state: FakeState, plan: Plan): Plan {
  const later = withRows(plan, Date.now());
  setTimeout(() => {
    const { digest, status } = found(state, plan.id);
    if (digest !== plan.digest || status !== "pending") return;
    keep(state, later);
    record(state, "plan.previewed", { body: { plan: plan.id } });
  }, trialMs);
  return { ...later, steps: later.steps.map((step) => (step.rows ? { ...step, rows: { status: "trying" } } : step)) };
}

/** As the server would judge it, as far as the samples need. */
function judge({ type, arguments: given }: ProposedAction): JudgedStep {
  const text = String(given["command"] ?? given["path"] ?? "");
  if (text.startsWith("npm")) {
    const found = assessment({ factors: [factor("runs_project_code", 8, "Runs a script of this project.")], reversibility: "reversible" });
    return {
      assessment: found,
      effect: "allow",
      reasons: [{ step: "autonomy_and_trust", sentence: "Within what this agent may do by itself." }],
      approvalLevel: "none",
    };
  }
  if (type === "file_write") return asking({ score: 34, sentence: "This agent asks before its first write of a run.", files: [text] });
  if (type === "database_modify") return asking({ score: 38, sentence: "Changes to a shared database wait for a person." });
  if (text.includes("push")) {
    if (!text.includes("main")) return asking({ score: 62, sentence: "Pushes wait for a person.", isFinal: true });
    const { assessment: found } = asking({ score: 62, sentence: "", isFinal: true });
    const reason = { step: "policy", sentence: "Pushes to main are denied: push a branch.", rule: "no-push-to-main", line: 21 } as const;
    return { assessment: found, effect: "deny", reasons: [reason], approvalLevel: "none" };
  }
  return asking({ score: 45, sentence: "Deleting asks.", files: ["dist/shop.js", "dist/shop.css"] });
}

interface Asked {
  readonly score: number;
  readonly sentence: string;
  readonly files?: readonly string[];
  readonly isFinal?: boolean;
}

function asking({ score, sentence, files = [], isFinal = false }: Asked): JudgedStep {
  const found = assessment({
    factors: [factor("asks", score, isFinal ? "Publishes commits to a server that others use." : "Changes files of the workspace.")],
    reversibility: isFinal ? "irreversible" : "reversible",
    affected: { writes: { first: files, count: files.length } },
    preview: [{ about: "undo", sentence: isFinal ? "Nothing brings back what others have fetched." : "A snapshot brings it back." }],
  });
  const reasons = [{ step: "policy", sentence, rule: "asks", line: 9 }] as const;
  return { assessment: found, effect: "require_approval", reasons, approvalLevel: score >= 60 ? "required" : "review" };
}

function standingOf(steps: readonly PlanStep[]): Pick<Plan, "steps" | "whole" | "level" | "digest"> {
  const score = Math.max(0, ...steps.map(({ judged }) => judged.assessment?.score ?? 100));
  const ranks = steps.map(({ judged }) => reversibilities.indexOf(judged.assessment?.reversibility ?? "irreversible"));
  const effects = steps.map(({ judged }) => judged.effect);
  const final = steps.filter(({ judged }) => judged.assessment?.reversibility === "irreversible").map(({ number }) => number);
  const first = steps.flatMap(({ judged }) => judged.assessment?.affected.writes.first ?? []);
  const words = JSON.stringify(steps.map(({ number, proposed, approvedArguments }) => [number, approvedArguments ?? proposed.arguments]));
  return {
    steps,
    level: score >= 60 ? "required" : "review",
    digest: Array.from({ length: 64 }, (_, at) =>
      ((words.charCodeAt((at * 31) % words.length) + words.length * at) % 16).toString(16),
    ).join(""),
    whole: {
      effect: effects.includes("deny") ? "deny" : effects.includes("require_approval") ? "require_approval" : "allow",
      reversibility: reversibilities[Math.max(0, ...ranks)] ?? "irreversible",
      score,
      level: riskLevel(score),
      files: { first, count: first.length },
      undo: final.length > 0 ? `An undo can't take back step ${final.join(", ")}. The rest it can.` : "An undo takes back all of it.",
    },
  };
}

function arrange(state: FakeState, planId: string, { digest, steps }: ArrangePlan): Plan {
  const plan = seen(state, planId, digest);
  const all = new Map([...plan.steps, ...plan.removed].map((step): [number, PlanStep] => [step.number, step]));
  const standing = steps.flatMap(({ number, arguments: given }) => {
    const step = all.get(number);
    all.delete(number);
    return step ? [withArguments(step, given)] : [];
  });
  const arranged = previewed(state, { ...plan, ...standingOf(standing), removed: [...all.values()] });
  keep(state, arranged);
  record(state, "plan.arranged", { body: { plan: plan.id }, runId: plan.runId });
  return arranged;
}

function withArguments({ number, proposed, state }: PlanStep, given: JsonObject | undefined): PlanStep {
  const judged = judge(given ? { ...proposed, arguments: given } : proposed);
  return { number, proposed, state, judged, ...(given && { approvedArguments: given }) };
}

function resolve(state: FakeState, planId: string, { effect, digest, reason, presenceProof, forMs = 24 * 60 * minute }: ResolvePlan): Plan {
  const plan = seen(state, planId, digest);
  const denied = plan.steps.find(({ judged }) => judged.effect === "deny");
  if (effect === "approve" && denied) throw new PullcordError("conflict", "step_denied", `Step ${denied.number} can't be approved.`);
  if (effect === "approve" && needsPresence(plan.level, plan.whole) && !presenceProof)
    throw new PullcordError("forbidden", "presence_required", "This needs a presence check.");
  const at = Date.now();
  const status = effect === "approve" ? "approved" : "denied";
  const resolution = { status, by: person, at, ...(reason && { reason }) } as const;
  const resolved = { ...plan, status, resolution, holdsUntil: status === "approved" ? at + forMs : null } as const;
  keep(state, resolved);
  record(state, "plan.resolved", { body: { plan: planId, status }, runId: plan.runId });
  return resolved;
}

function end(state: FakeState, planId: string): Plan {
  const plan = found(state, planId);
  const ended: Plan = { ...plan, ended: { why: "revoked", at: Date.now(), by: person } };
  keep(state, ended);
  record(state, "plan.ended", { body: { plan: planId, why: "revoked" }, runId: plan.runId });
  return ended;
}

/** A stop withdraws plans with everything else. */
export function endPlansOf(state: FakeState, runIds: readonly string[]): void {
  const at = Date.now();
  for (const plan of [...state.plans.values()].filter(({ runId, ended }) => runIds.includes(runId) && !ended)) {
    if (plan.status === "approved") keep(state, { ...plan, ended: { why: "stopped", at, by: person } });
    else if (plan.status === "pending") {
      const resolution = { status: "cancelled", by: person, at, reason: "The run was stopped." } as const;
      keep(state, { ...plan, status: "cancelled", resolution });
    }
  }
}

function seen(state: FakeState, planId: string, digest: string): Plan {
  const plan = found(state, planId);
  if (plan.status !== "pending") throw new PullcordError("conflict", "already_resolved", `It is ${plan.status} already.`);
  if (plan.digest !== digest) throw new PullcordError("conflict", "digest_mismatch", "Somebody changed it. Open it again.");
  return plan;
}

function found(state: FakeState, planId: string): Plan {
  const plan = state.plans.get(planId);
  if (!plan) throw new PullcordError("not_found", "unknown_plan", "There is no such plan.");
  return plan;
}

function keep(state: FakeState, plan: Plan): void {
  state.plans.set(plan.id, plan);
  refreshStatus(state);
}

export const planRoutes: readonly Route[] = [
  [
    "GET",
    /^\/v1\/plans$/u,
    ({ state, query }) => ({
      items: [...state.plans.values()]
        .filter(({ status, runId }) => (query.get("status") ?? status) === status && (query.get("run") ?? runId) === runId)
        .map(listedPlan),
      next: null,
    }),
  ],
  ["GET", /^\/v1\/plans\/(\w+)$/u, ({ state }, plan) => found(state, plan)],
  ["PUT", /^\/v1\/plans\/(\w+)\/steps$/u, ({ state, body }, plan) => arrange(state, plan, body as unknown as ArrangePlan)],
  ["POST", /^\/v1\/plans\/(\w+)\/resolution$/u, ({ state, body }, plan) => resolve(state, plan, body as unknown as ResolvePlan)],
  ["DELETE", /^\/v1\/plans\/(\w+)$/u, ({ state }, plan) => end(state, plan)],
];
