import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { actionDigest } from "../protocol/digest.js";
import type { ProposedAction } from "../protocol/index.js";
import { connect } from "./connect.js";

// The server is scripted here, to say what a real one never would. What a real one says: test/journeys/sdk-gate.test.ts.

const proposed: ProposedAction = { type: "command_execute", arguments: { command: "make deploy" } };
const run = { id: "r234567890", agent: "scripted", state: { status: "running" } };
const digest = actionDigest({ agent: run.agent, runId: run.id, proposed });

type Answers = Readonly<Record<string, (body: unknown) => unknown>>;

const action = (over: object = {}) => ({ id: "a234567890", digest, ...over });
const answer = (next: string, over: object = {}) => ({
  action: action(),
  next,
  guidance: "the server's words",
  stop: false,
  instructions: [],
  ...over,
});

function scripted(answers: Answers) {
  const calls: string[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (pathname === "/v1/events")
      return new Response(
        new ReadableStream({ start: (controller) => request.signal.addEventListener("abort", () => controller.close()) }),
      );
    const name = `${request.method} ${pathname.replace("/v1/", "").replace(/[ra]234567890/, "ID")}`;
    calls.push(name);
    if (name === "POST runs" || name === "GET runs/ID") return Response.json(run);
    const body: unknown = await request.json().catch(() => null);
    const given = answers[name];
    if (!given) return Response.json({});
    const aborted = new Promise<never>((_, reject) =>
      request.signal.addEventListener("abort", () => reject(request.signal.reason as Error)),
    );
    const said = await Promise.race([given(body), aborted]);
    return said instanceof Response ? said : Response.json(said);
  };
  return { calls, gate: connect({ url: "http://pullcord.invalid", token: "pca_x", killFile: null, fetch }) };
}

/** So many times as fast do limits pass where nothing is answered. */
const hurry = 20;
const never = () => new Promise<never>(() => {});
async function act(answers: Answers) {
  const { gate, calls } = scripted(answers);
  let ran: unknown = null;
  const open = await gate;
  const result = await open
    .run("try it", (each) => each.act(proposed, (_signal, args) => (ran = args)))
    .then(
      () => null,
      (error: unknown) => error,
    );
  return { error: result as { code?: string; reason?: string; message?: string } | null, ran, calls };
}

