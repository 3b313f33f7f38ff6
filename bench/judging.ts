import { readFileSync } from "node:fs";
import { prepareReading, readAction } from "../server/dist/domain/risk/read-action.js";
import { parseSetting, settingSurroundings } from "../server/dist/surroundings/setting.js";
import { filled, pieces, shells } from "../server/src/domain/risk/corpus/long-texts.ts";
import { median } from "./measuring/statistics.ts";

/**
 * What reading and judging a command takes: everyday ones (our own lines labelled `allow`), and 100 kB of whatever has
 * made parsers slow. In processor time, which hardly depends on what else the machine does.
 *
 *     npm run bench -- judging
 */
const lines = new URL("../server/src/domain/risk/labelled/allow.jsonl", import.meta.url);
const setting = new URL("../server/src/domain/risk/corpus/setting.json", import.meta.url);
/** Aims (issue 3), in microseconds and milliseconds. */
const typicalAim = 300;
const longAim = 50;
/** Length of a long command, in UTF-16 code units. */
const longLength = 100_000;
const rounds = 20;
/** The best of so many readings counts: the others were disturbed. */
const tries = 3;

export async function judgingReport(): Promise<string> {
  await prepareReading();
  const judge = judgeHere();
  const commands = everydayCommands();
  const typical = typicalTime(judge, commands);
  const long = longTimes(judge);
  const worst = long.toSorted((a, b) => b.milliseconds - a.milliseconds)[0];
  const middle = median(long.map(({ milliseconds }) => milliseconds));
  return [
    "## What reading an action takes",
    `${commands.length} everyday commands, and ${long.length} commands of 100 kB, each made of one thing that has made parsers slow.`,
    [
      "| | aim | measured | |",
      "|---|---:|---:|---|",
      `| an everyday command, mean | ${typicalAim} µs | ${typical.toFixed(0)} µs | ${typical < typicalAim ? "reached" : "not reached"} |`,
      `| 100 kB, median | ${longAim} ms | ${middle.toFixed(1)} ms | |`,
      `| 100 kB, worst (${worst?.what}) | ${longAim} ms | ${worst?.milliseconds.toFixed(1)} ms | ${(worst?.milliseconds ?? 0) < longAim ? "reached" : "not reached"} |`,
    ].join("\n"),
  ].join("\n\n");
}

type Judge = (command: string) => void;

function judgeHere(): Judge {
  const read = parseSetting(readFileSync(setting, "utf8"));
  if ("problem" in read) throw new Error(read.problem);
  const surroundings = settingSurroundings(read.setting, { gatePids: [] });
  return (command) => void readAction({ type: "command_execute", arguments: { command } }, surroundings);
}

function everydayCommands(): readonly string[] {
  const texts = readFileSync(lines, "utf8").split("\n");
  return texts.filter((text) => text !== "").flatMap((text) => (JSON.parse(text) as { readonly command?: string }).command ?? []);
}

/** In microseconds. */
function typicalTime(judge: Judge, commands: readonly string[]): number {
  for (const command of commands) judge(command);
  const milliseconds = best(() => {
    for (let round = 0; round < rounds; round += 1) for (const command of commands) judge(command);
  });
  return (milliseconds * 1_000) / (rounds * commands.length);
}

function longTimes(judge: Judge): { readonly what: string; readonly milliseconds: number }[] {
  return Object.entries(pieces).flatMap(([what, piece]) =>
    shells.map((shell) => {
      const command = shell(filled(piece, longLength)).slice(0, longLength);
      return { what: `${what} in ${command.slice(0, 12).split("\n")[0]}`, milliseconds: best(() => judge(command)) };
    }),
  );
}

function best(run: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const from = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(from);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}
