import { dress, expect, expectAccessible, expectNoSidewaysScroll, test, themes } from "./console-page.js";

const requests = [
  ["production", /terraform apply/u],
  ["deletion", /find \. -name/u],
  ["sql", /UPDATE orders/u],
] as const;

for (const theme of themes) {
  for (const width of [360, 1440]) {
    test(`a request is explained and previewed in ${theme} at ${width}`, async ({ page, open }) => {
      await dress(page, theme, width);
      for (const [name, headline] of requests) {
        await open("/inbox");
        await page.getByRole("link", { name: headline }).first().click();
        const pane = page.getByRole("article");
        await expect(pane.getByText("What would change it")).toBeVisible();
        await expect(pane.getByText("Taking it back")).toBeVisible();
        await expectNoSidewaysScroll(page);
        await pane.getByText("Taking it back").scrollIntoViewIfNeeded();
        await page.screenshot({ path: `artefacts/screenshots/explained-${name}-${theme}-${width}.png` });
        await pane.getByText("What would change it").scrollIntoViewIfNeeded();
        await page.screenshot({ path: `artefacts/screenshots/explained-${name}-${theme}-${width}-below.png` });
        await expectAccessible(page);
      }
    });
  }
}

test("a reason leads to the line of the policy", async ({ page, open }) => {
  await dress(page, "light", 1440);
  await open("/inbox");
  await page
    .getByRole("link", { name: /terraform apply/u })
    .first()
    .click();
  await page.getByRole("link", { name: "policy.yaml:14" }).first().click();
  await expect(page.locator("[aria-current=location]")).toContainText("production-asks");
  await page.screenshot({ path: "artefacts/screenshots/policy-line.png" });
  await expectAccessible(page);
});

test("what destroys is marked", async ({ page, open }) => {
  await dress(page, "dark", 1440);
  await open("/inbox");
  await page
    .getByRole("link", { name: /find \. -name/u })
    .first()
    .click();
  await expect(page.getByRole("img", { name: "Destroys what nothing brings back:" })).toHaveCount(2);
  await expect(page.getByText("and 36 others.")).toBeVisible();
});

test("an action of the timeline is explained as its request is", async ({ page, open }) => {
  await dress(page, "light", 1440);
  await open("/runs/rk3f9a2b1c");
  await page.getByRole("tabpanel").locator("button[aria-expanded=false]").first().click();
  await expect(page.getByText("What would change it")).toBeVisible();
  await page.screenshot({ path: "artefacts/screenshots/timeline-explained.png" });
  await expectAccessible(page);
});
