import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { PullcordError } from "@pullcord/sdk/protocol";

/** Requests that are still under way get this long when the server closes, in milliseconds. */
const drainMs = 1_000;

export interface Listening {
  readonly url: string;
  /** `host:port` as callers may spell it. */
  readonly names: readonly string[];
  readonly close: () => Promise<void>;
}

/** @throws PullcordError `conflict`/`port_taken`, `unavailable`/`cannot_listen` */
export async function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  { port, host }: { port: number; host: string },
): Promise<Listening> {
  const server = createAdaptorServer({ fetch, overrideGlobalObjects: false }) as Server;
  // A held answer may take long; its own limits end it.
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(explain(error, port, host)));
    server.listen(port, host, resolve);
  });
  const bound = server.address();
  const actual = typeof bound === "object" && bound ? bound.port : port;
  const shown = host.includes(":") ? `[${host}]` : host;
  const names = [...new Set([shown, "127.0.0.1", "localhost", "[::1]"])].map((name) => `${name}:${actual}`);
  return { url: `http://${shown}:${actual}`, names, close: () => drain(server) };
}

function explain(error: NodeJS.ErrnoException, port: number, host: string): PullcordError {
  if (error.code === "EADDRINUSE") {
    const text = `Port ${port} on ${host} is taken. Stop what listens there, or choose another one: --port 0 takes any free port.`;
    return new PullcordError("conflict", "port_taken", text, { cause: error });
  }
  return new PullcordError("unavailable", "cannot_listen", `Pullcord can't listen on ${host}:${port} (${error.code ?? error.message}).`, {
    cause: error,
  });
}

async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed;
  clearTimeout(timer);
}