describe("the gate", () => {
  it("runs what is allowed, with the arguments it proposed, and reports it", async () => {
    const { error, ran, calls } = await act({ "POST runs/ID/actions": () => answer("run") });
    expect([error, ran]).toEqual([null, proposed.arguments]);
    expect(calls).toContain("POST actions/ID/outcome");
    expect(calls.at(-1)).toBe("POST runs/ID/result");
  });

  it("runs what was approved in place of what it proposed", async () => {
    const approvedArguments = { command: "make deploy-staging" };
    const approvedDigest = actionDigest({ agent: run.agent, runId: run.id, proposed, approvedArguments });
    const over = { action: action({ approvedArguments, approvedDigest }) };
    const { ran } = await act({
      "POST runs/ID/actions": () => answer("consume", over),
      "POST actions/ID/start": () => answer("run", over),
    });
    expect(ran).toEqual(approvedArguments);
  });

  const mutations: readonly { title: string; answers: Answers; reason: string }[] = [
    { title: "a deny", answers: { "POST runs/ID/actions": () => answer("deny") }, reason: "denied" },
    { title: "a stop", answers: { "POST runs/ID/actions": () => answer("deny", { stop: true }) }, reason: "stopped" },
    {
      title: "another action's digest",
      answers: { "POST runs/ID/actions": () => answer("run", { action: action({ digest: "0".repeat(64) }) }) },
      reason: "digest_mismatch",
    },
    {
      title: "other arguments under the same digest",
      answers: {
        "POST runs/ID/actions": () =>
          answer("consume", { action: action({ approvedArguments: { command: "rm -rf /" }, approvedDigest: digest }) }),
      },
      reason: "digest_mismatch",
    },
    {
      title: "other arguments that nobody approved",
      answers: {
        "POST runs/ID/actions": () => {
          const approvedArguments = { command: "rm -rf /" };
          return answer("run", {
            action: action({
              approvedArguments,
              approvedDigest: actionDigest({ agent: run.agent, runId: run.id, proposed, approvedArguments }),
            }),
          });
        },
      },
      reason: "denied",
    },
    {
      title: "a permit that was used",
      answers: { "POST runs/ID/actions": () => answer("consume"), "POST actions/ID/start": () => answer("deny") },
      reason: "denied",
    },
    { title: "a word that is none", answers: { "POST runs/ID/actions": () => answer("maybe") }, reason: "gate_closed" },
    { title: "an answer without an action", answers: { "POST runs/ID/actions": () => ({ next: "run" }) }, reason: "gate_closed" },
    { title: "an answer that is null", answers: { "POST runs/ID/actions": () => Response.json(null) }, reason: "gate_closed" },
    {
      title: "an answer that is not JSON",
      answers: { "POST runs/ID/actions": () => new Response("<html>proxy</html>") },
      reason: "gate_closed",
    },
    { title: "an error page", answers: { "POST runs/ID/actions": () => new Response("no", { status: 502 }) }, reason: "gate_closed" },
    { title: "no answer", answers: { "POST runs/ID/actions": never }, reason: "gate_closed" },
    {
      title: "no answer to the permit",
      answers: { "POST runs/ID/actions": () => answer("consume"), "POST actions/ID/start": never },
      reason: "gate_closed",
    },
  ];

  it.each(mutations)("does not run at $title, and says so", async ({ answers, reason }) => {
    // What is never answered ends at its limit, here sooner.
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    const limit = vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => timeout(ms / hurry));
    const { error, ran } = await act(answers).finally(() => limit.mockRestore());
    expect(ran).toBeNull();
    expect(error?.reason).toBe(reason);
    expect(error?.message).not.toBe("");
  });

  it("reports a failure of the work as failed, and throws it on", async () => {
    const reported: unknown[] = [];
    const { gate } = scripted({
      "POST runs/ID/actions": () => answer("run"),
      "POST actions/ID/outcome": (body) => (reported.push(body), {}),
      "POST runs/ID/result": (body) => (reported.push(body), run),
    });
    const failing = (await gate).run("try it", (each) => each.act(proposed, () => Promise.reject(new Error("disk full"))));
    await expect(failing).rejects.toThrow("disk full");
    expect(reported).toMatchObject([{ status: "failed", summary: "disk full" }, { result: "failed" }]);
  });

  it("refuses to connect without a token, with the words for the human", async () => {
    await expect(connect({ token: "" })).rejects.toMatchObject({
      reason: "no_token",
      message: expect.stringContaining("pullcord token issue"),
    });
  });
});

describe("the kill file", () => {
  const folder = mkdtempSync(join(tmpdir(), "pullcord-gate-"));
  const killFile = join(folder, "STOP");
  afterEach(() => rmSync(killFile, { force: true }));

  it("stops everything before any server is asked", async () => {
    writeFileSync(killFile, "");
    const gate = await connect({ url: "http://pullcord.invalid", token: "pca_x", killFile, fetch: never });
    await expect(gate.run("try it", () => Promise.resolve())).rejects.toMatchObject({
      reason: "stopped",
      message: expect.stringContaining("resume --offline"),
    });
  });

  it("is looked for in one folder more when the environment names one", async () => {
    writeFileSync(killFile, "");
    vi.stubEnv("PULLCORD_DATA", folder);
    const gate = await connect({ url: "http://pullcord.invalid", token: "pca_x", killFile: join(folder, "another"), fetch: never });
    vi.unstubAllEnvs();
    await expect(gate.open("try it")).rejects.toMatchObject({ reason: "stopped" });
  });

  it("ends an action that runs", async () => {
    const fetch = async (request: Request): Promise<Response> => {
      const { pathname } = new URL(request.url);
      if (pathname === "/v1/events") return never();
      return Response.json(pathname.endsWith("/actions") ? answer("run") : run);
    };
    const open = await (await connect({ url: "http://pullcord.invalid", token: "pca_x", killFile, fetch })).open("try it");
    const running = open.act(
      proposed,
      (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error))),
    );
    setTimeout(() => writeFileSync(killFile, ""), 50);
    await expect(running).rejects.toMatchObject({ reason: "stopped" });
  });
});

