import { bounds, PullcordError, type LogLine } from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import { escapeLine } from "../screen/escape.js";
import { clockTime } from "../screen/time.js";
import type { Verb } from "../verb.js";

/** A run's output. */
export const log: Verb = {
  usage: "log <run>",
  summary: "a run's output; -f follows it until the run is over",
  options: [
    { flags: "-f, --follow", summary: "go on with what comes, until the run is over or Ctrl+C" },
    { flags: "-n, --lines <number>", summary: `how many of the newest lines to begin with (default: ${bounds.logLines})` },
    { flags: "--times", summary: "with the time of each line" },
  ],
  endsItself: true,
  examples: ["log r7k2", "log -f r7k2", "log r7k2 -n 20 --times", "log -f r7k2 --json"],
  run: async (cli, call) => {
    const person = cli.person();
    const run = await person.getRun(call.argument(0));
    const limit = linesOf(call.text("lines"));
    const write = (line: LogLine) => writeLine(cli, line, call.has("times"));
    const { items } = await person.readLog(run.id, { limit });
    if (cli.isJson && !call.has("follow")) return cli.screen.json({ items });
    for (const line of items) write(line);
    if (!call.has("follow")) return;
    await follow(cli, run.id, { from: items.at(-1)?.seq ?? 0, write });
  },
};

function linesOf(text: string | undefined): number {
  if (text === undefined) return bounds.logLines;
  const lines = Number(text);
  if (Number.isInteger(lines) && lines >= 1 && lines <= bounds.logLines) return lines;
  throw new PullcordError("invalid", "lines", `${text} is no number of lines from 1 to ${bounds.logLines}.`);
}

interface Following {
  readonly from: number;
  readonly write: (line: LogLine) => void;
}

/** The live stream is the bell; the lines are read from the log, so that none is lost and none comes twice. */
async function follow(cli: Cli, runId: string, { from, write }: Following): Promise<void> {
  const person = cli.person();
  let seen = from;
  const catchUp = async () => {
    for (;;) {
      const { items } = await person.readLog(runId, { after: seen }, { signal: cli.signal });
      for (const line of items) write(line);
      seen = items.at(-1)?.seq ?? seen;
      if (items.length < bounds.logLines) return;
    }
  };
  const ending = new AbortController();
  for await (const item of person.events({ run: runId, signal: AbortSignal.any([cli.signal, ending.signal]) })) {
    if (item.kind === "disconnected") cli.screen.note(`The server is away; trying again in ${item.retryMs} ms.`);
    if (item.kind === "connected" || item.kind === "log" || isEnd(item)) await catchUp();
    if (item.kind === "connected" && ["stopped", "finished"].includes((await person.getRun(runId)).state.status)) return;
    if (isEnd(item)) return;
  }
}

function isEnd(item: { readonly kind: string; readonly entry?: { readonly type: string } }): boolean {
  return item.kind === "recorded" && (item.entry?.type === "run.finished" || item.entry?.type === "run.stopped");
}

function writeLine({ screen, isJson }: Cli, line: LogLine, withTime: boolean): void {
  if (isJson) return screen.jsonLine(line);
  const time = withTime ? `${screen.paint.faint(clockTime(line.at))} ` : "";
  const text = escapeLine(line.text);
  screen.line(
    `${time}${line.stream === "stderr" ? screen.paint.amber("! ") : line.stream === "note" ? screen.paint.faint("# ") : "  "}${text}`,
  );
}
