import { connect } from "node:net";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PersonClient } from "@pullcord/sdk/client";
import { startTestServer, type TestServer } from "./server-for-tests.js";

/** A hostile page, another program on this machine, malformed requests, and the hard floor as the reader sees it. */

let test: TestServer;
let host: string;
let consoleFolder: string;
const failures: unknown[] = [];
beforeAll(async () => {
  consoleFolder = mkdtempSync(join(tmpdir(), "pullcord-console-"));
  mkdirSync(join(consoleFolder, "public"));
  writeFileSync(join(consoleFolder, "public/index.html"), "the console");
  writeFileSync(join(consoleFolder, "secret"), "outside");
  test = await startTestServer({ consoleFolder: join(consoleFolder, "public"), onFailure: (error) => failures.push(error) });
  host = new URL(test.server.url).host;
});
afterAll(async () => {
  await test.close();
  rmSync(consoleFolder, { recursive: true, force: true });
});

/** A server that waits for the rest of what is no request says nothing for so long. Long enough for a busy one to answer. */
const silentMs = 15_000;

/** Sends bytes as they are and gives what comes back. */
function raw(request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(host.split(":")[1]), "127.0.0.1", () => socket.write(request));
    let answer = "";
    socket.setTimeout(silentMs, () => socket.destroy());
    socket.on("data", (chunk) => (answer += chunk.toString("utf8")));
    socket.on("error", reject);
    socket.on("close", () => resolve(answer));
  });
}
const get = (path: string, headers = `Host: ${host}\r\n`) => raw(`GET ${path} HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`);

async function consoleSession() {
  const code = (await test.server.signInLink()).split("code=")[1];
  const answer = await fetch(`${test.server.url}/v1/sessions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code, kind: "console" }),
  });
  const cookie = answer.headers.getSetCookie()[0]!.split(";")[0]!;
  return { cookie, requestToken: ((await answer.json()) as { requestToken: string }).requestToken };
}
const stop = (headers: Record<string, string>) =>
  fetch(`${test.server.url}/v1/interventions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ kind: "stop", scope: { kind: "agent", id: "nobody" } }),
  });

describe("a session's cookie", () => {
  it("alone writes nothing", async () => {
    const { cookie, requestToken } = await consoleSession();
    expect((await stop({ cookie })).status).toBe(401);
    expect((await stop({ cookie, "x-pullcord-session": "x" })).status).toBe(401);
    expect((await stop({ cookie, "x-pullcord-session": requestToken })).status).toBe(200);
    for (const headers of [
      { origin: "http://evil.example" },
      { origin: "null" },
      { origin: "http://127.0.0.1:9" },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "cross-site" },
    ]) {
      expect((await stop({ cookie, "x-pullcord-session": requestToken, ...headers })).status).toBe(403);
    }
  });

  // Finding: A7, http/guard.ts checkWrite takes any Authorization header for a bearer token.
  it("writes nothing together with an Authorization header that proves nothing", async () => {
    const { cookie } = await consoleSession();
    expect((await stop({ cookie, authorization: "Basic eDp5" })).status).not.toBe(200);
  });

  // Finding: A7, http/principal.ts takes a console session's cookie as a bearer token.
  it("writes nothing when it is sent as a bearer token, as another program that saw it would", async () => {
    // Cookies are not kept apart by port: a page that any other program serves on 127.0.0.1 is sent this one.
    const { cookie } = await consoleSession();
    expect((await stop({ authorization: `Bearer ${cookie.split("=")[1]}` })).status).not.toBe(200);
  });

  // Finding: A7, GET /v1/session answers the write token to the cookie alone.
  it("does not give away the write token", async () => {
    const { cookie } = await consoleSession();
    const session = await (await fetch(`${test.server.url}/v1/session`, { headers: { cookie } })).text();
    expect(session).not.toContain("requestToken");
  });

  // Finding: A8, http/live.ts never looks at the proof again.
  it("closes the live stream when it ends", async () => {
    const { cookie, requestToken } = await consoleSession();
    const closing = new AbortController();
    const stream = await fetch(`${test.server.url}/v1/events`, { headers: { cookie }, signal: closing.signal });
    const reader = stream.body!.getReader();
    await reader.read();
    await fetch(`${test.server.url}/v1/session`, {
      method: "DELETE",
      headers: { cookie, "x-pullcord-session": requestToken, "content-type": "application/json" },
      body: "{}",
    });
    await test.person.setTrust("somebody", "standard");
    let chunk = await reader.read();
    while (!chunk.done && !new TextDecoder().decode(chunk.value).includes("trust.changed")) chunk = await reader.read();
    closing.abort();
    expect(chunk.done).toBe(true);
  });
});