describe("a live stream that nobody can read", () => {
  const streams: readonly { title: string; stream: () => Response; opened: number }[] = [
    { title: "keeps sending what is no event", stream: () => new Response("data: {\n\n"), opened: 3 },
    {
      title: "is refused",
      stream: () => Response.json({ code: "unauthenticated", reason: "bad_token", detail: "revoked" }, { status: 401 }),
      opened: 1,
    },
  ];

  it.each(streams)("ends what runs when it $title, and says why", async ({ stream, opened }) => {
    let connections = 0;
    const fetch = async (request: Request): Promise<Response> => {
      const { pathname } = new URL(request.url);
      if (pathname !== "/v1/events") return Response.json(pathname.endsWith("/actions") ? answer("run") : run);
      connections += 1;
      return stream();
    };
    const open = await (await connect({ url: "http://pullcord.invalid", token: "pca_x", killFile: null, fetch })).open("try it");
    const running = open.act(
      proposed,
      (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error))),
    );
    await expect(running).rejects.toMatchObject({ reason: "stop_not_heard", message: expect.stringContaining("no longer hear a stop") });
    expect([connections, open.signal.aborted]).toEqual([opened, true]);
    await expect(open.act(proposed, () => "more")).rejects.toMatchObject({ reason: "stop_not_heard" });
    await open.close();
  });
});

describe("a server that nothing is heard from", () => {
  async function silentFor(act: "stop" | "pause", comesBack = false) {
    let connections = 0;
    const fetch = async (request: Request): Promise<Response> => {
      const { pathname } = new URL(request.url);
      if (pathname === "/v1/events") {
        connections += 1;
        if (!comesBack || connections === 1) throw new Error("away");
        return new Response(
          new ReadableStream({ start: (controller) => request.signal.addEventListener("abort", () => controller.close()) }),
        );
      }
      return Response.json({ ...run, serverSilent: { afterMs: 100, act } });
    };
    const open = await (await connect({ url: "http://pullcord.invalid", token: "pca_x", killFile: null, fetch })).open("try it");
    const heard: string[] = [];
    const happened = new Promise<void>((resolve) => {
      open.onHeld = ({ held }) => {
        heard.push(held);
        if (heard.length === (comesBack ? 2 : 1)) resolve();
      };
    });
    await happened;
    await open.close();
    return { open, heard };
  }

  it("ends the run after as long as the policy says", async () => {
    const { open, heard } = await silentFor("stop");
    expect([heard, open.signal.aborted, open.signal.reason]).toEqual([
      ["stopped"],
      true,
      expect.objectContaining({ reason: "server_silent" }),
    ]);
  });

  it("pauses it, and lets it go on when the server is heard again", async () => {
    const { open, heard } = await silentFor("pause", true);
    expect([heard, open.signal.aborted]).toEqual([["paused", "running"], false]);
  });
});

describe("a run's log", () => {
  it("goes out in order and in bounded batches, and says what could not be kept", async () => {
    const posts: { text: string }[][] = [];
    const { gate } = scripted({ "POST runs/ID/log": (body) => (posts.push((body as { lines: { text: string }[] }).lines), {}) });
    await (
      await gate
    ).run("talk", (each) => {
      for (let line = 0; line < 6_000; line += 1) each.log(`line ${line}`);
      return Promise.resolve();
    });
    const lines = posts.flat().map(({ text }) => text);
    expect(Math.max(...posts.map(({ length }) => length))).toBeLessThanOrEqual(500);
    expect(lines[0]).toBe("(1000 lines could not be kept)");
    expect(lines.slice(1)).toEqual(Array.from({ length: 5_000 }, (_, index) => `line ${index + 1_000}`));
  });
});
