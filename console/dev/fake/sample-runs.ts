import type { RunSummary } from "@pullcord/sdk/protocol";
import type { FakeState } from "./state.js";

const minute = 60_000;

export const ids = {
  shop: "rk3f9a2b1c",
  infra: "rd8e7f6a5b",
  docs: "rm1n2o3p4q",
  tests: "rt5u6v7w8x",
  paused: "rp9q8r7s6t",
  done: "rz1y2x3w4v",
  stopped: "rs4t5u6v7w",
};

const doing = (sentence: string, since: number) => ({ actionId: "a0", sentence, status: "running", since });

/** A board with something in every group. */
export function fillRuns(state: FakeState, now: number): void {
  run(state, {
    id: ids.infra,
    agent: "deploy-bot",
    task: "Raise the memory limit of checkout",
    openedAt: now - 9 * minute,
    environment: "production",
    trustTier: "standard",
    now: doing("terraform apply -auto-approve -var-file=prod.tfvars && …", now - 2 * minute),
    riskTrail: [5, 12, 34, 41, 62, 90],
    actions: 6,
  });
  run(state, {
    id: ids.shop,
    agent: "claude-code",
    task: "Add discount codes to the cart",
    openedAt: now - 26 * minute,
    now: doing('find . -name "*.log" -mtime +30 -print0 | xargs -0 rm -rf -- ; …', now - 40_000),
    progress: { n: 7, of: 12, item: "src/cart/total.js" },
    riskTrail: [2, 4, 8, 3, 12, 6, 34, 9, 4, 55, 6, 12, 8, 3, 72, 34, 5, 4, 2, 8, 12, 9, 55, 72],
  });
  run(state, {
    id: ids.docs,
    agent: "docs-writer",
    task: "Rewrite the getting-started guide",
    openedAt: now - 14 * minute,
    now: doing("npm install --save-dev prettier@3.6.2", now - 4 * minute),
    riskTrail: [2, 2, 4, 3, 24, 88],
    actions: 18,
  });
  run(state, {
    id: ids.tests,
    agent: "claude-code",
    task: "Find out why the integration tests are slow",
    openedAt: now - 6 * minute,
    now: doing("npm run test:integration -- --profile", now - 31_000),
    progress: { n: 118, of: 342, item: "orders/refund.test.ts" },
    questions: 0,
    denied: 0,
  });
  fillQuietRuns(state, now);
}

/** Paused, finished, stopped. */
function fillQuietRuns(state: FakeState, now: number): void {
  run(state, {
    id: ids.paused,
    agent: "codex",
    task: "Migrate the image service to sharp 0.34",
    openedAt: now - 90 * minute,
    state: { status: "paused", interventionId: "i1", at: now - 12 * minute },
    now: doing("git rebase --onto main", now - 12 * minute),
    riskTrail: [4, 6, 8, 34, 22],
  });
  run(state, {
    id: ids.done,
    agent: "claude-code",
    task: "Update the changelog for 2.4",
    openedAt: now - 150 * minute,
    state: { status: "finished", at: now - 140 * minute, result: "succeeded" },
    lastActivityAt: now - 140 * minute,
    now: doing("git commit -m 'Changelog for 2.4'", now - 141 * minute),
    riskTrail: [2, 3, 2, 8],
    questions: 0,
    denied: 0,
    actions: 9,
  });
  run(state, {
    id: ids.stopped,
    agent: "codex",
    task: "Remove unused dependencies",
    openedAt: now - 170 * minute,
    state: { status: "stopped", interventionId: "i2", at: now - 160 * minute },
    lastActivityAt: now - 160 * minute,
    now: doing("npm uninstall left-pad react", now - 160 * minute),
    riskTrail: [2, 12, 34, 60, 60],
    denied: 3,
  });
}

function run(state: FakeState, sample: Partial<RunSummary> & Pick<RunSummary, "id" | "agent" | "task" | "openedAt">): void {
  state.runs.set(sample.id, {
    workingDirectory: "/home/ada/shop",
    containment: "marker",
    labels: {},
    state: { status: "running" },
    autonomy: { level: "ask_destructive", from: "everything" },
    trustTier: "supervised",
    now: null,
    progress: null,
    waiting: 0,
    questions: 2,
    actions: 34,
    denied: 1,
    riskTrail: [4, 8, 2, 12, 34, 6, 3, 18, 9, 55, 7, 5, 12, 28, 4, 2],
    lastActivityAt: sample.openedAt,
    ...sample,
  });
}
