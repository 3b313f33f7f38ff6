// The whole server in a process that can be killed. From the build: what is killed is what ships.
import { startServer } from "pullcord";

const server = await startServer(JSON.parse(process.argv[2]));
process.stdout.write(`${JSON.stringify({ url: server.url, owner: await server.ownerToken() })}\n`);
