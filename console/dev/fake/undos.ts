import type { MakeUndo, PathChange, RunChanges, Undo, UndoPreview, UndoScope } from "@pullcord/sdk/protocol";
import { id } from "./actions.js";
import { record, type FakeState } from "./state.js";

/** A run's changes and their undo, as the server would tell them. */

const changed: readonly Omit<PathChange, "actionIds">[] = [
  {
    of: "file",
    path: "src/checkout/total.ts",
    kind: "changed",
    sentence: "412 becomes 431 bytes",
    diff: "@@ -3,3 +3,3 @@\n export function total(cart: Cart): number {\n-  return cart.sum;\n+  return cart.sum * 1.19;\n }\n",
    runs: [],
  },
  { of: "file", path: "docs/old-prices.md", kind: "removed", sentence: "file of 2104 bytes", diff: null, runs: [] },
  {
    of: "file",
    path: "src/checkout/tax.ts",
    kind: "added",
    sentence: "file of 88 bytes",
    diff: "@@ -0,0 +1,1 @@\n+export const tax = 0.19;\n",
    runs: [],
  },
  {
    of: "database",
    path: "shop.db/prices/17",
    kind: "changed",
    sentence: "row of prices: amount",
    diff: "@@ -1,1 +1,1 @@\n-amount: 1200\n+amount: 1428\n",
    runs: [],
  },
  ...Array.from({ length: 200 }, (_each, place): Omit<PathChange, "actionIds"> => ({
    of: "database",
    path: `shop.db/orders/${1_000 + place}`,
    kind: "changed",
    sentence: "row of orders: status",
    diff: "@@ -1,1 +1,1 @@\n-status: delivered\n+status: archived\n",
    runs: [],
  })),
  {
    of: "command",
    path: "packages of pip/flask",
    kind: "added",
    sentence: "3.1.0",
    diff: null,
    runs: ["pip uninstall --yes flask"],
  },
];

function rowBack(path: string): string {
  const [, table, key] = path.split("/");
  return table === "orders"
    ? `UPDATE "orders" SET "status" = 'delivered' WHERE "id" = ${key}`
    : `UPDATE "prices" SET "amount" = 1200 WHERE "id" = 17`;
}

function backwards({ kind, diff, ...change }: Omit<PathChange, "actionIds">): Omit<PathChange, "actionIds"> {
  const opposite = { added: "removed", changed: "changed", removed: "added" } as const;
  const runs = change.of === "database" ? [rowBack(change.path)] : change.runs;
  return { ...change, runs, kind: opposite[kind], diff: diff && diff.replaceAll(/^[+-]/gmu, (sign) => (sign === "+" ? "-" : "+")) };
}

const notKept = [
  "Not kept: folders that an install or a build makes again (node_modules, .venv, caches), files over 32 MiB, contents of git LFS, owners, extended attributes and ACLs of files.",
];

export function changesOf(state: FakeState, runId: string): RunChanges {
  const actionIds = (state.actions.get(runId) ?? []).slice(0, 1).map((action) => action.id);
  return {
    runId,
    changes: changed.map((change) => ({ ...change, actionIds })),
    notKept,
    isReviewed: state.reviews.some((one) => one.runId === runId),
  };
}

export function previewUndo(state: FakeState, { run, action, undo, only }: UndoScope): UndoPreview {
  const of = state.undos.find((one) => one.id === undo);
  const runOf = [...state.actions].find(([, actions]) => actions.some(({ id: one }) => one === action))?.[0];
  const isWanted = (path: string) => only === undefined || only.some((one) => path === one || path.startsWith(`${one}/`));
  return {
    runId: run ?? runOf ?? of?.runId ?? "",
    kind: undo === undefined ? "undo" : "redo",
    digest: "d".repeat(64),
    changes: changed
      .filter(({ path }) => isWanted(path))
      .map((change) => ({ ...(undo === undefined ? backwards(change) : change), actionIds: [] })),
    conflicts:
      undo === undefined && isWanted("README.md")
        ? [{ of: "file", path: "README.md", sentence: "Somebody changed the same part since." }]
        : [],
    notKept,
  };
}

export function makeUndo(state: FakeState, { digest: _digest, reason, ...of }: MakeUndo): Undo {
  const { runId, kind, changes, conflicts } = previewUndo(state, of);
  const undo: Undo = {
    id: id("u"),
    runId,
    kind,
    of,
    by: { kind: "person", id: "ada", via: "console" },
    at: Date.now(),
    ...(reason === undefined ? {} : { reason }),
    status: "done",
    endedAt: Date.now(),
    restored: changes.map(({ path }) => path),
    conflicts,
    unverified: [],
  };
  state.undos.unshift(undo);
  record(state, "undo.made", { runId, body: { undo: undo.id } });
  record(state, "undo.ended", { runId, body: { undo: undo.id, status: "done" } });
  return undo;
}
