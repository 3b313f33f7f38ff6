import type { ApprovalRequest, AuditEntry, Plan, RunSummary, ServerStatus, StreamItem } from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import { escapeLine } from "../screen/escape.js";
import { clockTime } from "../screen/time.js";
import { tableLines } from "../screen/table.js";
import type { Verb } from "../verb.js";
import { planHead, planRow } from "../views/plan.js";
import { requestHead, requestRow, runHead, runRow } from "../views/rows.js";

/** Drawn at most this often, and at least so often, in milliseconds. */
const drawEveryMs = 250;
const refreshEveryMs = 2_000;
const otherScreen = "\u001B[?1049h\u001B[?25l";
const ownScreen = "\u001B[?25h\u001B[?1049l";
const home = "\u001B[H";
const clearToEnd = "\u001B[J";
const clearLineEnd = "\u001B[K";

/** The board in the terminal. Without one: a line for each thing that is recorded. */
export const watch: Verb = {
  usage: "watch",
  summary: "the live board in the terminal; without one, a line an event",
  endsItself: true,
  examples: ["watch", "watch --json", "watch | grep approval"],
  run: async (cli) => {
    cli.person();
    if (cli.screen.isTerminal && !cli.isJson) await new Board(cli).run();
    else await printEvents(cli);
  },
};

async function printEvents({ person, screen, isJson, signal }: Cli): Promise<void> {
  for await (const item of person().events({ signal })) {
    if (isJson) screen.jsonLine(item);
    else if (item.kind === "recorded") screen.line(eventLine(item.entry));
    else if (item.kind === "disconnected") screen.note("The server is away; trying again.");
  }
}

function eventLine({ seq, at, type, actor, runId, actionId }: AuditEntry): string {
  return escapeLine(
    [clockTime(at), `#${seq}`, type, runId, actionId, `by ${actor.kind} ${actor.id}`].filter((part) => part !== undefined).join("  "),
  );
}

interface BoardContent {
  readonly status: ServerStatus;
  readonly runs: readonly RunSummary[];
  readonly requests: readonly ApprovalRequest[];
  readonly plans: readonly Plan[];
  readonly at: number;
}

class Board {
  readonly #cli: Cli;
  #content: BoardContent | null = null;
  #isConnected = false;
  #isStale = true;
  #readAt = 0;

  constructor(cli: Cli) {
    this.#cli = cli;
  }

  async run(): Promise<void> {
    const { surroundings, signal, person } = this.#cli;
    surroundings.stdout.write(otherScreen);
    const timer = setInterval(() => void this.#tick(), drawEveryMs);
    try {
      for await (const item of person().events({ signal })) this.#hear(item);
    } finally {
      clearInterval(timer);
      surroundings.stdout.write(ownScreen);
    }
  }

  #hear(item: StreamItem): void {
    if (item.kind === "connected") this.#isConnected = true;
    if (item.kind === "disconnected") this.#isConnected = false;
    if (item.kind !== "log") this.#isStale = true;
  }

  async #tick(): Promise<void> {
    const now = Date.now();
    if (this.#isStale || now - this.#readAt > refreshEveryMs) {
      this.#isStale = false;
      this.#readAt = now;
      await this.#read();
    }
    this.#draw();
  }

  async #read(): Promise<void> {
    const person = this.#cli.person();
    const waiting = { status: "pending" } as const;
    const read = Promise.all([person.status(), person.listRuns(), person.listApprovalRequests(waiting), person.plans.list(waiting)]);
    const [status, runs, requests, plans] = await read.catch(() => []);
    if (status && runs && requests && plans)
      this.#content = { status, runs: runs.items, requests: requests.items, plans: plans.items, at: Date.now() };
  }

  #draw(): void {
    const { surroundings, screen } = this.#cli;
    const rows = (surroundings.stdout as { readonly rows?: number }).rows ?? defaultRows;
    const lines = this.#lines(screen.width).slice(0, rows - 1);
    surroundings.stdout.write(home + lines.map((line) => line + clearLineEnd).join("\n") + clearToEnd);
  }

  #lines(width: number): string[] {
    const { settings, screen } = this.#cli;
    const { paint } = screen;
    const content = this.#content;
    if (!content) return [`Waiting for ${settings.server} …`];
    const { status, runs, requests, plans, at } = content;
    const waiting = requests.length + plans.length;
    const age = this.#isConnected ? "" : paint.amber(`  not connected; this is as of ${clockTime(at)}`);
    const halt = status.killFile.present ? paint.red("  EVERYTHING IS STOPPED (kill file)") : "";
    const open = runs.filter(({ state }) => state.status === "running" || state.status === "paused");
    const over = runs.filter((run) => !open.includes(run)).slice(0, mostOver);
    const table = (head: readonly string[], cells: readonly (readonly string[])[]) =>
      tableLines([head.map(paint.faint), ...cells], { width, giving: 3 });
    return [
      `${paint.strong("Pullcord")}  ${settings.server}  ${status.mode}  dial ${status.autonomy}${halt}${age}`,
      "",
      waiting === 0 ? "Nothing waits for you." : paint.amber(`${waiting} wait for you: pullcord show ID`),
      ...(plans.length === 0
        ? []
        : table(
            planHead,
            plans.map((plan) => planRow(plan, paint)),
          )),
      ...(requests.length === 0
        ? []
        : table(
            requestHead,
            requests.map((request) => requestRow(request, paint)),
          )),
      "",
      ...(open.length === 0
        ? ["Nothing is running."]
        : table(
            runHead,
            open.map((run) => runRow(run, paint)),
          )),
      ...(over.length === 0
        ? []
        : [
            "",
            paint.faint("Over"),
            ...table(
              runHead,
              over.map((run) => runRow(run, paint)),
            ),
          ]),
      "",
      paint.faint("Ctrl+C leaves. pullcord stop --all stops everything."),
    ];
  }
}

const defaultRows = 24;
const mostOver = 8;
