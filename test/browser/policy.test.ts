import { dress, expect, expectAccessible, expectNoSidewaysScroll, test, themes } from "./console-page.js";

const tabs = ["Text", "Try on history", "Shadow", "Suggestions", "Versions"] as const;

test.describe("the policy page", () => {
  for (const theme of themes) {
    for (const width of [360, 1440]) {
      test(`shows each of its views at ${width} px in ${theme}`, async ({ page, open }) => {
        await dress(page, theme, width);
        await open("/policy");
        for (const [at, name] of tabs.entries()) {
          await page.getByRole("tab", { name }).click();
          if (name === "Text") await page.getByText("This text is sound.").waitFor();
          if (name === "Try on history") {
            await page.getByRole("button", { name: "Try the draft on them" }).click();
            await page.getByText("No decision would differ.").waitFor();
          }
          if (name === "Shadow") await page.getByText("no-deploys-on-fridays").first().waitFor();
          if (name === "Suggestions") await page.getByRole("button", { name: "Ratify this rule" }).waitFor();
          if (name === "Versions") {
            await page.getByRole("button", { name: /^What version 3f9a1c/u }).click();
            await page.getByText("Against the version before").waitFor();
          }
          await expectNoSidewaysScroll(page);
          await page.screenshot({ path: `artefacts/screenshots/policy-${at}-${theme}-${width}.png`, fullPage: true });
          await expectAccessible(page);
        }
      });
    }
  }

  test("checks a text while it is typed, and puts it in force only when it is sound", async ({ page, open }) => {
    await open("/policy");
    await page.getByRole("button", { name: "Edit" }).click();
    const text = page.getByRole("textbox", { name: "Policy text" });
    const good = (await text.inputValue()).replace(/ {2}- id: no-force-push[^]*?\n(?= {2}- id)/u, "");
    await text.fill(`${good}oops: 1\n`);
    await expect(page.getByRole("status").filter({ hasText: "There is no key" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Put in force" })).toBeDisabled();
    await text.fill(good);
    await expect(page.getByText("rules.no-force-push")).toBeVisible();
    await expect(page.getByText("0 of 1 hold")).toBeVisible();
    await page.getByRole("textbox", { name: "Why, for the record" }).fill("Trying it");
    await page.getByRole("button", { name: "Put in force" }).click();
    await page.getByRole("tab", { name: "Versions" }).click();
    await expect(page.getByText("Trying it")).toBeVisible();
  });

  test("lists every decision that a draft would change, before it takes effect", async ({ page, open }) => {
    await open("/policy");
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByRole("textbox", { name: "Policy text" }).fill("version: 1\n");
    await page.getByRole("tab", { name: "Try on history" }).click();
    await page.getByRole("button", { name: "Try the draft on them" }).click();
    await expect(page.getByRole("list", { name: "Decisions that would differ" }).getByRole("listitem")).toHaveCount(2);
  });

  test("ratifies a suggestion only when a person presses it", async ({ page, open }) => {
    await open("/policy");
    await page.getByRole("tab", { name: "Suggestions" }).click();
    await page.getByRole("button", { name: "Ratify this rule" }).click();
    await expect(page.getByText("History proposes no rule")).toBeVisible();
    await page.getByRole("tab", { name: "Text" }).click();
    await expect(page.getByRole("tabpanel")).toContainText("allow-npm-run-build");
  });
});
