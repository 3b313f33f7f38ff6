import { problemCodes, PullcordError, type Problem } from "@pullcord/sdk/protocol";
import { answer } from "./routes.js";
import { streamOf } from "./stream.js";
import type { FakeState } from "./state.js";

/** Answers the API's requests from memory, for development, the gallery and its tests. No product behaviour. */
export function fakeFetch(state: FakeState): (request: Request) => Promise<Response> {
  return async (request) => {
    if (state.isDown) throw new TypeError("The in-memory server is down.");
    const url = new URL(request.url);
    try {
      if (url.pathname === "/v1/events") return streamOf(state, request.signal);
      const body: unknown = request.method === "GET" ? {} : await request.json();
      const result = answer({
        state,
        method: request.method,
        path: url.pathname,
        query: url.searchParams,
        body: body as Record<string, never>,
      });
      return result === undefined ? new Response(null, { status: 204 }) : Response.json(result);
    } catch (error) {
      if (error instanceof PullcordError) return problem(error);
      throw error;
    }
  };
}

function problem(error: PullcordError): Response {
  const status = problemCodes[error.code].http;
  const body: Problem = { type: "about:blank", title: error.code, status, detail: error.message, code: error.code, reason: error.reason };
  return Response.json(body, { status });
}
