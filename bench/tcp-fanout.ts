import { createServer, type Socket } from "node:net";

/** The floor of a fan-out: a bare TCP server that sends one message to everybody as soon as anybody says anything. */
const { messageBytes } = JSON.parse(process.argv[2] ?? "{}") as { readonly messageBytes: number };
const backlog = 4_096;

const message = Buffer.alloc(messageBytes, "x");
const sockets = new Set<Socket>();
const server = createServer((socket) => {
  socket.setNoDelay(true);
  sockets.add(socket);
  socket.on("close", () => sockets.delete(socket));
  socket.on("error", () => sockets.delete(socket));
  socket.on("data", () => {
    for (const each of sockets) each.write(message);
  });
});
server.listen({ port: 0, host: "127.0.0.1", backlog }, () => {
  const address = server.address();
  process.stdout.write(`${JSON.stringify({ port: typeof address === "object" ? address?.port : 0, pid: process.pid })}\n`);
});
process.once("SIGTERM", () => process.exit(0));