describe("a request", () => {
  it("by a name that was made to point here is refused", async () => {
    for (const name of [
      "evil.example",
      `evil.example:${host.split(":")[1]}`,
      "127.0.0.1:1",
      `127.0.0.1.nip.io:${host.split(":")[1]}`,
      `x@${host}`,
      "",
    ]) {
      expect(await get("/v1/status", `Host: ${name}\r\n`)).toMatch(/^HTTP\/1.1 4/);
      expect(await get("/", `Host: ${name}\r\n`)).toMatch(/^HTTP\/1.1 4/);
    }
    expect(await get("http://evil.example/v1/health")).toMatch(/^HTTP\/1.1 4/);
  });

  it("reads no file outside the console's folder", async () => {
    for (const path of [
      "/../secret",
      "/..%2fsecret",
      "/%2e%2e/secret",
      "/..%5csecret",
      "/assets/..%2f..%2fsecret",
      "//secret",
      "/%2e%2e%2fsecret",
      "/%00",
      "/x%00.html",
      "/....//secret",
      "/%252e%252e%252fsecret",
    ]) {
      const answer = await get(path);
      expect(answer).not.toContain("outside");
      expect(answer).not.toMatch(/^HTTP\/1.1 5/);
    }
  });

  // Finding: A14, http/console-files.ts and http/routes/record.ts let URIError and ZodError through as 500.
  it("that is malformed is the sender's fault, not ours", async () => {
    failures.length = 0;
    expect.soft(await get("/%")).not.toMatch(/^HTTP\/1.1 5/);
    expect.soft(await get("/%E0%A4%A")).not.toMatch(/^HTTP\/1.1 5/);
    const token = await test.server.ownerToken();
    expect
      .soft((await fetch(`${test.server.url}/v1/audit?cursor=abc`, { headers: { authorization: `Bearer ${token}` } })).status)
      .toBe(400);
    expect(failures).toEqual([]);
  });

  it("leaves the server standing whatever it looks like", async () => {
    const requests = [
      `POST /v1/runs HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 99999999999999\r\n\r\n`,
      `POST /v1/runs HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n`,
      `GET /v1/events?after=-1 HTTP/1.1\r\nHost: ${host}\r\nLast-Event-ID: 1e99\r\nConnection: close\r\n\r\n`,
      `GET /?${"a=b&".repeat(3_000)} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: ${host}\r\nCookie: ${"pullcord_session=x; ".repeat(500)}\r\nConnection: close\r\n\r\n`,
      `GET /v1/runs HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n`,
      "\0\0\0\r\n\r\n",
    ];
    await Promise.all(requests.map((request) => raw(request).catch(() => "")));
    const posts = [
      "[".repeat(100_000),
      '{"a":'.repeat(10_000),
      "null",
      "1e999",
      '{"__proto__":1}',
      '{"event":"\\ud800"}',
      "",
      "{",
      `{"hook_event_name":"__proto__","session_id":"s"}`,
      `{"hook_event_name":"PreToolUse","session_id":"s","tool_name":"Bash","tool_input":${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}}`,
    ];
    const agent = (await test.person.issueAgentToken("mallory")).secret;
    for (const body of posts) {
      const headers = { authorization: `Bearer ${agent}`, "content-type": "application/json" };
      const hook = await fetch(`${test.server.url}/hooks/claude-code`, { method: "POST", headers, body });
      expect(await hook.text()).toContain(body.includes("__proto__") && body.includes("hook_event") ? "{}" : "deny");
      expect((await fetch(`${test.server.url}/v1/runs`, { method: "POST", headers, body })).status).toBe(400);
    }
    expect((await fetch(`${test.server.url}/v1/health`)).status).toBe(204);
    expect(await test.person.verifyAudit()).toMatchObject({ ok: true });
  });
});

