import { release, userInfo } from "node:os";
import type { Containment, DrillReport, DrillRound, DrillSummary } from "@pullcord/sdk/protocol";
import { percentile } from "../../domain/percentile.js";
import { grades, tryGrades } from "../containment/index.js";
import { drillRound } from "./round.js";
import { shapes } from "./shapes.js";

export interface DrillOptions {
  /** Rounds of each shape. */
  readonly times: number;
  /** Only this containment; default: the best that works here, and none. */
  readonly containment?: Containment | undefined;
  readonly signal: AbortSignal;
  /** After each round: which of how many it was. */
  readonly onRound: (round: DrillRound, n: number, of: number) => void;
}

/** Starts harmless workloads of every shape, stops them contained and uncontained, and says what that showed. */
export async function drillStop({ times, containment, signal, onRound }: DrillOptions): Promise<DrillReport> {
  const startedAt = Date.now();
  const tried = await tryGrades();
  const working = grades.filter((grade) => tried.some((each) => each.grade === grade && each.problem === null));
  const chosen = working.filter(({ kind }) =>
    containment === undefined ? kind === working[0]?.kind || kind === "marker" : kind === containment,
  );
  const of = chosen.length * shapes.length * times;
  const rounds: DrillRound[] = [];
  for (const grade of chosen) {
    for (const shape of shapes) {
      for (let time = 0; time < times && !signal.aborted; time += 1) {
        const round = await drillRound(shape, grade);
        rounds.push(round);
        onRound(round, rounds.length, of);
      }
    }
  }
  const isPassed = rounds.length === of && of > 0 && rounds.every(isGood);
  return {
    startedAt,
    tookMs: Date.now() - startedAt,
    machine: `${process.platform} ${release()}, user ${userInfo().uid}`,
    isPassed,
    summaries: chosen.map(({ kind }) => summarize(kind, rounds)).filter(({ rounds: some }) => some > 0),
    missing: tried.flatMap(({ grade, problem }) => (problem === null ? [] : [{ containment: grade.kind, reason: problem }])),
  };
}

/** What is contained leaves nothing; what is not leaves nothing that the stop does not name. */
function isGood({ containment, left, unnamed }: DrillRound): boolean {
  return unnamed === 0 && (containment === "marker" || left === 0);
}

function summarize(containment: Containment, all: readonly DrillRound[]): DrillSummary {
  const rounds = all.filter((each) => each.containment === containment);
  const times = rounds.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b);
  const total = (count: (round: DrillRound) => number) => rounds.reduce((sum, round) => sum + count(round), 0);
  return {
    containment,
    rounds: rounds.length,
    left: total(({ left }) => left),
    unnamed: total(({ unnamed }) => unnamed),
    unknown: total(({ unknown }) => unknown),
    p50Ms: percentile(times, 0.5) ?? 0,
    p99Ms: percentile(times, 0.99) ?? 0,
  };
}
