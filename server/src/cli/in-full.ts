import { setTimeout as sleep } from "node:timers/promises";
import type { ApprovalRequest, Plan } from "@pullcord/sdk";
import type { Cli } from "./cli.js";

/** How long it is waited for while its rows are being previewed, and how often it is asked for, in milliseconds. */
const longestMs = 20_000;
const everyMs = 200;

/** A request with the rows that it would change, as soon as they are there. */
export function requestInFull(cli: Cli, id: string): Promise<ApprovalRequest> {
  return inFull(cli, {
    get: () => cli.person().getApprovalRequest(id),
    isTrying: ({ rows }) => rows?.status === "trying",
    note: "Previewing the rows that it would change…",
  });
}

/** A plan with the rows that its steps would change, as soon as they are there. */
export function planInFull(cli: Cli, id: string): Promise<Plan> {
  return inFull(cli, {
    get: () => cli.person().plans.get(id),
    isTrying: ({ steps, status }) => status === "pending" && steps.some(({ rows }) => rows?.status === "trying"),
    note: "Previewing the rows that its steps would change…",
  });
}

interface Awaited<Question> {
  readonly get: () => Promise<Question>;
  readonly isTrying: (question: Question) => boolean;
  readonly note: string;
}

async function inFull<Question>(cli: Cli, { get, isTrying, note }: Awaited<Question>): Promise<Question> {
  let question = await get();
  for (let waited = 0; isTrying(question) && waited < longestMs; waited += everyMs) {
    if (waited === 0) cli.screen.note(note);
    await sleep(everyMs, undefined, { signal: cli.signal });
    question = await get();
  }
  return question;
}
