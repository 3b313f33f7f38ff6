import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { compareFanout, personUnderLoad, type Fanout } from "./measuring/fanout.ts";

const listeners = 10_000;
/** Crowds of each kind; each hears three times. */
const rounds = 2;
/** The events of one stop on the wire, in bytes. */
const stopBytes = 1_400;
const perSecond = 1_000;
const times = 50;
/** At most this many times as long as plain TCP takes. */
const fanoutAim = 1.5;

/** How fast a stop reaches everybody, and how fast a person gets through while an agent floods the gate. */
export async function fanoutReport(folder: string): Promise<string> {
  const place = (name: string) => {
    const path = join(folder, name);
    mkdirSync(path);
    return path;
  };
  const { stream, tcp } = await compareFanout(place("fanout"), { listeners, rounds, messageBytes: stopBytes });
  const { calm, flooded, answeredPerSecond } = await personUnderLoad(place("load"), perSecond, times);
  const ratio = stream.p99Ms / tcp.p99Ms;
  return [
    "## How fast a stop reaches everybody",
    "",
    `From a person's request until each of ${listeners.toLocaleString("en")} open live streams in another process has it, against a bare TCP server that sends as many bytes; ${rounds * 3} times each, in turns, medians.`,
    "The stop is on record before it is told; plain TCP keeps nothing.",
    "",
    "| | p50 | p99 | last | memory a connection |",
    "|---|---:|---:|---:|---:|",
    row("live stream", stream),
    row("plain TCP", tcp),
    "",
    `A person denies a request and stops its run, ${times} times: while nobody else asks for anything, and while one agent proposes ${perSecond.toLocaleString("en")} actions a second (${Math.round(answeredPerSecond)} of them answered).`,
    "",
    "| | calm p50 | p99 | flooded p50 | p99 |",
    "|---|---:|---:|---:|---:|",
    `| stop | ${ms(calm.stopP50Ms)} | ${ms(calm.stopP99Ms)} | ${ms(flooded.stopP50Ms)} | ${ms(flooded.stopP99Ms)} |`,
    `| decide | ${ms(calm.decideP50Ms)} | ${ms(calm.decideP99Ms)} | ${ms(flooded.decideP50Ms)} | ${ms(flooded.decideP99Ms)} |`,
    "",
    "| aim | measured | |",
    "|---|---:|---|",
    aim(`p99 within ${fanoutAim} × of plain TCP`, `${ratio.toFixed(2)} ×`, ratio <= fanoutAim),
    aim("stop p99 below 1 s in a flood", ms(flooded.stopP99Ms), flooded.stopP99Ms < 1_000),
    aim("decide p99 below 500 ms in a flood", ms(flooded.decideP99Ms), flooded.decideP99Ms < 500),
  ].join("\n");
}

function row(name: string, { p50Ms, p99Ms, lastMs, memoryKib }: Fanout): string {
  return `| ${name} | ${ms(p50Ms)} | ${ms(p99Ms)} | ${ms(lastMs)} | ${memoryKib === 0 ? "" : `${memoryKib.toFixed(1)} KiB`} |`;
}

function aim(what: string, measured: string, isReached: boolean): string {
  return `| ${what} | ${measured} | ${isReached ? "reached" : "not reached"} |`;
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}
