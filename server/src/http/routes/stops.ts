import { z } from "@hono/zod-openapi";
import { readStopReceipt, readStopTimes, receiptOf } from "../../commands/stop-receipt.js";
import { wholeId } from "../../store/ids.js";
import { addRoute, type Serving } from "../route.js";
import * as schemas from "../schemas/stop-receipt.js";
import { runParams } from "./runs.js";

const tag = "interventions";
const dayMs = 86_400_000;

/** What came of stops, and how fast. */
export function addStopRoutes(serving: Serving): void {
  const { runner } = serving;
  const { read } = runner.store;
  const readReceipt = async (id: string) => {
    const unrecorded = runner.outside.unrecorded.find(id);
    return unrecorded
      ? receiptOf(read, unrecorded, runner.now)
      : readStopReceipt(read, await wholeId(read, "interventions", id), runner.now);
  };
  addRoute(serving, {
    method: "get",
    path: "/v1/interventions/{id}/receipt",
    tag,
    summary: "What came of a stop so far: what ended, what is not proven, how to go on",
    who: "viewer",
    params: runParams,
    answer: schemas.stopReceipt,
    handle: ({ params }) => readReceipt(params.id),
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/stop-times",
    tag,
    summary: "How fast the stops of the last days were",
    who: "viewer",
    query: z.object({ days: z.coerce.number().int().min(1).max(366).default(7) }),
    answer: schemas.stopTimes,
    handle: ({ query }) => readStopTimes(read, { from: runner.now - query.days * dayMs, to: runner.now }),
  });
}
