import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bounds } from "@pullcord/sdk/protocol";
import { startServer } from "pullcord";
import { startTestServer, type TestServer } from "./server-for-tests.js";

describe("bad input", () => {
  let test: TestServer;
  let token: string;
  let runId: string;
  beforeAll(async () => {
    test = await startTestServer();
    token = (await test.person.issueAgentToken("coder")).secret;
    const agent = await test.agent("coder");
    runId = (await agent.openRun({ task: "bad input" })).id;
  });
  afterAll(() => test.close());

  async function post(
    body: string | Uint8Array<ArrayBuffer>,
    { path = `/v1/runs/${runId}/actions`, headers = {} }: { path?: string; headers?: Record<string, string> } = {},
  ) {
    const response = await fetch(test.server.url + path, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", authorization: `Bearer ${token}`, ...headers },
    });
    const problem = (await response.json()) as { code: string; reason: string; detail: string; field?: string };
    return { ...problem, status: response.status, type: response.headers.get("content-type") };
  }

  const action = (command: string) => JSON.stringify({ type: "command_execute", arguments: { command } });

  it.each([
    ["malformed_json", "{"],
    ["duplicate_key", '{"type":"file_read","type":"file_write","arguments":{"path":"a"}}'],
    ["lone_surrogate", '{"type":"file_read","arguments":{"path":"\\ud800"}}'],
    ["too_deep", `{"type":"file_read","arguments":${'{"a":'.repeat(80)}1${"}".repeat(80)}}`],
    ["inexact_number", '{"type":"payment","arguments":{"amount":1e999}}'],
    ["invalid_field", '{"type":"file_read","arguments":{"path":"a"},"risk":0}'],
    ["invalid_field", '{"type":"do_anything","arguments":{}}'],
    ["invalid_field", '{"type":"file_read"}'],
    ["invalid_field", "[]"],
  ])("is refused as %s with a problem document", async (reason, body) => {
    expect(await post(body)).toMatchObject({ status: 400, type: "application/problem+json", code: "invalid", reason });
  });

  it("names the field and the limit of an oversized body", async () => {
    const answer = await post(action("x".repeat(bounds.bodyBytes)));
    expect(answer).toMatchObject({ status: 413, reason: "body_too_large" });
    expect(answer.detail).toContain(String(bounds.bodyBytes));
  });

  it("refuses bytes that are not UTF-8, and another content type", async () => {
    expect(await post(new Uint8Array([0x7b, 0xff, 0x7d]))).toMatchObject({ status: 400, reason: "malformed_json" });
    expect(await post(action("ls"), { headers: { "content-type": "text/plain" } })).toMatchObject({ reason: "content_type" });
  });

  it("answers unknown routes, tokens and runs by name", async () => {
    expect(await post("{}", { path: "/v1/nothing" })).toMatchObject({ status: 404, reason: "unknown_route" });
    expect(await post(action("ls"), { headers: { authorization: "Bearer pca_wrong" } })).toMatchObject({
      status: 401,
      reason: "bad_token",
    });
    expect(await post(action("ls"), { headers: { authorization: "" } })).toMatchObject({ status: 401 });
    expect(await post(action("ls"), { path: "/v1/runs/raaaaaaaaa/actions" })).toMatchObject({ status: 404, reason: "unknown_run" });
  });

  it("turns away other sites, other names for this host, and cookies without the request token", async () => {
    expect(await post(action("ls"), { headers: { origin: "https://evil.example" } })).toMatchObject({
      status: 403,
      reason: "foreign_origin",
    });
    expect(await post(action("ls"), { headers: { "sec-fetch-site": "cross-site" } })).toMatchObject({
      status: 403,
      reason: "foreign_site",
    });
    expect(await rebound(test.server.url)).toBe(403);
    const code = new URL(await test.server.signInLink()).hash.slice("#code=".length);
    const signedIn = await fetch(`${test.server.url}/v1/sessions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code, kind: "console" }),
    });
    expect(signedIn.status).toBe(200);
    const cookie = signedIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const stop = { kind: "stop", scope: { kind: "everything" } };
    const bare = await fetch(`${test.server.url}/v1/interventions`, {
      method: "POST",
      headers: { cookie, "content-type": "application/json" },
      body: JSON.stringify(stop),
    });
    expect(bare.status).toBe(401);
    const again = await fetch(`${test.server.url}/v1/sessions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code, kind: "console" }),
    });
    expect(again.status).toBe(401);
  });

  it("names a taken port and a taken folder", async () => {
    const port = Number(new URL(test.server.url).port);
    await expect(startServer({ port, dataFolder: `${test.folder}-other` })).rejects.toMatchObject({
      code: "conflict",
      reason: "port_taken",
    });
    for (const dataFolder of ["/etc/hostname/pullcord", "/proc/pullcord"]) {
      await expect(startServer({ port: 0, dataFolder })).rejects.toMatchObject({ code: "unavailable", reason: "data_folder" });
    }
  });

  it("describes every route in an OpenAPI document", async () => {
    const document = (await (await fetch(`${test.server.url}/v1/openapi.json`)).json()) as {
      openapi: string;
      paths: Record<string, unknown>;
    };
    expect(document.openapi).toBe("3.1.0");
    for (const path of [
      "/v1/runs",
      "/v1/runs/{id}/actions",
      "/v1/approval-requests/{id}/resolution",
      "/v1/interventions",
      "/v1/events",
      "/v1/audit",
    ]) {
      expect(Object.keys(document.paths)).toContain(path);
    }
  });
});

/** What a page gets whose own name was made to point at this machine. */
function rebound(url: string): Promise<number> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, path: "/v1/health", headers: { host: "evil.example" } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}
