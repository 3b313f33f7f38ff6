import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A hook that does nothing: reads the call, says `{}`. */
const server = createServer((request, response) => {
  request.resume().once("end", () => response.writeHead(200, { "content-type": "application/json", "content-length": 2 }).end("{}"));
});
server.keepAliveTimeout = 0;
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: "none" })}\n`);
});
process.once("SIGTERM", () => process.exit(0));
