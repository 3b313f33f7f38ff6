// The whole server in a process that can be killed. From the build: what is killed is what ships.
// It loads at once and starts when told to, so that the next one is ready while this one is being killed.
import { once } from "node:events";
import { enableCompileCache, flushCompileCache } from "node:module";
import { createInterface } from "node:readline";

// Hundreds of servers start: all but the first find their code compiled.
enableCompileCache();
const { PersonClient } = await import("@pullcord/sdk/client");
const { startServer } = await import("pullcord");

const [line] = await once(createInterface({ input: process.stdin }), "line");
const { agents, ...options } = JSON.parse(line);
const server = await startServer({ ...options, port: 0 });
const owner = await server.ownerToken();
const person = new PersonClient({ url: server.url, token: owner });
const tokens = {};
for (const agent of agents) {
  tokens[agent] = (await person.issueAgentToken(agent)).secret;
  await person.setTrust(agent, "standard");
}
if (agents.length > 0) flushCompileCache();
process.stdout.write(`${JSON.stringify({ url: server.url, owner, tokens })}\n`);
