import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { PersonClient } from "@pullcord/sdk/client";
import { bash, claude, connectPlace, makePlace, runClaude, startModel, until } from "./claude-code/client.js";

const policy = `version: 1
rules:
  - id: asked
    effect: require_approval
    level: review
    when: { command: "touch asked*" }
`;

const thinkMs = 5_000;

interface Serving {
  readonly url: string;
  readonly person: PersonClient;
  readonly child: ChildProcess;
}

describe.skipIf(claude === undefined)("Claude Code while the server dies", () => {
  const dataFolder = mkdtempSync(join(tmpdir(), "pullcord-restart-"));
  const children: ChildProcess[] = [];
  afterAll(() => {
    for (const child of children) child.kill("SIGKILL");
    rmSync(dataFolder, { recursive: true, force: true });
  });

  async function serve(port: number): Promise<Serving> {
    writeFileSync(join(dataFolder, "policy.yaml"), policy);
    const program = new URL("claude-code/serve.mjs", import.meta.url).pathname;
    const child = spawn(process.execPath, [program, JSON.stringify({ dataFolder, port })], { stdio: ["ignore", "pipe", "inherit"] });
    children.push(child);
    const line = await new Promise<string>((resolve, reject) => {
      child.stdout.once("data", (data: Buffer) => resolve(data.toString()));
      child.once("exit", (status) => reject(new Error(`The server ended with status ${status}. Is it built? npm run build`)));
    });
    const { url, owner } = JSON.parse(line) as { url: string; owner: string };
    return { url, child, person: new PersonClient({ url, token: owner }) };
  }

  it("keeps the question through kill -9, and runs the action once it is approved after the restart", async () => {
    const first = await serve(0);
    const token = (await first.person.issueAgentToken("claude-code")).secret;
    await first.person.setTrust("claude-code", "standard");
    const place = makePlace();
    connectPlace(place, { url: first.url, token });
    const model = await startModel(place, {
      main: [
        { tools: [bash("touch asked-once")] },
        // The model thinks while the server is brought up again, and then does exactly the same.
        { tools: [bash("touch asked-once")], delayMs: thinkMs },
        { tools: [bash("echo > after")] },
        { text: "fin" },
      ],
    });
    const { ended } = runClaude(place, model);
    const pending = (person: PersonClient) => until(async () => (await person.listApprovalRequests({ status: "pending" })).items[0]);
    const request = await pending(first.person);

    // The held call is denied at once.
    first.child.kill("SIGKILL");
    await until(() => model.results().length > 0);
    const second = await serve(Number(new URL(first.url).port));
    const again = await pending(second.person);
    expect(again.id).toBe(request.id);
    await second.person.resolve(again.id, { effect: "approve", digest: again.action.digest });
    const { status, result } = await ended;
    model.stop();
    expect([status, result?.result]).toEqual([0, "fin"]);
    expect(model.results()[0]).toMatchObject({ isError: true, text: expect.stringContaining("Pullcord's server does not answer") });
    expect([existsSync(join(place.workspace, "asked-once")), existsSync(join(place.workspace, "after"))]).toEqual([true, true]);

    const { items } = await second.person.listActions(request.runId);
    expect(items.find(({ id }) => id === request.action.id)?.state.status).toBe("succeeded");
    expect((await second.person.verifyAudit()).ok).toBe(true);
    place.remove();
  });
});
