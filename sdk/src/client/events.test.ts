import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isPullcordError } from "../protocol/index.js";
import { liveEvents, type StreamItem } from "./events.js";
import { Transport } from "./transport.js";

const entry = (seq: number) => `id: ${seq}\ndata: ${JSON.stringify({ kind: "recorded", entry: { seq } })}\n\n`;

/** A server whose every connection sends what `sending` says and then closes, or holds. */
function scripted(sending: (connection: number) => { readonly blocks?: readonly string[]; readonly holds?: boolean } | "silent") {
  const asked: (string | null)[] = [];
  const fetch = async ({ url, signal }: Request): Promise<Response> => {
    asked.push(new URL(url).searchParams.get("after"));
    const script = sending(asked.length);
    if (script === "silent") {
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
    }
    const start = (controller: ReadableStreamDefaultController<Uint8Array>) => {
      for (const block of script.blocks ?? []) controller.enqueue(new TextEncoder().encode(block));
      if (script.holds) signal.addEventListener("abort", () => controller.error(new Error("aborted")));
      else controller.close();
    };
    return Promise.resolve(new Response(new ReadableStream({ start })));
  };
  return { asked, transport: new Transport({ url: "http://pullcord.invalid", fetch }) };
}

/** What the stream gives in `ms` of time, and what it threw. */
async function follow(transport: Transport, ms: number, after?: number) {
  const end = new AbortController();
  const items: StreamItem[] = [];
  let error: unknown = null;
  const following = (async () => {
    for await (const item of liveEvents(transport, { after, signal: end.signal })) items.push(item);
  })().catch((thrown: unknown) => (error = thrown));
  await vi.advanceTimersByTimeAsync(ms);
  end.abort();
  await vi.advanceTimersByTimeAsync(0);
  await following;
  return { items, reason: isPullcordError(error) ? error.reason : error };
}

describe("the live stream", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] }));
  afterEach(() => void vi.useRealTimers());

  it("gives events in order, and goes on behind the last one after a break", async () => {
    const { asked, transport } = scripted((connection) =>
      connection === 1 ? { blocks: [entry(4), ": still here\n\n", entry(5)] } : { holds: true },
    );
    const { items } = await follow(transport, 1_000, 3);
    expect(items.map((item) => (item.kind === "recorded" ? item.entry.seq : item.kind))).toEqual([
      "connected",
      4,
      5,
      "disconnected",
      "connected",
    ]);
    expect(asked).toEqual(["3", "5"]);
  });

  it.each([
    ["in a block of its own", ["id: 7\n\n", ": connected\n\n"]],
    ["with its comment", ["id: 7\n: connected\n\n"]],
  ])("loses nothing from the first connection on when the server says %s where the record stands", async (_where, blocks) => {
    const { asked, transport } = scripted((connection) => (connection === 1 ? { blocks } : { holds: true }));
    const { items } = await follow(transport, 1_000);
    expect(asked).toEqual([null, "7"]);
    expect(items.map(({ kind }) => kind)).toEqual(["connected", "disconnected", "connected"]);
  });

  it("leaves out nothing because of where the record stands when it knows what it has seen", async () => {
    const { asked, transport } = scripted((connection) => (connection === 1 ? { blocks: ["id: 9\n\n"] } : { holds: true }));
    await follow(transport, 1_000, 3);
    expect(asked).toEqual(["3", "3"]);
  });

  it("gives up a connection whose answer does not begin", async () => {
    const { asked, transport } = scripted(() => "silent");
    const { items } = await follow(transport, 15_000);
    expect(asked.length).toBe(2);
    expect(items.map(({ kind }) => kind)).toEqual(["disconnected"]);
  });

  it("gives up a connection that falls silent", async () => {
    const { asked, transport } = scripted(() => ({ blocks: [": connected\n\n"], holds: true }));
    await follow(transport, 26_000);
    expect(asked.length).toBe(2);
  });

  it("comes back ever more slowly to a server that accepts and closes", async () => {
    const { asked, transport } = scripted(() => ({ blocks: [": connected\n\n"] }));
    await follow(transport, 60_000);
    expect(asked.length).toBeLessThan(20);
  });

  it.each([
    ["no JSON", "data: {\n\n"],
    ["null", "data: null\n\n"],
    ["no kind", "data: {}\n\n"],
    ["an entry without a number", 'data: {"kind":"recorded","entry":{}}\n\n'],
  ])("gives up after three connections that end at %s", async (_what, block) => {
    const { asked, transport } = scripted(() => ({ blocks: [block], holds: true }));
    const { reason } = await follow(transport, 60_000);
    expect([asked.length, reason]).toEqual([3, "malformed_event"]);
  });
});
