import type { FakeState } from "../../console/dev/fake/state.js";
import { dress, expect, expectAccessible, expectNoSidewaysScroll, test, themes, widths } from "./console-page.js";

declare const fake: FakeState;

const pages = [
  ["board", "/", "Board"],
  ["inbox", "/inbox", "Inbox"],
  ["run", "/runs/rk3f9a2b1c", "Add discount codes to the cart"],
  ["runs", "/runs", "Runs"],
  ["agents", "/agents", "Agents"],
  ["policy", "/policy", "Policy"],
  ["record", "/record", "Record"],
  ["break-glass", "/break-glass", "Break glass"],
  ["settings", "/settings", "Settings"],
] as const;

for (const [name, path, heading] of pages) {
  test.describe(`the page ${name}`, () => {
    for (const theme of themes) {
      test(`is accessible, fits and keeps Stop in sight in ${theme}`, async ({ page, open }) => {
        for (const width of widths) {
          await dress(page, theme, width);
          await open(path);
          await page.getByRole("heading", { level: 1, name: heading }).waitFor();
          await expect(page.getByRole("button", { name: /^Stop everything$/u }).locator("visible=true")).toHaveCount(1);
          await expectNoSidewaysScroll(page);
          await page.screenshot({ path: `artefacts/screenshots/${name}-${theme}-${width}.png` });
          await expectAccessible(page);
        }
      });
    }
  });
}

test("every page says what to do when there is nothing yet", async ({ page, open }) => {
  for (const [, path, heading] of pages.filter(([name]) => name !== "run")) {
    await open(path, "still&empty");
    await page.getByRole("heading", { level: 1, name: heading }).waitFor();
    await expectAccessible(page);
  }
});

test("says how to get in when nobody is signed in", async ({ page, open }) => {
  await open("/", "still&signed-out");
  await expect(page.getByText("npx pullcord sign-in")).toBeVisible();
  await expectAccessible(page);
});

test("takes the one-time code out of the address before anything else", async ({ page, open }) => {
  await open("/sign-in#code=4Q2N-8XKM", "still&signed-out");
  await page.getByRole("heading", { level: 1, name: "Board" }).waitFor();
  expect(page.url()).not.toContain("code=");
});

test("says why a used link does not work", async ({ page, open }) => {
  await open("/sign-in#code=used", "still&signed-out");
  await expect(page.getByRole("alert")).toContainText("used already");
  expect(page.url()).not.toContain("code=");
});

test("says how old the page is when the connection is lost, and recovers by itself", async ({ page, open }) => {
  await open("/");
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await page.evaluate(() => void (fake.isDown = true));
  await expect(page.getByText("The connection is lost.")).toBeVisible();
  await expect(page.getByText(/Not live · \d+ s old/u)).toBeVisible();
  await expect(page.getByText("Find out why the integration tests are slow")).toBeVisible();
  await page.screenshot({ path: "artefacts/screenshots/connection-lost.png" });
  await expectAccessible(page);
  await page
    .getByRole("button", { name: /^Stop everything$/u })
    .locator("visible=true")
    .click();
  await expect(page.getByText("npx pullcord stop --all --offline")).toBeVisible();
  await page.screenshot({ path: "artefacts/screenshots/stop-unreachable.png" });
  await page.evaluate(() => void (fake.isDown = false));
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await expect(page.getByText("The connection is lost.")).toBeHidden();
});
