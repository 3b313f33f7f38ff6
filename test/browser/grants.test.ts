import type { FakeState } from "../../console/dev/fake/state.js";
import { dress, expect, expectAccessible, expectNoSidewaysScroll, test, themes } from "./console-page.js";

declare const fake: FakeState;

test.describe("granting more than once", () => {
  for (const theme of themes) {
    for (const width of [360, 1440]) {
      test(`shows what it covers before it is granted, at ${width} px in ${theme}`, async ({ page, open }) => {
        await dress(page, theme, width);
        await open("/inbox");
        await page.getByRole("link").filter({ hasText: "npm install" }).click();
        await expect(page.getByRole("article")).toContainText("npm install");
        await page.locator("label", { hasText: "30 min" }).click();
        await expect(page.getByText(/^Covers/u)).toBeVisible();
        await expectNoSidewaysScroll(page);
        await page.screenshot({ path: `artefacts/screenshots/grant-${theme}-${width}.png` });
        await expectAccessible(page);
      });
    }
  }

  test("is listed with the agents, and taken back there", async ({ page, open }) => {
    await open("/inbox");
    await page.getByRole("link").filter({ hasText: "npm install" }).click();
    await expect(page.getByRole("article")).toContainText("npm install");
    await expect(page.locator("[data-approve]")).toBeEnabled();
    await page.locator("label", { hasText: "5 times more" }).click();
    await expect(page.getByText(/^Covers/u)).toBeVisible();
    await page.locator("[data-approve]").click();
    await expect.poll(() => page.evaluate(() => fake.grants.map(({ usesLeft, runId }) => [usesLeft, runId !== null]))).toEqual([[5, true]]);
    await page.getByRole("link", { name: "Agents" }).first().click();
    await page.getByRole("button", { name: /^Take back grant/u }).click();
    await expect(page.getByText("Nothing is granted beyond once")).toBeVisible();
  });
});
