import type { LiveEvent } from "@pullcord/sdk/protocol";
import type { FakeState } from "./state.js";

const heartbeatMs = 10_000;
const watchMs = 200;

/** A text/event-stream of what happens in the fake. */
export function streamOf(state: FakeState, signal: AbortSignal): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (event: LiveEvent) => controller.enqueue(encoder.encode(`data: ${JSON.stringify(event)}\n\n`));
      const heartbeat = setInterval(() => controller.enqueue(encoder.encode(":\n\n")), heartbeatMs);
      const end = () => {
        clearInterval(heartbeat);
        clearInterval(watch);
        state.listeners.delete(send);
        controller.error(new DOMException("aborted", "AbortError"));
      };
      const watch = setInterval(() => state.isDown && end(), watchMs);
      controller.enqueue(encoder.encode(":\n\n"));
      state.listeners.add(send);
      signal.addEventListener("abort", end);
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}
