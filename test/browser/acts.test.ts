import type { Page } from "@playwright/test";
import type { FakeState } from "../../console/dev/fake/state.js";
import { dress, expect, expectAccessible, test } from "./console-page.js";

declare const fake: FakeState;

/** The page's clock can only be halted ahead of where it is by then, in milliseconds. */
const aheadMs = 60_000;

const stopEverything = (page: Page) => page.getByRole("button", { name: /^Stop everything$/u }).locator("visible=true");
const request = (page: Page, text: string) => page.getByRole("link").filter({ hasText: text });
/** The request is on the screen, and read to its end: what is pressed from here on is meant for it. */
const openRequest = async (page: Page, text: string) => {
  await request(page, text).click();
  await expect(page.getByRole("article")).toContainText(text);
  await expect(page.locator("[data-approve]")).toBeEnabled();
};
/** From here on time goes by as the test says, so that a slow machine makes no long press of a short one. */
const openWithTimeStanding = async (page: Page, opening: () => Promise<void>) => {
  await page.clock.install();
  await opening();
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + aheadMs);
};
const pending = (page: Page) => page.evaluate(() => [...fake.requests.values()].filter((one) => one.status === "pending").length);

test.describe("stop", () => {
  test("stops everything with one press and shows the receipt", async ({ page, open }) => {
    await open("/");
    await stopEverything(page).click();
    await expect(page.getByText(/Stopped 5 runs in .*: 15 processes ended, 0 survivors/u)).toBeVisible();
    await expect(page.getByText("6 requests cancelled")).toBeVisible();
    expect(await page.evaluate(() => [...fake.runs.values()].filter((run) => run.state.status === "running").length)).toBe(0);
    await expectAccessible(page);
    await page.screenshot({ path: "artefacts/screenshots/stop-receipt.png" });
  });

  test("is reached by Tab and pressed by Enter", async ({ page, open }) => {
    await open("/");
    await stopEverything(page).focus();
    await page.keyboard.press("Enter");
    await expect(page.getByText(/Stopped 5 runs in/u)).toBeVisible();
  });

  test("works above an open dialog", async ({ page, open }) => {
    await open("/");
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await stopEverything(page).click();
    await expect(page.getByText(/Stopped 5 runs in/u)).toBeVisible();
  });

  test("takes a held full stop key, and not a short one", async ({ page, open }) => {
    await openWithTimeStanding(page, () => open("/"));
    await page.keyboard.press(".");
    await page.clock.runFor(800);
    expect(await page.evaluate(() => fake.interventions.size)).toBe(0);
    await page.keyboard.down(".");
    await page.clock.runFor(700);
    await page.clock.resume();
    await page.keyboard.up(".");
    await expect(page.getByText(/Stopped 5 runs in/u)).toBeVisible();
  });

  test("is under the thumb on a phone", async ({ page, open }) => {
    await dress(page, "light", 360);
    await open("/inbox");
    const box = await stopEverything(page).boundingBox();
    expect(box?.height).toBeGreaterThanOrEqual(40);
    expect(box?.y).toBeGreaterThan(800);
    await stopEverything(page).click();
    await expect(page.getByText(/Stopped 5 runs in/u)).toBeVisible();
  });
});

