import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "@pullcord/sdk";
import { bounds } from "@pullcord/sdk/protocol";
import { afterEach, expect, it } from "vitest";
import { ServerProcess } from "./crash/server-process.js";

const leaving: (() => unknown)[] = [];
afterEach(async () => {
  for (const leave of leaving.splice(0).reverse()) await leave();
});

// The limit of the test is what it is about: an answer itself may take longer than that.
it("does not run an action when the server hangs, without waiting as long as a busy one may take", { timeout: 45_000 }, async () => {
  expect(bounds.snapshotMs).toBeGreaterThan(45_000);
  const folder = mkdtempSync(join(tmpdir(), "pullcord-hanging-"));
  const server = new ServerProcess();
  leaving.push(
    () => rmSync(folder, { recursive: true, force: true }),
    () => server.kill(),
  );
  const { url, tokens } = await server.start({ dataFolder: folder, agents: ["coder"] });
  const gate = await connect({ url, token: tokens["coder"] ?? "", killFile: null });
  const run = await gate.open({ task: "hang", workingDirectory: folder });
  let hasRun = false;
  const act = () =>
    run.act({ type: "command_execute", arguments: { command: "ls" } }, () => {
      hasRun = true;
      return Promise.resolve();
    });
  await act();
  expect(hasRun).toBe(true);
  hasRun = false;
  server.freeze();
  await expect(act()).rejects.toMatchObject({ code: "unavailable", reason: "gate_closed" });
  expect(hasRun).toBe(false);
});