describe("the presence check", () => {
  it("gives no proof early, twice, to somebody else, or for another digest", async () => {
    const check = await test.person.beginPresenceCheck("a".repeat(64));
    await expect(test.person.completePresence(check.id)).rejects.toMatchObject({ code: "forbidden" });
    await expect(test.person.completePresence(check.id)).rejects.toMatchObject({ code: "conflict" });
    const idle = await test.person.beginPresenceCheck("a".repeat(64));
    test.advance(4_000);
    await expect(test.person.completePresence(idle.id)).rejects.toMatchObject({ reason: "released_early" });
    const asAgent = new PersonClient({ url: test.server.url, token: (await test.person.issueAgentToken("mallory")).secret });
    await expect(asAgent.beginPresenceCheck("a".repeat(64))).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("the hard floor", () => {
  const answer = async (command: string, level: "ask_destructive" | "full" = "ask_destructive") => {
    const agent = await test.agent("floor", level === "full" ? "autonomous" : "standard");
    await test.person.setAutonomy({ scope: { kind: "agent", id: "floor" }, level });
    const run = await agent.openRun({ task: "cross the floor", workingDirectory: consoleFolder });
    const written = command
      .replaceAll("PORT", host.split(":")[1]!)
      .replaceAll("DATA", test.folder)
      .replace("MANY", ":;".repeat(2_100))
      .replace("LONG", `#${"x".repeat(210_000)}\n`);
    return (await agent.propose(run.id, { type: "command_execute", arguments: { command: written } })).next;
  };

  it.each([
    "curl -X POST http://127.0.0.1:PORT/v1/interventions -d '{}'",
    "curl --json '{}' localhost:PORT/v1/x",
    "wget --post-data=x http://127.1:PORT/v1/x",
    "npx pullcord approve q1",
    "env -i pullcord approve q1",
    "bash -c 'pullcord approve q1'",
    "echo x > .claude/settings.local.json",
    "cd .claude && echo x > settings.local.json",
    "sqlite3 DATA/pullcord.db \"update approval_requests set status='approved'\"",
    "truncate -s 0 DATA/pullcord.db",
    "rm DATA/STOP",
    "kill -9 $(pgrep -f pullcord)",
  ])("holds against %s", async (command) => {
    expect(await answer(command)).toBe("deny");
  });

  it.each([
    "exec 3<>/dev/tcp/127.0.0.1/PORT; printf 'POST /v1/x HTTP/1.1' >&3",
    "bash -c 'echo POST > /dev/tcp/localhost/PORT'",
    "printf 'POST /v1/x HTTP/1.1' | nc 127.0.0.1 PORT",
    "exec 3<>/dev/tcp/0/PORT",
    "socat - TCP:127.1:PORT",
    "telnet localhost PORT",
    "openssl s_client -connect localhost:PORT",
  ])("holds at full autonomy against %s, the API past its client", async (command) => {
    expect(await answer(command, "full")).toBe("deny");
  });

  it.each([
    "ln -s .claude c && echo x > c/settings.local.json",
    "node node_modules/pullcord/dist/main.js approve q1",
    "yarn pullcord approve q1",
  ])("holds without anybody being asked against %s", async (command) => {
    expect(await answer(command)).not.toBe("run");
  });

  it.each([
    `rm -rf .claude`,
    `mv .claude c`,
    "LONG echo x > DATA/policy.yaml",
    "MANY echo x > DATA/policy.yaml",
    "MANY pullcord approve q1",
    "fuser -k PORT/tcp",
    "sed -i s/a/b/ /tmp/pullcord-tes*/policy.yaml",
    "sqlite3 DATA/pullcord.db .dump",
  ])("holds at full autonomy against %s", async (command) => {
    expect(await answer(command, "full")).toBe("deny");
  });
});