test.describe("a request", () => {
  test("of low risk is approved with one press, and the next one is there", async ({ page, open }) => {
    await open("/inbox");
    await openRequest(page, "npm install");
    await page.getByRole("button", { name: "Approve" }).click();
    await expect.poll(() => pending(page)).toBe(5);
    await expect(page.getByRole("article")).not.toContainText("prettier");
  });

  test("is denied with a reason by keys alone", async ({ page, open }) => {
    await open("/inbox");
    await page.getByRole("article").waitFor();
    await page.keyboard.press("d");
    await page.keyboard.type("Never from the network");
    await page.keyboard.press("Enter");
    await expect
      .poll(() => page.evaluate(() => [...fake.requests.values()].find((one) => one.status === "denied")?.resolution?.reason))
      .toBe("Never from the network");
  });

  test("of high risk is held for, and an early release is refused and said", async ({ page, open }) => {
    await openWithTimeStanding(page, async () => {
      await open("/inbox");
      await openRequest(page, "find .");
    });
    const hold = page.locator("[data-approve]");
    await hold.hover();
    await page.mouse.down();
    await expect(hold).toContainText("Keep holding");
    await page.clock.runFor(1_000);
    await page.mouse.up();
    await page.clock.resume();
    await expect(page.getByRole("article").getByText(/Let go after .* Nothing was approved/u)).toBeVisible();
    expect(await pending(page)).toBe(6);
    await page.mouse.down();
    await expect.poll(() => pending(page)).toBe(5);
    await page.mouse.up();
  });

  test("can be approved by whoever can't hold: start, then confirm", async ({ page, open }) => {
    await open("/inbox");
    await openRequest(page, "find .");
    await page.keyboard.press("a");
    await expect(page.getByRole("button", { name: /to approve/ })).toBeFocused();
    await page.keyboard.press(" ");
    await expect(page.getByRole("button", { name: "Press again to approve" })).toBeVisible();
    expect(await pending(page)).toBe(6);
    await page.keyboard.press(" ");
    await expect.poll(() => pending(page)).toBe(5);
  });

  test("is approved by holding Enter", async ({ page, open }) => {
    await open("/inbox");
    await openRequest(page, "find .");
    await page.keyboard.press("a");
    await expect(page.getByRole("button", { name: /to approve/ })).toBeFocused();
    await page.keyboard.down("Enter");
    await expect.poll(() => pending(page)).toBe(5);
    await page.keyboard.up("Enter");
  });

  test("that somebody else answered says so at once", async ({ page, open }) => {
    await open("/inbox");
    await openRequest(page, "npm install");
    await page.getByRole("button", { name: "Approve" }).waitFor();
    await page.evaluate(() => {
      const found = [...fake.requests.values()].find((one) => JSON.stringify(one.action.proposed.arguments).includes("prettier"));
      if (!found) return;
      fake.requests.set(found.id, {
        ...found,
        status: "denied",
        resolution: {
          status: "denied",
          by: { kind: "person", id: "grace", via: "cli" },
          at: Date.now(),
          reason: "We use another formatter",
        },
      });
      const last = fake.audit.at(-1);
      if (last)
        for (const listener of fake.listeners)
          listener({ kind: "recorded", entry: { ...last, seq: last.seq + 1, type: "approval.resolved", body: { status: "denied" } } });
    });
    await expect(page.getByText("grace denied this")).toBeVisible();
    await expect(page.getByText("We use another formatter")).toBeVisible();
    await expect(page.getByRole("button", { name: "Approve" })).toHaveCount(0);
  });

  test("that is new arrives as a counted pill and moves nothing", async ({ page, open }) => {
    await open("/inbox");
    const before = await page.getByRole("listitem").allTextContents();
    await page.evaluate(() => {
      const [first] = fake.requests.values();
      const last = fake.audit.at(-1);
      if (!first || !last) return;
      fake.requests.set("qnew000001", { ...first, id: "qnew000001", expiresAt: Date.now() + 5_000_000 });
      for (const listener of fake.listeners) listener({ kind: "recorded", entry: { ...last, type: "approval.requested", body: {} } });
    });
    await expect(page.getByRole("button", { name: "1 new request" })).toBeVisible();
    expect((await page.getByRole("listitem").allTextContents()).length).toBe(before.length);
    await page.getByRole("button", { name: "1 new request" }).click();
    await expect(page.getByRole("listitem")).toHaveCount(before.length + 1);
  });
});

test("what an agent has earned is ratified with one press", async ({ page, open }) => {
  await open("/agents");
  const earned = page.getByRole("region", { name: "Trust of claude-code by type of action" });
  await earned.getByRole("button", { name: "Ratify standard" }).click();
  await expect(earned.getByRole("button", { name: /Ratify/u })).toHaveCount(0);
  await expect(earned.getByRole("listitem").filter({ hasText: "file write" })).toContainText("Standard");
});
