import { afterEach, describe, expect, it } from "vitest";
import type { ApprovalRequest } from "@pullcord/sdk/protocol";
import { bash, claude, until, type Turn } from "./claude-code/client.js";
import { sessionsUnder } from "./claude-code/session.js";
import { hasTmux, openTerminal, type Terminal } from "./claude-code/terminal.js";

const policy = `version: 1
rules:
  - id: asked
    effect: require_approval
    level: review
    when: { command: "touch asked*" }
    reason: "Touching this needs a person."
  - id: factor
    effect: require_approval
    level: required_2fa
    when: { command: "touch factor*" }
`;

const keyPauseMs = 400;

describe.skipIf(claude === undefined || !hasTmux)("Claude Code at a terminal, racing with the console", () => {
  const session = sessionsUnder({ policy, trustTier: "standard" });
  const { pending, made } = session;
  let terminal: Terminal;
  afterEach(() => terminal.close());

  async function start(turns: readonly Turn[], how?: { readonly url: string }) {
    const model = await session.begin({ main: turns }, how);
    terminal = openTerminal(session.place, model);
    await terminal.shows(/❯|\? for shortcuts/);
    await pause();
    terminal.type("do it");
    await pause();
    terminal.keys("Enter");
  }

  const pause = () => new Promise((resolve) => setTimeout(resolve, keyPauseMs));
  const ended = (request: ApprovalRequest) =>
    until(async () => {
      const now = await session.person.getApprovalRequest(request.id);
      return now.status === "pending" ? undefined : now;
    });
  const dialog = async (command: string) => {
    const screen = await terminal.shows(new RegExp(`${command}[\\s\\S]*Do you want to proceed`));
    // Keys that come the moment a dialog appears are not taken.
    await pause();
    return screen;
  };

  it("runs what the person at the terminal approves first, and records where it was approved", async () => {
    await start([{ tools: [bash("touch asked-terminal")] }, { text: "All done." }]);
    const request = await pending("touch asked-terminal");
    expect(await dialog("touch asked-terminal")).toContain("Touching this needs a person.");
    terminal.keys("1");
    await terminal.shows(/All done\./);
    expect(made("asked-terminal")).toBe(true);
    expect(await ended(request)).toMatchObject({
      status: "approved",
      consumed: true,
      resolution: { by: { kind: "agent", id: "claude-code", via: "agent_terminal" } },
    });
    expect((await session.person.getAction(request.action.id)).state.status).toBe("succeeded");
  });

  it("closes the dialog when the console is first: approved, edited, denied with a reason", async () => {
    await start([
      { tools: [bash("touch asked-console")] },
      { tools: [bash("touch asked-edited")] },
      { tools: [bash("touch asked-denied")] },
      { text: "All done." },
    ]);
    const approved = await pending("touch asked-console");
    await dialog("touch asked-console");
    await session.person.resolve(approved.id, { effect: "approve", digest: approved.action.digest });
    const edited = await pending("touch asked-edited");
    await dialog("touch asked-edited");
    await session.person.resolve(edited.id, {
      effect: "approve",
      digest: edited.action.digest,
      modifiedArguments: { command: "touch edited" },
    });
    const denied = await pending("touch asked-denied");
    await dialog("touch asked-denied");
    await session.person.resolve(denied.id, { effect: "deny", digest: denied.action.digest, reason: "Wait for the release." });
    await terminal.shows(/All done\./);
    expect([made("asked-console"), made("asked-edited"), made("edited"), made("asked-denied")]).toEqual([true, false, true, false]);
    expect(session.model.results().at(-1)?.text).toContain("Wait for the release.");
    expect((await session.person.getAction(approved.action.id)).state.status).toBe("succeeded");
  });

  it("withdraws the request when the person at the terminal says no, with words or without", async () => {
    await start([{ tools: [bash("touch asked-words")] }, { tools: [bash("touch asked-escape")] }, { text: "fin" }]);
    const withWords = await pending("touch asked-words");
    await dialog("touch asked-words");
    for (const key of ["Down", "Down", "Tab"]) {
      terminal.keys(key);
      await pause();
    }
    terminal.type("use staging please");
    await pause();
    terminal.keys("Enter");
    expect(await ended(withWords)).toMatchObject({ status: "cancelled" });
    const escaped = await pending("touch asked-escape");
    await dialog("touch asked-escape");
    terminal.keys("Escape");
    expect(await ended(escaped)).toMatchObject({ status: "cancelled" });
    expect([made("asked-words"), made("asked-escape")]).toEqual([false, false]);
    expect(session.model.seen()).toContain("use staging please");
  });

  it("runs nothing more when a person stops the run under the dialog", async () => {
    await start([{ tools: [bash("touch asked-stopped")] }, { tools: [bash("touch after")] }, { text: "fin" }]);
    const request = await pending("touch asked-stopped");
    await dialog("touch asked-stopped");
    const { id } = await session.person.intervene({ kind: "stop", scope: { kind: "run", id: request.runId } });
    expect(await ended(request)).toMatchObject({ status: "cancelled" });
    // With its last line the receipt says that the client is gone, or what is left of it.
    await until(async () => (await session.person.getIntervention(id)).effects.some(({ step }) => step === "ended" || step === "unproven"));
    expect([made("asked-stopped"), made("after")]).toEqual([false, false]);
  });

  it("tells the person, too, what to do when the server is down", async () => {
    await start([{ tools: [bash("echo no > ran")] }, { text: "All done." }], { url: "http://127.0.0.1:9" });
    const screen = await terminal.shows(/All done\./);
    expect(screen.replaceAll(/\s+/g, " ")).toContain("Pullcord's server does not answer, so this action was not run.");
    expect(made("ran")).toBe(false);
  });

  it("holds without a dialog what the terminal cannot prove", async () => {
    await start([{ tools: [bash("touch factor")] }, { text: "All done." }]);
    const request = await pending("touch factor");
    expect(request.level).toBe("required_2fa");
    expect(await terminal.shows(/PreToolUse hook|Asking Pullcord/)).not.toContain("Do you want to proceed");
    await session.person.resolve(request.id, { effect: "deny", digest: request.action.digest, reason: "No." });
    await terminal.shows(/All done\./);
    expect(made("factor")).toBe(false);
  });
});
