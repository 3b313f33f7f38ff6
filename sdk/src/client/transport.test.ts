import { describe, expect, it } from "vitest";
import { AgentClient } from "./agent-client.js";
import { PersonClient } from "./person-client.js";

/** What was asked for, and an answer to it. */
function clients(answer: (request: Request) => Response = () => Response.json({})) {
  const asked: Request[] = [];
  const fetch = async (request: Request) => {
    asked.push(request);
    return answer(request);
  };
  const options = { url: "http://pullcord.invalid", token: "pca_x", fetch, requestMs: 100, aliveMs: 100 };
  return { asked, agent: new AgentClient(options), person: new PersonClient(options) };
}

describe("a request", () => {
  it("sends an idempotency key when the caller gave one, and makes none", async () => {
    const { asked, agent } = clients();
    await agent.openRun({ task: "try it" });
    await agent.openRun({ task: "try it" }, { idempotencyKey: "k1" });
    expect(asked.map(({ headers }) => headers.get("idempotency-key"))).toEqual([null, "k1"]);
  });

  it.each([
    ["../audit?x#y", "/v1/runs/..%2Faudit%3Fx%23y"],
    ["..", "/v1/runs/%252E%252E"],
    [".", "/v1/runs/%252E"],
    ["a b/ü", "/v1/runs/a%20b%2F%C3%BC"],
    ["\ud800", "/v1/runs/%EF%BF%BD"],
  ])("keeps the id %j one segment of the path", async (id, expected) => {
    const { asked, agent, person } = clients();
    await agent.getRun(id);
    await person.getRun(id);
    expect(asked.map(({ url }) => new URL(url).pathname)).toEqual([expected, expected]);
  });

  it("is given up when the server hangs, long before the time that an answer may take", async () => {
    const { agent, asked } = clients(() => new Promise<Response>(() => {}) as never);
    await expect(agent.propose("r1", { type: "file_read", arguments: {} })).rejects.toMatchObject({ reason: "unreachable" });
    expect(asked.map(({ url }) => new URL(url).pathname)).toContain("/v1/health");
  });

  it("goes on waiting for a server that is busy and says so", async () => {
    const answer = Promise.withResolvers<Response>();
    let questions = 0;
    const { agent } = clients((request) => {
      if (!request.url.endsWith("/v1/health")) return answer.promise as never;
      questions += 1;
      if (questions === 3) answer.resolve(Response.json({ next: "run" }));
      return new Response(null, { status: 204 });
    });
    expect(await agent.propose("r1", { type: "file_read", arguments: {} })).toEqual({ next: "run" });
  });

  it("is unanswered when the body does not come in time", async () => {
    const slow = ({ signal }: Request) =>
      new Response(new ReadableStream({ start: (body) => signal.addEventListener("abort", () => body.error(signal.reason)) }));
    const { agent } = clients(slow);
    await expect(agent.getRun("r1")).rejects.toMatchObject({ code: "unavailable", reason: "unreachable" });
  });

  it("ends as its caller wishes while the body is read", async () => {
    const caller = new AbortController();
    const slow = ({ signal }: Request) =>
      new Response(new ReadableStream({ start: (body) => signal.addEventListener("abort", () => body.error(signal.reason)) }));
    const asked = clients(slow).agent.getRun("r1", { signal: caller.signal });
    setTimeout(() => caller.abort(), 20);
    await expect(asked).rejects.toMatchObject({ name: "AbortError" });
  });

  it.each([
    ["a page", () => new Response("<html>"), "malformed_answer"],
    ["an error page", () => new Response("no", { status: 502 }), "unexpected_status"],
    ["an error that is null", () => Response.json(null, { status: 500 }), "unexpected_status"],
    ["an error of no code we know", () => Response.json({ code: "toString" }, { status: 500 }), "unexpected_status"],
  ])("is unavailable when the answer is %s", async (_what, answer, reason) => {
    await expect(clients(answer).agent.getRun("r1")).rejects.toMatchObject({ code: "unavailable", reason });
  });
});
