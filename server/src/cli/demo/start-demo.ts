import { connect, PersonClient } from "@pullcord/sdk";
import { runDemoAgent } from "./demo-agent.js";

const agent = "demo-agent";
/** The demo's token outlives no long look, in milliseconds. */
const tokenLifeMs = 24 * 3_600_000;

/** What the demo needs of the server it runs beside. */
export interface DemoServer {
  readonly url: string;
  readonly killFile: string;
  ownerToken(): Promise<string>;
}

/** Starts the demo's agent beside a server that was just started here; it ends with `signal`. */
export async function startDemo(server: DemoServer, signal: AbortSignal): Promise<void> {
  const owner = new PersonClient({ url: server.url, token: await server.ownerToken() });
  await clearAway(owner);
  const { secret } = await owner.issueAgentToken(agent, tokenLifeMs);
  await owner.setTrust(agent, "standard", { reason: "The demo's own agent." });
  const gate = await connect({ url: server.url, token: secret, killFile: server.killFile });
  await runDemoAgent(gate, signal);
}

/** An earlier demo ended with its server: nobody waits for what it asked. */
async function clearAway(owner: PersonClient): Promise<void> {
  await owner.intervene({ kind: "stop", scope: { kind: "agent", id: agent }, reason: "The demo starts again." });
  const { items } = await owner.listAgentTokens();
  for (const token of items) if (token.agent === agent && token.revokedAt === null) await owner.revokeAgentToken(token.id);
}
