import { recordDrill } from "../../commands/record-drill.js";
import { addRoute, type Serving } from "../route.js";
import { drillReport } from "../schemas/drills.js";
import { auditEntry } from "../schemas/server.js";

/** Drills of the stop. They are read from the record, as entries of type `drill.recorded`. */
export function addDrillRoutes(serving: Serving): void {
  addRoute(serving, {
    method: "post",
    path: "/v1/drills",
    tag: "interventions",
    summary: "Keep what a drill of the stop showed",
    who: "operator",
    body: drillReport,
    answer: auditEntry,
    handle: ({ body, caller }) => serving.runner.run(recordDrill, body, caller),
  });
}
