import type { Locator, Page } from "@playwright/test";
import type { FakeState } from "../../console/dev/fake/state.js";
import { expect, expectAccessible, test } from "./console-page.js";

declare const fake: FakeState;

const task = "Raise the memory limit of checkout";
const dials = (page: Page) => page.evaluate(() => fake.dials.map(({ scope, level }) => ({ scope, level })));
/** The picture of a radio button: what a person presses. */
const choice = (where: Page | Locator, name: string) => where.locator("label").filter({ hasText: new RegExp(`^${name}$`, "u") });

test.describe("the autonomy dial", () => {
  test("is one press away on the board, for the run and for what it belongs to (E19)", async ({ page, open }) => {
    await open("/");
    const row = page.getByRole("listitem").filter({ hasText: task });
    await row.getByRole("button", { name: /^Autonomy of run/u }).click();
    await choice(row, "Ask first").click();
    await expect(row.getByText("In force: set for this run.")).toBeVisible();
    await choice(row, "Its environment").click();
    await expect(row.getByText("it can only hold back")).toBeVisible();
    await expectAccessible(page);
    expect((await dials(page))[0]).toMatchObject({ scope: { kind: "run" }, level: "ask_first" });
  });

  test("is in sight on a run's page, and says what holds it back", async ({ page, open }) => {
    await open("/runs/rk3f9a2b1c");
    await choice(page, "Its task").click();
    await choice(page, "Ask first").click();
    await expect(page.getByText("In force: held back by its task.")).toBeVisible();
    await expect(page.getByRole("radio", { name: "Ask first" })).toBeChecked();
  });

  test("holds an environment back that no run has named yet, and lets it go", async ({ page, open }) => {
    await open("/policy");
    await page.getByLabel("Its name").fill("payments");
    await choice(page.getByRole("radiogroup", { name: "Autonomy of environment payments" }), "Ask first").click();
    await expect.poll(async () => (await dials(page))[0]).toEqual({ scope: { kind: "environment", id: "payments" }, level: "ask_first" });
    await page.getByLabel("Its name").fill("");
    await choice(page.getByRole("radiogroup", { name: "Autonomy of environment payments" }), "Inherit").click();
    await expect
      .poll(async () => (await dials(page)).some(({ scope }) => scope.kind === "environment" && scope.id === "payments"))
      .toBe(false);
  });
});
