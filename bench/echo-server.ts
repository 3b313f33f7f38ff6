import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import type { ActionAnswer, ProposedAction } from "@pullcord/sdk/protocol";

/**
 * A bare server of the framework that Pullcord uses: it reads JSON and answers JSON of the same shape and size as a
 * decision, and does nothing else. What it does not do is what the gate costs.
 */
const answer = JSON.parse(process.argv[2] ?? "null") as ActionAnswer;

const app = new Hono();
app.post("/v1/runs", (context) => context.json({ id: answer.action.runId }));
app.post("/v1/runs/:id/actions", async (context) => {
  const proposed = await context.req.json<ProposedAction>();
  return context.json({ ...answer, action: { ...answer.action, proposed } });
});

const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false });
server.listen(0, "127.0.0.1", () => {
  const bound = server.address();
  const port = typeof bound === "object" && bound ? bound.port : 0;
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}`, token: "none" })}\n`);
});
process.once("SIGTERM", () => process.exit(0));
