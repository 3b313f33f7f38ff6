import { setTimeout as sleep } from "node:timers/promises";
import type { ApprovalRequest } from "@pullcord/sdk";
import type { Cli } from "./cli.js";

/** How long it is waited for while its rows are being previewed, and how often it is asked for, in milliseconds. */
const longestMs = 20_000;
const everyMs = 200;

/** A request with the rows that it would change, as soon as they are there. */
export async function requestInFull(cli: Cli, id: string): Promise<ApprovalRequest> {
  const person = cli.person();
  let request = await person.getApprovalRequest(id);
  for (let waited = 0; request.rows?.status === "trying" && waited < longestMs; waited += everyMs) {
    if (waited === 0) cli.screen.note("Previewing the rows that it would change…");
    await sleep(everyMs, undefined, { signal: cli.signal });
    request = await person.getApprovalRequest(id);
  }
  return request;
}
