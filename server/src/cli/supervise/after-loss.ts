import { readFileSync } from "node:fs";
import { AgentClient } from "@pullcord/sdk/client";
import { endRun } from "../../processes/end-run.js";
import { endingWords } from "../../processes/ending-words.js";
import type { AfterLoss } from "./watchdog.js";

/** How long the server may take to hear of it, in milliseconds. The processes are ended first, with or without it. */
const requestMs = 3_000;
const standardInput = 0;

// The watchdog of a supervisor that is gone: ends what it left, and closes the run as lost.
const { runId, target, url, token } = JSON.parse(readFileSync(standardInput, "utf8")) as AfterLoss;
const ending = await endRun(target);
const client = new AgentClient({ url, token, requestMs });
const text = `Pullcord: whoever watched over this run died; ${endingWords(ending)}`;
await client.appendLog(runId, [{ stream: "note", text }]).catch(() => {});
await client.finishRun(runId, "lost").catch(() => {});
