import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AgentClient } from "./agent-client.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

async function collectFor(ms: number): Promise<void> {
  for (const until = Date.now() + ms; Date.now() < until; await sleep(20)) collectGarbage();
}

// In Node, an abort signal that only a Request carries is lost at the next garbage collection.
describe.each([
  ["Node's own fetch", undefined],
  ["a fetch of one's own", (request: Request) => fetch(request)],
])("a request that is never answered, sent with %s", (_, ownFetch) => {
  let silent: Server;
  let client: AgentClient;
  beforeAll(async () => {
    silent = createServer((request, response) => {
      if (request.url?.startsWith("/v1/events")) response.writeHead(200, { "content-type": "text/event-stream" }).write(": connected\n\n");
      if (request.url?.startsWith("/v1/runs/half")) response.writeHead(200, { "content-type": "application/json" }).write("{");
    });
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    client = new AgentClient({ url, token: "pca_x", requestMs: 500, ...(ownFetch && { fetch: ownFetch }) });
  });
  afterAll(() => {
    silent.closeAllConnections();
    silent.close();
  });

  it("ends at its time limit, garbage collected or not", async () => {
    const asked = client.getRun("r1").catch((error: { reason: string }) => error.reason);
    await collectFor(300);
    expect(await asked).toBe("unreachable");
  });

  it("ends at its time limit in the middle of the answer", async () => {
    const asked = client.getRun("half").catch((error: { reason: string }) => error.reason);
    await collectFor(300);
    expect(await asked).toBe("unreachable");
  });

  it("ends when its caller gives up", async () => {
    const caller = new AbortController();
    const asked = client.awaitAnswer("a1", 60_000, { signal: caller.signal }).catch((error: Error) => error.name);
    await collectFor(200);
    caller.abort();
    expect(await asked).toBe("AbortError");
  });

  it("lets a live stream end", async () => {
    const caller = new AbortController();
    const following = (async () => {
      for await (const item of client.events({ run: "r1", signal: caller.signal })) void item;
      return "ended";
    })();
    await collectFor(300);
    caller.abort();
    expect(await following).toBe("ended");
  });
});
