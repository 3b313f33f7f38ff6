import type { Page } from "@playwright/test";
import type { FakeState } from "../../console/dev/fake/state.js";
import { dress, expect, expectAccessible, test } from "./console-page.js";

declare const fake: FakeState;

const runningRun = (page: Page) =>
  page.evaluate(
    () => [...fake.runs.values()].find((run) => run.state.status === "running" && (fake.actions.get(run.id) ?? []).length > 0)?.id ?? "",
  );

/** A paused run with one action, which has run and is opened in the timeline. @returns the action's id */
async function pausedAfter(page: Page, open: (path: string) => Promise<void>): Promise<string> {
  await open("/");
  const run = await runningRun(page);
  await open(`/runs/${run}`);
  const action = await page.evaluate((id) => {
    const [first] = fake.actions.get(id) ?? [];
    if (!first) return "";
    const state = { status: "succeeded", outcome: { status: "succeeded" }, at: Date.now() };
    fake.actions.set(id, [{ ...first, state } as typeof first]);
    return first.id;
  }, run);
  await page.getByRole("button", { name: `Pause run ${run}` }).click();
  await page.getByRole("tab", { name: "Timeline" }).click();
  const line = page.getByRole("tabpanel").locator("button[aria-expanded]");
  await expect(line).toHaveCount(1);
  await line.press("Enter");
  return action;
}

