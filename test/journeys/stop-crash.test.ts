import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AgentClient, PersonClient } from "@pullcord/sdk/client";
import { afterEach, expect, it } from "vitest";
import { ServerProcess } from "./crash/server-process.js";

/** It ignores the request to end, so that the server has to come back to it: time enough to be killed in between. */
const stubborn = 'trap "" TERM HUP INT; echo up; while :; do sleep 0.1; done';
/** A server that is quick enough to end it before it is killed itself is tried again. */
const mostTries = 20;
const lookEveryMs = 50;

const leaving: (() => unknown)[] = [];
afterEach(async () => {
  for (const leave of leaving.splice(0).reverse()) await leave();
});

/** A run whose process the server ends by itself, and a server that dies right after it has acknowledged the stop. */
async function crashInStop(dataFolder: string): Promise<{ child: ChildProcess; interventionId: string }> {
  const server = new ServerProcess();
  leaving.push(() => server.kill());
  const { url, owner, tokens } = await server.start({ dataFolder, agents: ["coder"] });
  const agent = new AgentClient({ url, token: tokens["coder"] ?? "" });
  const { id } = await agent.openRun({ task: "stubborn", workingDirectory: dataFolder });
  const child = spawn("sh", ["-c", stubborn], {
    env: { PATH: process.env["PATH"], PULLCORD_RUN_ID: id },
    stdio: ["ignore", "pipe", "ignore"],
  });
  leaving.push(() => child.kill("SIGKILL"));
  await new Promise((resolve) => child.stdout?.once("data", resolve));
  await agent.reportProcess(id, { marker: { name: "PULLCORD_RUN_ID", value: id } });
  const stop = await new PersonClient({ url, token: owner }).intervene({ kind: "stop", scope: { kind: "run", id } });
  expect(await server.kill()).toBe("SIGKILL");
  return { child, interventionId: stop.id };
}

it("ends after its restart what a stop on record had not reached, and completes the receipt", async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), "pullcord-stop-crash-"));
  leaving.push(() => rmSync(dataFolder, { recursive: true, force: true }));
  let crashed = await crashInStop(dataFolder);
  for (let tries = 1; tries < mostTries && crashed.child.signalCode !== null; tries += 1) crashed = await crashInStop(dataFolder);
  const { child, interventionId } = crashed;
  expect(child.signalCode, "the process outlived the server").toBe(null);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const server = new ServerProcess();
  leaving.push(() => server.kill());
  const { url, owner } = await server.start({ dataFolder, agents: [] });
  await ended;
  const person = new PersonClient({ url, token: owner });
  let receipt = await person.stopReceipt(interventionId);
  while (receipt.runs[0]?.processes.at === undefined) {
    await sleep(lookEveryMs);
    receipt = await person.stopReceipt(interventionId);
  }
  expect(receipt).toMatchObject({ standing: "stopped", runs: [{ processes: { status: "ended" } }] });
});
