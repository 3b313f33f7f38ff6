import {
  actionLine,
  type AccountLine,
  type Action,
  type ApprovalRequest,
  type Intervention,
  type OpenRun,
  type RunAccount,
  type RunState,
} from "@pullcord/sdk/protocol";

/** Most actions of an account that are named one by one. */
const mostNamed = 50;

export interface AccountFacts {
  readonly run: {
    readonly id: string;
    readonly agent: string;
    readonly opening: OpenRun;
    readonly openedAt: number;
    readonly state: RunState;
  };
  /** Oldest first, like the rest. */
  readonly actions: readonly Action[];
  readonly requests: readonly ApprovalRequest[];
  readonly interventions: readonly Intervention[];
}

/** What a run came to (A18). */
export function accountOf({ run, actions, requests, interventions }: AccountFacts): RunAccount {
  const ran = actions.filter(({ state }) => state.status === "succeeded" || state.status === "failed" || state.status === "running");
  const did = ran.filter(({ assessment }) => assessment?.reversibility !== "read_only");
  return {
    runId: run.id,
    agent: run.agent,
    task: run.opening.task,
    status: run.state.status,
    openedAt: run.openedAt,
    endedAt: run.state.status === "stopped" || run.state.status === "finished" ? run.state.at : null,
    told: interventions.flatMap(({ kind, text, by, at }) => (kind === "instruct" && text !== undefined ? [{ text, by, at }] : [])),
    actions: actions.length,
    byStatus: countBy(actions.map(({ state }) => state.status)),
    byType: countBy(ran.map(({ proposed }) => proposed.type)),
    did: did.slice(-mostNamed).map(lineOf),
    didBefore: Math.max(0, did.length - mostNamed),
    answers: requests.flatMap(({ action, resolution }) => {
      if (resolution?.by.kind !== "person" || (resolution.status !== "approved" && resolution.status !== "denied")) return [];
      return [{ ...lineOf(action), effect: resolution.status, by: resolution.by, at: resolution.at }];
    }),
    forced: actions.filter(({ decision }) => decision?.breakGlassId !== undefined).length,
  };
}

function lineOf({ id, proposed }: Action): AccountLine {
  return { actionId: id, line: actionLine(proposed) };
}

function countBy<Word extends string>(words: readonly Word[]): Partial<Record<Word, number>> {
  const counts: Partial<Record<Word, number>> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
