import { existsSync, readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import type { FakeState } from "../../console/dev/fake/state.js";
import { expect, test } from "./console-page.js";

declare const fake: FakeState;

const hostile = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "<svg/onload=alert(1)>",
  "javascript:alert(1)",
  "{{constructor.constructor('alert(1)')()}}",
  "\u202egnp.exe\u202c \u2066x\u2069",
  "\u001b]8;;http://evil\u0007click\u001b]8;;\u0007 \u001b[2J",
  "a\u200bb\u2060c\ufeff \u{e0041}\u{e0042}",
  "\ud800 lone \udfff",
  "Z\u0351\u034b\u0343\u0344\u0345a\u0351\u034b\u0343\u0344l",
];

let plantings = 0;

/** Puts a text everywhere an agent can put one, and waits until it is on the page. */
async function plant(page: Page, text: string): Promise<void> {
  plantings += 1;
  const mark = `planting ${plantings}.`;
  await page.evaluate((planted) => {
    for (const [id, run] of fake.runs)
      fake.runs.set(id, {
        ...run,
        task: planted,
        now: run.now && { ...run.now, sentence: planted },
        progress: { n: 1, of: 2, item: planted },
      });
    for (const [id, one] of fake.requests) {
      const proposed = {
        ...one.action.proposed,
        type: "command_execute" as const,
        arguments: { command: planted },
        claim: { description: planted, reason: planted },
      };
      fake.requests.set(id, { ...one, action: { ...one.action, proposed } });
    }
    for (const [id, lines] of fake.logs)
      fake.logs.set(
        id,
        lines.map((line) => ({ ...line, text: planted })),
      );
    const last = fake.audit.at(-1);
    if (last)
      for (const type of ["run.opened", "approval.requested"] as const)
        for (const listener of fake.listeners) listener({ kind: "recorded", entry: { ...last, type, body: { task: planted } } });
  }, `${mark} ${text}`);
  await expect(page.locator("#page")).toContainText(mark);
}

test("markup of an agent stays text on every page", async ({ page, open }) => {
  let ran = false;
  page.on("dialog", (dialog) => {
    ran = true;
    void dialog.dismiss();
  });
  await open("/");
  for (const text of hostile) {
    await plant(page, text);
    expect(await page.locator("#page img, #page script, #page svg[onload]").count()).toBe(0);
  }
  for (const place of ["Inbox", "Runs", "Record"]) {
    await page.getByRole("link", { name: place }).first().click();
    await page.getByRole("heading", { level: 1, name: place }).waitFor();
    await expect(page.locator("#page")).toContainText(place === "Record" ? "opened" : `planting ${plantings}.`);
    expect(await page.locator("#page img, #page script, #page svg[onload]").count()).toBe(0);
  }
  expect(ran).toBe(false);
});

test("every hidden character of a request is drawn as its name", async ({ page, open }) => {
  await open("/inbox");
  const shown = page.getByRole("region", { name: "Runs in the shell" });
  for (const name of ["RLO", "LRI", "PDI", "180 SPACES", "ZERO WIDTH SPACE"])
    await expect(shown.getByText(name, { exact: true })).toBeVisible();
  await expect(page.getByText(/5 hidden or padding characters and 1 look-alike/u)).toBeVisible();
  expect(await shown.locator("code").evaluate((code) => getComputedStyle(code).unicodeBidi)).toBe("bidi-override");
});

test("a command of 100 kB is complete, and approved only after its end was seen", async ({ page, open }) => {
  await open("/inbox");
  await page.getByRole("link").filter({ hasText: "npm install" }).click();
  const text = `echo start\n${"echo 0123456789abcdef\n".repeat(4_700)}echo THE-END`;
  await page.evaluate((planted) => {
    for (const [id, one] of fake.requests) {
      if (!JSON.stringify(one.action.proposed.arguments).includes("prettier")) continue;
      fake.requests.set(`${id}x`, {
        ...one,
        id: `${id}x`,
        action: { ...one.action, proposed: { ...one.action.proposed, arguments: { command: planted } } },
      });
    }
    const last = fake.audit.at(-1);
    if (last)
      for (const listener of fake.listeners) listener({ kind: "recorded", entry: { ...last, type: "approval.requested", body: {} } });
  }, text);
  await page.getByRole("button", { name: "1 new request" }).click();
  await page.getByRole("link").filter({ hasText: "echo start" }).click();
  const shown = page.getByRole("region", { name: "Runs in the shell" });
  await expect(shown).toContainText("THE-END");
  const approve = page.getByRole("button", { name: "Approve" });
  await expect(approve).toBeDisabled();
  await shown.evaluate((box) => box.scrollTo({ top: box.scrollHeight }));
  await expect(approve).toBeEnabled();
});

test("the public corpus of markup attacks does nothing", async ({ page, open }) => {
  const corpus = readCorpus();
  test.skip(corpus.length === 0, "the corpus is not on this machine");
  let ran = false;
  page.on("dialog", (dialog) => {
    ran = true;
    void dialog.dismiss();
  });
  await open("/inbox");
  await page.getByRole("article").waitFor();
  for (let at = 0; at < corpus.length; at += 400) {
    await plant(page, corpus.slice(at, at + 400).join("\n"));
  }
  expect(await page.locator("#page img, #page script, #page iframe").count()).toBe(0);
  expect(ran).toBe(false);
});

function readCorpus(): readonly string[] {
  const file = new URL("../../../shared/corpora/xss.txt", import.meta.url);
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8").split("\n").filter(Boolean).slice(0, 4_000);
}