test.describe("undo on a run's page", () => {
  test("is refused while the run goes on, offered when it is stopped, seen before it is done, and can be taken back", async ({
    page,
    open,
  }) => {
    await open("/");
    const run = await runningRun(page);
    await open(`/runs/${run}`);
    await page.getByRole("button", { name: `Undo run ${run}` }).click();
    await expect(page.getByRole("dialog")).toContainText("still running");
    await page.getByRole("button", { name: "Close" }).click();

    await page.getByRole("button", { name: `Stop run ${run}` }).click();
    await expect(page.getByText("This run made 205 changes.")).toBeVisible();
    await page
      .getByRole("button", { name: `Undo run ${run}` })
      .last()
      .click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("src/checkout/total.ts");
    // Two hundred rows are no wall: by table, counted, the first of them, the others when they are wanted.
    const orders = dialog.getByRole("list", { name: "Rows of shop.db/orders" });
    await expect(dialog).toContainText("200 changed");
    await expect(orders.getByRole("listitem").filter({ hasText: "status: archived → delivered" })).toHaveCount(10);
    await dialog.getByRole("button", { name: "Show 190 more" }).click();
    await expect(orders.getByRole("listitem").filter({ hasText: "status: archived → delivered" })).toHaveCount(200);
    await expect(dialog.getByRole("list", { name: "Effects of commands" })).toContainText("pip uninstall --yes flask");
    await expect(dialog).toContainText("Somebody changed the same part since.");
    await dialog.getByText("src/checkout/total.ts").click();
    await expect(dialog).toContainText("return cart.sum * 1.19;");
    await dialog.getByText("shop.db/prices/17").click();
    await expect(dialog).toContainText("amount: 1200");
    await expect(dialog.getByRole("list", { name: "What is run for shop.db/prices/17" })).toContainText(
      'UPDATE "prices" SET "amount" = 1200',
    );
    await expectAccessible(page);
    await page.screenshot({ path: "artefacts/screenshots/undo-preview.png" });

    await dialog.getByRole("button", { name: "Undo 205 changes" }).click();
    await expect(dialog).toContainText("Undone: 205 changes, each checked, 1 left as found.");
    expect(await page.evaluate(() => fake.undos.map(({ kind, runId }) => [kind, runId]))).toEqual([["undo", run]]);
    await dialog.getByRole("button", { name: "Close" }).last().click();
    await expect(page.getByText("This run made 205 changes.")).toBeHidden();

    await page.getByRole("button", { name: /^Take undo .* back$/u }).click();
    await page.getByRole("button", { name: "Redo 205 changes" }).click();
    await expect.poll(() => page.evaluate(() => fake.undos.map(({ kind }) => kind))).toEqual(["redo", "undo"]);
  });

  test("holds a run that goes on in one press, and then shows what will go back", async ({ page, open }) => {
    await open("/");
    const run = await runningRun(page);
    await open(`/runs/${run}`);
    await page.getByRole("button", { name: `Undo run ${run}` }).click();
    const dialog = page.getByRole("dialog");
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Pause it" }).click();
    await expect(dialog.getByRole("button", { name: "Undo 205 changes" })).toBeVisible();
    expect(await page.evaluate((id) => fake.runs.get(id)?.state.status, run)).toBe("paused");
    expect(await page.evaluate(() => fake.undos.length)).toBe(0);
  });

  test("offers to take back one action, and what came after one", async ({ page, open }) => {
    test.slow();
    const action = await pausedAfter(page, open);
    const dialog = page.getByRole("dialog");
    await page.getByRole("button", { name: `Undo what came after action ${action}` }).press("Enter");
    await expect(dialog.getByRole("heading", { name: "Undo what came after this action" })).toBeVisible();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: `Undo action ${action}` }).press("Enter");
    await expect(dialog.getByRole("heading", { name: "Undo this action" })).toBeVisible();
    await expectAccessible(page);
  });

  test("takes back only some paths, by keyboard, and says what looked different afterwards", async ({ page, open }) => {
    const action = await pausedAfter(page, open);
    const dialog = page.getByRole("dialog");
    await page.getByRole("button", { name: `Undo action ${action}` }).press("Enter");
    await dialog.getByText("Only some of it").press("Enter");
    await dialog.getByLabel("Files, folders or rows, one a line").fill("src\nshop.db/prices");
    await dialog.getByRole("button", { name: "Show what goes back then" }).press("Enter");
    await expect(dialog).not.toContainText("docs/old-prices.md");
    await dialog.getByRole("button", { name: "Undo 3 changes" }).press("Enter");
    await expect(dialog).toContainText("Undone: 3 changes, each checked.");
    expect(await page.evaluate(() => fake.undos.map(({ of }) => of))).toEqual([{ action, only: ["src", "shop.db/prices"] }]);
    await expect(dialog.getByRole("button", { name: "Close" }).last()).toBeFocused();
    await page.keyboard.press("Enter");
    await page.evaluate(() => {
      const [undo] = fake.undos;
      const last = fake.audit.at(-1);
      if (!undo || !last) return;
      fake.undos[0] = { ...undo, unverified: ["src/checkout/tax.ts"] };
      for (const listener of fake.listeners) listener({ kind: "recorded", entry: { ...last, seq: last.seq + 1 } });
    });
    await expect(page.getByRole("region", { name: "Undos" })).toContainText("Undone: 3 changes, 1 looked different right afterwards.");
  });

  test("says that nothing goes back where all of it stays", async ({ page, open }) => {
    await open("/");
    const run = await runningRun(page);
    await open(`/runs/${run}`);
    await page.getByRole("button", { name: `Stop run ${run}` }).click();
    await page
      .getByRole("button", { name: `Undo run ${run}` })
      .last()
      .click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Only some of it").click();
    await dialog.getByLabel("Files, folders or rows, one a line").fill("README.md");
    await dialog.getByRole("button", { name: "Show what goes back then" }).click();
    await expect(dialog).toContainText("Nothing of it goes back.");
    await expect(dialog).toContainText("Somebody changed the same part since.");
    await expect(dialog.getByRole("button", { name: "Undo 0 changes" })).toBeDisabled();
  });

  test("shows what the run changed, with its lines", async ({ page, open }) => {
    await open("/");
    const run = await runningRun(page);
    await open(`/runs/${run}`);
    await page.getByRole("tab", { name: "Changes" }).click();
    await expect(page.getByRole("list", { name: "Files" })).toContainText("docs/old-prices.md");
    await expect(page.getByRole("list", { name: "Rows of shop.db/prices" })).toContainText("amount: 1200 → 1428");
    await page.getByText("src/checkout/tax.ts").click();
    await expect(page.getByText("export const tax = 0.19;")).toBeVisible();
    await expect(page.getByRole("list", { name: "What an undo runs for packages of pip/flask" })).toContainText(
      "pip uninstall --yes flask",
    );
    await expectAccessible(page);
    for (const [theme, width] of [
      ["light", 1440],
      ["dark", 360],
    ] as const) {
      await dress(page, theme, width);
      await page.screenshot({ path: `artefacts/screenshots/changes-${theme}-${width}.png`, fullPage: true });
    }
  });

  test("offers a review when the run has ended: keep as a commit, discard, leave", async ({ page, open }) => {
    await open("/");
    const run = await runningRun(page);
    await open(`/runs/${run}`);
    await expect(page.getByRole("tab", { name: "Review" })).toBeHidden();
    await page.getByRole("button", { name: `Stop run ${run}` }).click();
    await page.getByRole("button", { name: "Review" }).click();
    await expect(page.getByRole("region", { name: "What the run came to" })).toContainText("approved by ada");
    await expectAccessible(page);

    await page.getByRole("button", { name: "Keep as a commit" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("Pullcord-Run: ");
    // The receipt of the stop is still in sight: it does not cover the dialog.
    await expect(page.getByRole("button", { name: "Put the receipt away" })).toBeVisible();
    await dialog.getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "Keep as a commit" }).click();
    await expect(dialog).toContainText("Git ignores it.");
    await expectAccessible(page);
    await dialog.getByRole("textbox", { name: "Branch" }).fill("tidy");
    await dialog.getByRole("button", { name: "Keep 3 paths" }).click();
    await expect(page.getByRole("list", { name: "What people decided" })).toContainText("Kept on branch tidy");
    await expect(page.getByText("This run made 205 changes.")).toBeHidden();

    await page.getByRole("button", { name: "Discard" }).click();
    await dialog.getByRole("button", { name: "Undo 205 changes" }).click();
    await expect(dialog).toContainText("Undone: 205 changes");
    await dialog.getByRole("button", { name: "Close" }).last().click();
    await page.getByRole("button", { name: "Leave as it is" }).click();
    await expect.poll(() => page.evaluate(() => fake.reviews.map(({ outcome }) => outcome))).toEqual(["kept", "discarded", "left"]);
  });
});
