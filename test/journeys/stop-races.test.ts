import { setTimeout as sleep } from "node:timers/promises";
import { connect, type Gate } from "@pullcord/sdk";
import type { AuditEntry, Intervention } from "@pullcord/sdk/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "./server-for-tests.js";

const races = Number(process.env["PULLCORD_TEST_STOP_RACES"] ?? 250);
const atATime = 10;
/** What is asked about, at a risk that one press answers. */
const policy = `
version: 1
autonomy: full
rules:
  - { id: ask, effect: require_approval, level: review, when: { command: "ls *" } }
`;
/** The stop and the approval meet within this time, in milliseconds. */
const spreadMs = 12;

interface Race {
  readonly runId: string;
  readonly stop: Intervention;
  /** When the program's own gate had heard the stop. */
  readonly heardAt: number;
  /** When the program began what was approved; null when it never did. */
  readonly beganAt: number | null;
  /** Whether its signal was aborted when it looked. */
  readonly wasCut: boolean;
}

describe("a stop against an approval", () => {
  let test: TestServer;
  let gate: Gate;
  beforeAll(async () => {
    test = await startTestServer({ policy });
    await test.agent("racer", "autonomous");
    const { secret } = await test.person.issueAgentToken("racer");
    gate = await connect({ url: test.server.url, token: secret, killFile: null });
  });
  afterAll(() => test.close());

  /** A real gate waits for a person, who approves while another one stops the run. */
  async function race(index: number): Promise<Race> {
    const run = await gate.open({ task: `race ${index}`, workingDirectory: "/tmp" });
    let beganAt: number | null = null;
    let wasCut = false;
    let heardAt = Infinity;
    run.onHeld = ({ held }) => {
      if (held === "stopped") heardAt = Math.min(heardAt, performance.now());
    };
    const proposed = { type: "command_execute", arguments: { command: `ls ${index}` } } as const;
    const asked = await run.propose(proposed);
    const acting = run
      .carryOut({
        asked,
        proposed,
        execute: async (signal) => {
          beganAt = performance.now();
          await sleep(30_000, undefined, { signal }).catch(() => {
            wasCut = true;
          });
        },
      })
      .catch(() => {});
    const approving = sleep(Math.random() * spreadMs).then(() => approve(asked.action));
    await sleep(Math.random() * spreadMs);
    const stop = await test.person.intervene({ kind: "stop", scope: { kind: "run", id: run.id } });
    await Promise.all([acting, approving]);
    await run.close();
    return { runId: run.id, stop, heardAt, beganAt, wasCut };
  }

  async function approve({ digest, state }: { digest: string; state: { status: string; approvalRequestId?: string } }): Promise<void> {
    await test.person.resolve(state.approvalRequestId ?? "", { effect: "approve", digest }).catch(() => {});
  }

  it(
    `in ${races} races permits nothing after it was acknowledged, and whatever had its permit before is named and cut short`,
    { timeout: 170_000 },
    async () => {
      const ran: Race[] = [];
      for (let from = 0; from < races; from += atATime) {
        const batch = Array.from({ length: Math.min(atATime, races - from) }, (_, index) => race(from + index));
        ran.push(...(await Promise.all(batch)));
      }
      const began = ran.filter(({ beganAt }) => beganAt !== null);
      // Both sides won some, or these were no races.
      expect([began.length > 0, began.length < races]).toEqual([true, true]);
      // A permit that was used before the stop may still be on its way to its program; once the gate has heard, nothing begins.
      expect(began.filter(({ beganAt, heardAt }) => (beganAt ?? 0) > heardAt)).toEqual([]);
      expect(began.filter(({ wasCut }) => !wasCut)).toEqual([]);
      // Whatever began is what the receipt names, and the permit was used before the stop in the one order of the log.
      for (const { stop, runId, beganAt } of ran) {
        const met = stop.work?.find((each) => each.runId === runId);
        expect(met?.underWay).toHaveLength(beganAt === null ? 0 : 1);
      }
      expect(await startedAfterStop(test)).toEqual([]);
    },
  );
});

/** Actions whose permit was used after their run was stopped. */
async function startedAfterStop(test: TestServer): Promise<string[]> {
  const stopped = new Set<string>();
  const late: string[] = [];
  for (const entry of await wholeLog(test)) {
    if (entry.type === "run.stopped" && entry.runId) stopped.add(entry.runId);
    if (entry.type === "action.started" && stopped.has(entry.runId ?? "")) late.push(entry.actionId ?? "");
  }
  return late;
}

async function wholeLog(test: TestServer): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  let cursor: string | undefined;
  do {
    const page = await test.person.listAudit({ limit: 200, ...(cursor === undefined ? {} : { cursor }) });
    entries.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return entries.toReversed();
}
