import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Person } from "@pullcord/sdk/protocol";
import { commandOf, policyWith, readingOf } from "../domain/facts-for-tests.js";
import { idLetters, type IdKind } from "../store/ids.js";
import { openSqlite } from "../store/sqlite.js";
import { Store } from "../store/store.js";
import { KeptSnapshots } from "../snapshots/kept-snapshots.js";
import type { Outside } from "./context.js";
import { CommandRunner, type Caller } from "./runner.js";
import { SignsOfLife } from "./signs-of-life.js";
import { UnrecordedStops } from "./unrecorded-stops.js";

/** The commands on a real store with a clock that tests move. For tests only; nothing that ships imports this file. */
export interface TestGate {
  readonly runner: CommandRunner;
  readonly store: Store;
  readonly clock: { now: number; killFile: boolean };
  close(): Promise<void>;
}

/** Commands that begin with this ask; all others are allowed. */
export const askingProgram = "push";
export const agentCaller: Caller = { actor: { kind: "agent", id: "coder" }, principal: "agent:coder" };
export const people: readonly Person[] = [
  { id: "ada", name: "Ada", role: "admin" },
  { id: "bob", name: "Bob", role: "approver" },
];

const asking = policyWith({ id: "ask", effect: "require_approval", level: "review", when: { program: askingProgram } });

/** `changed` takes the place of what is wired otherwise. */
export async function openTestGate(changed: Partial<Outside> = {}): Promise<TestGate> {
  const folder = mkdtempSync(join(tmpdir(), "pullcord-gate-"));
  const store = new Store(await openSqlite(join(folder, "pullcord.db")));
  const clock = { now: 1_000_000, killFile: false };
  const runner = new CommandRunner({ store, now: () => clock.now, outside: { ...outside(clock, folder), ...changed } });
  return {
    runner,
    store,
    clock,
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function outside(clock: { readonly killFile: boolean }, dataFolder: string): Outside {
  let ids = 0;
  const around: Omit<Outside, "snapshots"> = {
    mode: "same-user",
    policy: () => asking,
    shadow: () => null,
    read: ({ arguments: { command } }) => readingOf({ commands: [commandOf(command as string)] }),
    surroundings: () => ({
      workspace: "/work",
      home: "/home/ada",
      gate: { paths: [], hosts: [], pids: [] },
      resolve: (path) => ({ path, exists: false, kind: "absent" }),
      isCommitted: () => null,
    }),
    reviewer: {
      review: () => Promise.resolve({ kind: "missing", why: "no test asked for it" }),
      state: () => {
        throw new Error("no test asked for it");
      },
    },
    killFilePresent: () => clock.killFile,
    unrecorded: new UnrecordedStops(),
    signsOfLife: new SignsOfLife(0),
    newId: (kind: IdKind) => `${idLetters[kind]}${String((ids += 1)).padStart(9, "0")}`,
    newSecret: () => `secret-${(ids += 1)}`,
    random: (from) => from,
    previewRows: () => {},
    endProcesses: () => {},
    endLeftProcesses: () => {},
    lookAtProcesses: () => ({ items: [], unseen: null }),
    freezeProcesses: () => {},
    thawProcesses: () => {},
    isGone: () => false,
    endLost: () => Promise.resolve(""),
  };
  const snapshots = new KeptSnapshots({ ...around, mode: "remote", dataFolder, now: Date.now, onFailure: () => {} });
  return { ...around, snapshots };
}
