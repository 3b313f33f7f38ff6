import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, type Page } from "@playwright/test";
import { AgentClient, PersonClient } from "@pullcord/sdk/client";
import type { ActionAnswer, ProposedAction } from "@pullcord/sdk/protocol";
import { startServer, type RunningServer } from "pullcord";
import { expectAccessible } from "./console-page.js";

const answerWaitMs = 30_000;

let server: RunningServer;
let folder: string;
let agent: AgentClient;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pullcord-browser-"));
  server = await startServer({ port: 0, dataFolder: join(folder, "data") });
  const person = new PersonClient({ url: server.url, token: await server.ownerToken() });
  const { secret } = await person.issueAgentToken("scripted-agent");
  agent = new AgentClient({ url: server.url, token: secret });
});

test.afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const command = (text: string): ProposedAction => ({
  type: "command_execute",
  arguments: { command: text },
  tool: { name: "Bash", input: { command: text } },
});
const keep = (page: Page, name: string) => page.screenshot({ path: `artefacts/screenshots/journey-${name}.png` });

/** Proposes, and gives what comes of it once a person has answered. */
async function ask(runId: string, text: string): Promise<{ readonly answer: Promise<ActionAnswer> }> {
  const first = await agent.propose(runId, command(text));
  expect(first.next).toBe("wait");
  return { answer: agent.awaitAnswer(first.action.id, answerWaitMs) };
}

test("a person signs in by the link, watches a run, approves, denies, tells and stops", async ({ page }) => {
  test.setTimeout(120_000);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && !message.text().includes("401") && complaints.push(message.text()));

  await test.step("without the link, the page says how to get one", async () => {
    await page.goto(server.url);
    await expect(page.getByText("npx pullcord sign-in")).toBeVisible();
  });

  await test.step("the link signs in once and leaves no code in the address", async () => {
    const link = await server.signInLink();
    await page.goto(link);
    await page.getByRole("heading", { level: 1, name: "Board" }).waitFor();
    expect(page.url()).toBe(`${server.url}/`);
    await expect(page.getByText("Nothing is running")).toBeVisible();
    await expect(page.getByText("Live", { exact: true })).toBeVisible();
    await keep(page, "1-empty-board");
    await expectAccessible(page);
  });

  const run = await agent.openRun({ task: "Tidy up the shop's logs", workingDirectory: join(folder, "shop") });

  await test.step("the board shows the run live", async () => {
    await expect(page.getByText("Tidy up the shop's logs")).toBeVisible();
    await agent.reportProgress(run.id, { n: 3, of: 12, item: "logs/app.log" });
    await expect(page.getByText("3 of 12")).toBeVisible();
    await agent.reportProgress(run.id, { n: 4, of: 12, item: "logs/db.log" });
    await expect(page.getByText("4 of 12")).toBeVisible();
    await keep(page, "2-board");
  });

  await test.step("its log streams", async () => {
    await page.getByText("Tidy up the shop's logs").click();
    await page.getByRole("tab", { name: "Log" }).click();
    await agent.appendLog(run.id, [{ stream: "stdout", text: "looking at logs/app.log" }]);
    await expect(page.getByText("looking at logs/app.log")).toBeVisible();
    await agent.appendLog(run.id, [{ stream: "stderr", text: "it is \u001b[31mlarge\u202e" }]);
    await expect(page.getByText("RLO", { exact: true })).toBeVisible();
    await keep(page, "3-log");
    await page.getByLabel("Search the output").fill("LARGE");
    await expect(page.getByText("1 of 2 lines")).toBeVisible();
    await expect(page.getByText("looking at logs/app.log")).toBeHidden();
    await page.getByLabel("Search the output").press("Escape");
    await expect(page.getByText("looking at logs/app.log")).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("a high-risk request is approved by holding", async () => {
    const asked = await ask(run.id, "rm -rf ./logs/archive");
    await page.getByRole("link", { name: /Inbox/u }).first().click();
    await expect(page.getByRole("region", { name: "Runs in the shell" })).toContainText("rm -rf ./logs/archive");
    await keep(page, "4-request");
    await expectAccessible(page);
    const approve = page.locator("[data-approve]");
    await expect(approve).toBeEnabled();
    await approve.focus();
    await page.keyboard.down("Enter");
    const answer = await asked.answer;
    await page.keyboard.up("Enter");
    expect(answer.next).toBe("consume");
    await expect(page.getByText("Nothing waits for you").first()).toBeVisible();
  });

  await test.step("another one is denied, and the reason reaches the agent", async () => {
    const asked = await ask(run.id, "rm -rf ./logs/current");
    await expect(page.getByRole("region", { name: "Runs in the shell" })).toContainText("logs/current");
    await page.keyboard.press("d");
    await page.keyboard.type("These are still in use");
    await page.keyboard.press("Enter");
    const answer = await asked.answer;
    expect(answer.next).toBe("deny");
    expect(answer.guidance).toContain("These are still in use");
  });

  await test.step("an instruction is delivered, and the page says so", async () => {
    await page.goto(`${server.url}/runs/${run.id}`);
    await page.getByRole("button", { name: /^Tell run/u }).click();
    await page.getByLabel("Tell the agent").fill("Leave the current logs alone");
    await page.getByRole("button", { name: "Tell", exact: true }).click();
    await expect(page.getByText("Waits for the next safe point")).toBeVisible();
    const point = await agent.safePoint(run.id);
    expect(point.instructions.map((instruction) => instruction.text)).toEqual(["Leave the current logs alone"]);
    // The next call proves that the answer with the instruction had arrived.
    await agent.safePoint(run.id);
    await expect(page.getByText(/Delivered after/u)).toBeVisible();
    await keep(page, "5-run");
    await expectAccessible(page);
  });

  await test.step("stop is one press, and the receipt says what came of it", async () => {
    const asked = await ask(run.id, "rm -rf ./logs/more");
    await page
      .getByRole("button", { name: /^Stop everything$/u })
      .locator("visible=true")
      .click();
    const answer = await asked.answer;
    expect(answer.next).toBe("deny");
    expect(answer.stop).toBe(true);
    // This agent named no processes, so nobody may claim that none is left.
    const receipt = page.getByRole("status").filter({ hasText: "Not proven stopped" });
    await expect(receipt).toContainText("nothing more allowed");
    await expect(receipt).toContainText("it stops at its next action");
    await agent.propose(run.id, command("ls")).then((after) => expect(after.next).toBe("deny"));
    await keep(page, "6-stopped");
    await expectAccessible(page);
  });

  await test.step("the record has it all and verifies", async () => {
    await page.goto(`${server.url}/record`);
    await expect(page.getByRole("button", { name: /intervention\.made/u }).first()).toBeVisible();
    await page.getByRole("button", { name: "Verify" }).click();
    await expect(page.getByText(/entries verified/u)).toBeVisible();
    await keep(page, "7-record");
    await expectAccessible(page);
  });

  expect(complaints).toEqual([]);
});
