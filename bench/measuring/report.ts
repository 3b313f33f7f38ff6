import type { Compared, GateFigures } from "./gate.ts";

const aimedTimes = 3;
const aimedShare = 0.6;

/** The gate's figures as a table, and whether they reach the aims. */
export function gateReport(figures: GateFigures): string {
  return ["## Durable gated decisions over HTTP", intro(figures), table(figures), aims(figures)].join("\n\n");
}

function intro({ fsyncP50Ms, fsyncP99Ms, rows }: GateFigures): string {
  return [
    `Each caller has a run and a kept-alive connection and proposes an allowed shell command; the answer (${rows[0]?.gate.answerBytes ?? 0} bytes) leaves after the commit.`,
    "The echo server is the same framework with the same JSON and nothing else.",
    "Processor time is what one answer costs the server; unlike the rest it hardly depends on what else the machine does.",
    `The disk keeps a 600-byte write in ${ms(fsyncP50Ms)} (p50), ${ms(fsyncP99Ms)} (p99).`,
  ].join("\n");
}

function table({ rows }: GateFigures): string {
  const lines = rows.map(({ callers, gate, echo }) => {
    const cells = [
      callers,
      count(gate.perSecond),
      ms(gate.p50Ms),
      ms(gate.p99Ms),
      count(echo.perSecond),
      ms(echo.p50Ms),
      ms(echo.p99Ms),
      share(gate, echo),
      us(gate.processorUs),
      us(echo.processorUs),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    "| callers | gate per s | p50 | p99 | echo per s | p50 | p99 | gate / echo | gate's processor time | echo's |",
    "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ...lines,
  ].join("\n");
}

function aims({ fsyncP50Ms, rows }: GateFigures): string {
  const alone = rows.find((row) => row.callers === 1);
  const many = rows.find((row) => row.callers === 64);
  if (!alone || !many) return "";
  const floorMs = fsyncP50Ms + alone.echo.p50Ms;
  const times = alone.gate.p50Ms / floorMs;
  const reached = many.gate.perSecond / many.echo.perSecond;
  return [
    "| aim | measured | |",
    "|---|---:|---|",
    `| p50 at 1 caller below ${aimedTimes} × (fsync + echo: ${ms(floorMs)}) | ${times.toFixed(2)} × | ${verdict(times < aimedTimes)} |`,
    `| throughput at 64 callers at least ${percent(aimedShare)} of the echo server | ${percent(reached)} | ${verdict(reached >= aimedShare)} |`,
  ].join("\n");
}

function share(gate: Compared["gate"], echo: Compared["echo"]): string {
  return percent(gate.perSecond / echo.perSecond);
}

function verdict(reached: boolean): string {
  return reached ? "reached" : "not reached";
}

function ms(value: number): string {
  return `${value.toFixed(2)} ms`;
}

function us(value: number): string {
  return `${Math.round(value)} µs`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString("en");
}

function percent(value: number): string {
  return `${Math.round(value * 100)} %`;
}
