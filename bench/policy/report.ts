import { aims, aimTable } from "./aims.ts";
import { engines, type Decides } from "./engines.ts";
import { benchActions, benchRules, type BenchAction } from "./rules.ts";

const ruleCounts = [aims.rules / 100, aims.rules / 10, aims.rules] as const;
const actionCount = 512;
const checkedActions = 64;
const warmUpMs = 200;
/** Many short ones: on a machine that does other work, one of them comes at a quiet moment. */
const rounds = 60;

interface Row {
  readonly name: string;
  readonly us: readonly number[];
}

/** Decisions by the same rules in Pullcord, CASL and Cedar, as a section of RESULTS.md. */
export async function policyReport(measureMs: number): Promise<string> {
  const rows = engines.map(({ name }) => ({ name, us: [] as number[] }));
  for (const count of ruleCounts) {
    const rules = benchRules(count);
    const actions = benchActions(rules, actionCount);
    let expected: string | null = null;
    for (const [at, { name, load }] of engines.entries()) {
      const decides = await load(rules);
      const answers = actions.slice(0, checkedActions).map(decides).join();
      expected ??= answers;
      if (answers !== expected) throw new Error(`${name} decides otherwise by the same ${count} rules.`);
      rows[at]?.us.push(microseconds(decides, actions, measureMs / rounds));
    }
  }
  return ["## Decisions by rules", intro, table(rows), held(rows)].join("\n\n");
}

const intro = [
  "The same rules (who, what kind of action, below which folder; every fifth denies inside what another allows) and the same 512 actions",
  "for all three in one process, each loaded beforehand and checked to decide alike. Processor time.",
].join("\n");

/** Processor time, the least of several rounds: what else the machine does only ever adds to it. */
function microseconds(decides: Decides, actions: readonly BenchAction[], roundMs: number): number {
  round(decides, actions, warmUpMs);
  return Math.min(...Array.from({ length: rounds }, () => round(decides, actions, roundMs)));
}

function round(decides: Decides, actions: readonly BenchAction[], forMs: number): number {
  const startedAt = process.cpuUsage();
  let done = 0;
  let tookMs = 0;
  while (tookMs < forMs) {
    // A slow engine looks at the clock each time, a fast one each hundred.
    const batch = done === 0 || tookMs / done > 0.1 ? 1 : 100;
    for (let at = 0; at < batch; at++) {
      const action = actions[done++ % actions.length];
      if (action) decides(action);
    }
    const { user, system } = process.cpuUsage(startedAt);
    tookMs = (user + system) / 1_000;
  }
  return (tookMs * 1_000) / done;
}

function table(rows: readonly Row[]): string {
  const heads = ruleCounts.map((count) => `${count.toLocaleString("en")} rules`);
  const lines = rows.map(({ name, us }) => `| ${[name, ...us.map(shown)].join(" | ")} |`);
  return [`| | ${heads.join(" | ")} |`, `|---|${ruleCounts.map(() => "---:|").join("")}`, ...lines].join("\n");
}

function shown(us: number): string {
  return `${us < 100 ? us.toFixed(1) : Math.round(us).toLocaleString("en")} µs, ${Math.round(1_000_000 / us).toLocaleString("en")}/s`;
}

function held([own]: readonly Row[]): string {
  const [few = Number.NaN, , many = Number.NaN] = own?.us ?? [];
  const { rules, decisionUs, growth } = aims;
  return aimTable([
    {
      aim: `below ${decisionUs} µs at ${rules.toLocaleString("en")} rules`,
      measured: `${many.toFixed(1)} µs`,
      isReached: many < decisionUs,
    },
    {
      aim: `flat: ${rules.toLocaleString("en")} rules take at most ${growth} × what ${rules / 100} take`,
      measured: `${(many / few).toFixed(2)} ×`,
      isReached: many < growth * few,
    },
  ]);
}
