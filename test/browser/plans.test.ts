import type { Page } from "@playwright/test";
import type { FakeState } from "../../console/dev/fake/state.js";
import { dress, expect, expectAccessible, expectNoSidewaysScroll, test, themes } from "./console-page.js";

declare const fake: FakeState;

const openPlan = async (page: Page) => {
  await page.getByRole("link").filter({ hasText: "npm test -- cart, and 5 more" }).click();
  await expect(page.getByRole("article")).toContainText("A plan of 6 steps");
};

test.describe("a plan", () => {
  for (const theme of themes) {
    for (const width of [360, 1440]) {
      test(`is shown step by step, at ${width} px in ${theme}`, async ({ page, open }) => {
        await dress(page, theme, width);
        await open("/inbox");
        await openPlan(page);
        await expect(page.getByRole("region", { name: /^Step/u })).toHaveCount(6);
        await expect(page.getByText("Pushes to main are denied: push a branch.")).toBeVisible();
        await expect(page.getByText("Step 4 is denied by policy")).toBeVisible();
        await expectNoSidewaysScroll(page);
        await page.screenshot({ path: `artefacts/screenshots/plan-${theme}-${width}.png` });
        await expectAccessible(page);
        await page.getByRole("button", { name: "Edit step 4" }).click();
        await page.screenshot({ path: `artefacts/screenshots/plan-edit-${theme}-${width}.png` });
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
      });

      test(`is followed on its run's page, at ${width} px in ${theme}`, async ({ page, open }) => {
        await dress(page, theme, width);
        await open("/runs/rt5u6v7w8x");
        const plan = page.getByRole("region", { name: "Plan" });
        await expect(plan).toContainText("2 of 4 done");
        await expect(plan).toContainText("1 deviation");
        await plan.getByRole("button", { name: "Show steps" }).click();
        await expect(plan.getByRole("region", { name: "Step 3" })).toContainText("Next");
        await expectNoSidewaysScroll(page);
        await page.screenshot({ path: `artefacts/screenshots/plan-run-${theme}-${width}.png` });
        await expectAccessible(page);
      });
    }
  }

  test("is edited, moved, thinned and approved by keyboard alone", async ({ page, open }) => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await open("/inbox");
    await openPlan(page);
    const press = async (name: string) => {
      await page.getByRole("button", { name }).focus();
      await page.keyboard.press("Enter");
    };
    await press("Move step 3 up");
    await expect(page.getByRole("region", { name: /^Step/u }).nth(1)).toHaveAccessibleName("Step 3");
    await press("Take step 2 out");
    await expect(page.getByRole("region", { name: "Taken out" })).toContainText("Step 2");
    await press("Edit step 4");
    await page.getByLabel("Command to run instead").fill("git push origin cart-discounts");
    await press("Put it in the plan");
    await expect(page.getByRole("region", { name: "Step 4" })).toContainText("Changed by a person");
    await expect(page.getByText("is denied by policy")).toBeHidden();
    await expect(async () => {
      for (const step of await page.getByRole("region", { name: /^Step/u }).all()) await step.scrollIntoViewIfNeeded();
      expect(await page.getByText("Read every step to its end").isVisible()).toBe(false);
    }).toPass();
    await page.keyboard.press("Escape");
    const hold = page.locator("[data-approve]");
    await hold.focus();
    await page.keyboard.press("Space");
    await expect(page.getByRole("button", { name: "Press again to approve" })).toBeVisible();
    await page.keyboard.press("Space");
    await expect
      .poll(() =>
        page.evaluate(() =>
          [...fake.plans.values()]
            .filter(({ resolution }) => resolution?.status === "approved")
            .map(({ steps, removed }) => [steps.map(({ number }) => number), removed.map(({ number }) => number)]),
        ),
      )
      .toContainEqual([[1, 3, 4, 5, 6], [2]]);
  });

  test("shows the rows of each step, or why not, which steps ahead were not run for it, and previews them anew after an edit", async ({
    page,
    open,
  }) => {
    await open("/inbox");
    await openPlan(page);
    const rowsOf = (step: number) =>
      page.getByRole("region", { name: `Step ${step}`, exact: true }).getByRole("region", { name: "Rows it would change" });
    const change = /rate\s*from\s*0\.20\s*→\s*to\s*0\.19/u;
    await expect(rowsOf(4)).toBeHidden();
    await expect(rowsOf(5)).toContainText("nothing is changed yet");
    await expect(rowsOf(5)).toContainText(change);
    await expect(rowsOf(6)).toContainText("could not be previewed. The database refused it");
    await expect(rowsOf(6)).toContainText("Step 5 changes the same database first and had not run then.");
    await page.getByRole("button", { name: "Move step 6 up" }).click();
    await expect(rowsOf(6)).toContainText(change);
    await expect(rowsOf(5)).toContainText("Step 6 changes the same database first");
    await rowsOf(5).scrollIntoViewIfNeeded();
    await page.screenshot({ path: "artefacts/screenshots/plan-rows.png" });
    await expectAccessible(page);
  });

  test("is denied with a reason, and taken back once approved", async ({ page, open }) => {
    await open("/inbox");
    await openPlan(page);
    await page.keyboard.press("d");
    await page.keyboard.type("Not before the release");
    await page.keyboard.press("Enter");
    await expect
      .poll(() => page.evaluate(() => [...fake.plans.values()].map(({ resolution }) => resolution?.reason)))
      .toContain("Not before the release");
    await open("/runs/rt5u6v7w8x");
    await page.getByRole("button", { name: "Take plan back" }).click();
    await expect(page.getByRole("region", { name: "Plan" })).toContainText("Taken back");
  });

  test("that somebody changed meanwhile is not approved unseen", async ({ page, open }) => {
    await open("/inbox");
    await openPlan(page);
    await page.evaluate(() => {
      for (const plan of fake.plans.values()) if (plan.status === "pending") fake.plans.set(plan.id, { ...plan, digest: "0".repeat(64) });
    });
    await page.getByRole("button", { name: "Take step 4 out" }).click();
    await expect(page.getByRole("alert")).toContainText("Somebody changed it");
  });
});
