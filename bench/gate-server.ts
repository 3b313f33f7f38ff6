import { PersonClient } from "@pullcord/sdk/client";
import { startServer, type ServerOptions } from "pullcord";

/** The whole of Pullcord, with one agent that is trusted enough to have its reading allowed. */
const { agent, ...options } = JSON.parse(process.argv[2] ?? "{}") as ServerOptions & { readonly agent: string };

const server = await startServer({ ...options, port: 0 });
const personToken = await server.ownerToken();
const person = new PersonClient({ url: server.url, token: personToken });
const { secret } = await person.issueAgentToken(agent);
await person.setTrust(agent, "standard");
process.stdout.write(`${JSON.stringify({ url: server.url, token: secret, personToken, pid: process.pid })}\n`);
process.once("SIGTERM", () => void server.close().then(() => process.exit(0)));
