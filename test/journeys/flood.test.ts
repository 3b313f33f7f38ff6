import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AgentClient } from "@pullcord/sdk/client";
import { startTestServer, type TestServer } from "./server-for-tests.js";

/** Proposals that one agent makes at once, each on a connection of its own. */
const flooding = 300;

/** People come first: what they do is answered before most of what an agent asked for earlier (R29). */
describe("while one agent asks for more than the server can take", () => {
  let test: TestServer;
  let path: string;
  let secret: string;
  beforeAll(async () => {
    test = await startTestServer();
    ({ secret } = await test.person.issueAgentToken("flooder"));
    await test.person.setTrust("flooder", "standard");
    const run = await new AgentClient({ url: test.server.url, token: secret }).openRun({ task: "flood" });
    path = `/v1/runs/${run.id}/actions`;
    // Code that has not run before is slow, and would let the flood trickle in.
    await answeredBefore(() => Promise.resolve());
  });
  afterAll(() => test.close());

  async function open(): Promise<Socket> {
    const { port, hostname } = new URL(test.server.url);
    const socket = connect(Number(port), hostname).setEncoding("utf8");
    await once(socket, "connect");
    return socket;
  }

  async function propose(socket: Socket, n: number): Promise<void> {
    const body = JSON.stringify({ type: "command_execute", arguments: { command: `ls ${n}` } });
    const { host } = new URL(test.server.url);
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${secret}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    const [answer] = (await once(socket, "data")) as [string];
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
  }

  /** How many of the flood were answered before something that was asked for after all of it. */
  async function answeredBefore(what: () => Promise<unknown>): Promise<number> {
    const sockets = await Promise.all(Array.from({ length: flooding }, open));
    // The connection of what comes later is there already, too.
    await test.person.status();
    let answered = 0;
    const flood = sockets.map((socket, n) => propose(socket, n).then(() => (answered += 1)));
    await what();
    const before = answered;
    await Promise.all(flood);
    for (const socket of sockets) socket.destroy();
    return before;
  }

  it("answers a person's stop before most of it", async () => {
    const stop = () => test.person.intervene({ kind: "stop", scope: { kind: "agent", id: "nobody" } });
    expect(await answeredBefore(stop)).toBeLessThan(flooding / 2);
  });

  it("answers a person's decision before most of it", async () => {
    const agent = await test.agent("asker");
    const asking = await agent.openRun({ task: "ask" });
    const { action } = await agent.propose(asking.id, { type: "command_execute", arguments: { command: "git push origin main" } });
    const id = action.state.status === "waiting" ? action.state.approvalRequestId : "";
    expect(await answeredBefore(() => test.person.resolve(id, { effect: "deny", digest: action.digest }))).toBeLessThan(flooding / 2);
  });

  it("decides for another agent before most of it", async () => {
    const other = await test.agent("other");
    const modest = await other.openRun({ task: "modest" });
    const proposing = () => other.propose(modest.id, { type: "command_execute", arguments: { command: "ls" } });
    expect(await answeredBefore(proposing)).toBeLessThan(flooding / 2);
  });
});
