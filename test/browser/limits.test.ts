import type { FakeState } from "../../console/dev/fake/state.js";
import { dress, expect, expectAccessible, expectNoSidewaysScroll, test, themes } from "./console-page.js";

declare const fake: FakeState;

const reason = "Today the agent would have spent 21.4";

test.describe("limits", () => {
  for (const theme of themes) {
    for (const width of [360, 1440]) {
      test(`show what is used and what is reached, at ${width} px in ${theme}`, async ({ page, open }) => {
        await dress(page, theme, width);
        await open("/agents");
        const own = page.getByRole("region", { name: "Limits of agent claude-code" });
        await expect(own.getByRole("meter", { name: "money per agent day" })).toHaveAttribute("aria-valuetext", "21.4 of 100");
        await expect(own).toContainText(reason);
        await expectNoSidewaysScroll(page);
        await page.screenshot({ path: `artefacts/screenshots/limits-${theme}-${width}.png` });
        await expectAccessible(page);
      });
    }
  }

  test("that are reached show on the board, and one press lets the agent go on", async ({ page, open }) => {
    await open("/");
    const row = page.getByRole("listitem").filter({ hasText: "Add discount codes to the cart" });
    await expect(row).toContainText(reason);
    await row.getByRole("button", { name: /^30 min more/u }).click();
    await expect(row).toContainText("Held closed by ada for");
    const states = () => page.evaluate(() => fake.limits.map(({ state }) => state.status));
    expect(await states()).toEqual(["closed", "closed", "closed", "held"]);
    await row.getByRole("button", { name: /^Release/u }).click();
    await expect(row).not.toContainText("Held closed");
    expect(await states()).toEqual(["closed", "closed", "closed", "closed"]);
  });

  test("of a run are on its page, and count anew at a press", async ({ page, open }) => {
    await open("/");
    await page.getByRole("link", { name: "Add discount codes to the cart" }).click();
    const own = page.getByRole("region", { name: /^Limits of run/u });
    await expect(own.getByRole("meter")).toHaveCount(4);
    await own.getByRole("button", { name: /^Count money per agent day/u }).click();
    await expect(own.getByRole("meter", { name: "money per agent day" })).toHaveAttribute("aria-valuetext", "0 of 100");
  });
});
