import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ActionAnswer, ProposedAction } from "@pullcord/sdk/protocol";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startSignedIn } from "./cli/command.js";
import { hasTmux, Terminal } from "./cli/terminal.js";
import type { TestServer } from "./server-for-tests.js";

const pushing: ProposedAction = { type: "command_execute", arguments: { command: "git push origin main" } };
const requestOf = ({ action: { state } }: ActionAnswer) => (state.status === "waiting" ? state.approvalRequestId : "");

// Where the machine stalls for 1.5 s, the server takes it for letting go: a person holds again then.
describe.skipIf(!hasTmux)("holding Enter in a real terminal (needs tmux)", { retry: 2 }, () => {
  let test: TestServer;
  let terminal: Terminal | null = null;
  beforeAll(async () => {
    test = await startSignedIn();
    // Keys come late where the machine has much else to do: silence that long still counts as held.
    writeFileSync(join(test.folder, "hold.json"), JSON.stringify({ firstRepeatMs: 3_000, releaseGapMs: 3_000 }));
  });
  afterAll(() => test.close());
  afterEach(() => terminal?.close());

  it("confirms after three seconds, in five to six in all, and then runs the command", async () => {
    terminal = new Terminal(test.folder, ["confirm", "This deletes all graph data", "--", "sh", "-c", "echo gone; exit 7"]);
    terminal.press("Enter", "Enter", "Enter");
    const screen = await terminal.shows(/Press Space/);
    expect(screen).toContain("This deletes all graph data");
    expect(screen).toContain("cannot be undone");
    terminal.press("Space");
    await terminal.shows(/hold Enter/);
    const begunAt = Date.now();
    await terminal.hold("Enter", /Confirmed|status=/);
    expect(Date.now() - begunAt).toBeGreaterThan(2_400);
    expect(await terminal.shows(/status=7/)).toMatch(/gone/);
  });

  it("refuses an early release, with status 1 and nothing run", async () => {
    terminal = new Terminal(test.folder, ["confirm", "Nothing really", "--", "echo", "ran"]);
    expect(await terminal.shows(/Press Space/)).toContain("As far as can be read, this changes nothing.");
    terminal.press("Space");
    await terminal.shows(/hold Enter/);
    await terminal.hold("Enter", /never/, 1_200);
    const screen = await terminal.shows(/status=1/);
    expect(screen).toContain("too early");
    expect(screen).not.toMatch(/^ran$/m);
  });

  it("cancels at Ctrl+C and gives the terminal back", async () => {
    terminal = new Terminal(test.folder, ["confirm", "Nothing really"]);
    await terminal.shows(/Press Space/);
    terminal.press("C-c");
    expect(await terminal.shows(/status=130/)).toContain("Cancelled");
  });

  it("tells an agent word for word what to ask after ten seconds of silence", async () => {
    terminal = new Terminal(test.folder, ["confirm", "This deletes all graph data"]);
    const screen = await terminal.shows(/ask your human exactly this/);
    expect(screen).toMatch(/hold Enter:\s+pullcord\s+confirm/);
  });

  it("asks for the word after the hold", async () => {
    terminal = new Terminal(test.folder, ["confirm", "Really", "--word", "GRAPH"]);
    await terminal.shows(/Press Space/);
    terminal.press("Space");
    await terminal.shows(/hold Enter/);
    await terminal.hold("Enter", /Confirmed/);
    await terminal.shows(/Type GRAPH/);
    terminal.press("GRAPH", "Enter");
    expect(await terminal.shows(/status=0/)).not.toContain("not the word");
  });

  it("approves what a person made of the arguments, and shows that first", async () => {
    const agent = await test.agent("coder");
    const run = await agent.openRun({ task: "publish", workingDirectory: "/srv/shop" });
    const asked = await agent.propose(run.id, pushing);
    terminal = new Terminal(test.folder, ["approve", requestOf(asked), "--edit"], { EDITOR: "sed -i s/main/review/" });
    expect(await terminal.shows(/Press Space/)).toMatch(/You changed the arguments[\s\S]*git push origin review/);
    terminal.press("Space");
    await terminal.shows(/hold Enter/);
    await terminal.hold("Enter", /Confirmed|status=/);
    await terminal.shows(/status=0/);
    expect(await agent.awaitAnswer(asked.action.id, 0)).toMatchObject({
      next: "consume",
      action: { approvedArguments: { command: "git push origin review" } },
    });
  });

  it("approves a risky request, which runs once then", async () => {
    const agent = await test.agent("coder");
    const run = await agent.openRun({ task: "publish", workingDirectory: test.folder });
    const asked = await agent.propose(run.id, pushing);
    terminal = new Terminal(test.folder, ["approve", requestOf(asked)]);
    expect(await terminal.shows(/Press Space/)).toContain("git push origin main");
    terminal.press("Space");
    await terminal.shows(/hold Enter/);
    await terminal.hold("Enter", /Confirmed|status=/);
    expect(await terminal.shows(/status=0/)).toContain("Approved");
    expect((await agent.awaitAnswer(asked.action.id, 0)).next).toBe("consume");
  });
});
