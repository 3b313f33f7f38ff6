import type { FakeState } from "../../console/dev/fake/state.js";
import type { RowsPreview } from "@pullcord/sdk/protocol";
import { dress, expect, expectAccessible, test, themes } from "./console-page.js";

declare const fake: FakeState;

const rowsOf = (status: string) => `Rows it would change${status}`;

test.describe("a question about rows", () => {
  test.beforeEach(async ({ page, open }) => {
    await open("/");
    const id = await page.evaluate(() => [...fake.requests.values()].find(({ rows }) => rows !== undefined)?.id ?? "");
    await open(`/inbox/${id}`);
  });

  test("shows them by table, from what to what, with what takes them back", async ({ page }) => {
    const rows = page.getByRole("region", { name: rowsOf("") });
    await expect(rows).toContainText("nothing is changed yet");
    const orders = rows.getByRole("table", { name: "shop_staging/orders 412 rows updated" });
    await expect(orders.getByRole("row")).toHaveCount(7);
    await expect(orders.getByRole("row", { name: "updated 10017" })).toHaveAccessibleName(/status from delivered to archived/u);
    await expect(orders).toContainText("and 407 more rows");
    await expect(rows.getByRole("table", { name: /cart_orders/u }).getByRole("row", { name: /deleted 4,10017/u })).toBeVisible();
    // What is in a database is anybody's: nothing of it hides.
    await expect(rows).toContainText("Ring twice, RLOplease");
    await expect(page.getByText("how many is known only by counting")).toBeHidden();
    await rows.getByText("Can be undone: yes, tried, with 825 statements").click();
    await expect(rows.getByRole("list", { name: "What takes it back" })).toContainText(
      "UPDATE orders SET status = 'delivered' WHERE id = 10017",
    );
    await expect(rows).toContainText("and 820 more statements");
    await expectAccessible(page);
  });

  test("says that it previews, then shows them without a reload; or why it could not, and the SELECT that counts them", async ({
    page,
  }) => {
    const put = (rows: RowsPreview) =>
      page.evaluate((given) => {
        const [request] = [...fake.requests.values()].filter((one) => one.rows !== undefined);
        const last = fake.audit.at(-1);
        if (!request || !last) return;
        fake.requests.set(request.id, { ...request, rows: given });
        for (const listener of fake.listeners)
          listener({ kind: "recorded", entry: { ...last, seq: last.seq + 1, type: "approval.previewed", body: { request: request.id } } });
      }, rows);
    const rows = page.getByRole("region", { name: rowsOf("") });
    await put({ status: "trying" });
    await expect(rows.getByRole("status")).toHaveText("Previewing the rows it would change…");
    await expect(page.getByText("how many is known only by counting")).toBeVisible();
    await put({ status: "untried", why: "shop_staging can't be used: lock timeout." });
    await expect(rows.getByRole("status")).toContainText("could not be previewed. shop_staging can't be used: lock timeout.");
    await expect(page.getByText("SELECT count(*) FROM orders WHERE created_at < now() - interval '2 years'")).toBeVisible();
    await put({ status: "tried", at: Date.now(), tables: [], moreTables: 0, structure: [], wayBack: [], wayBackCount: 0 });
    await expect(rows.getByRole("status")).toContainText("No row would change.");
    await expectAccessible(page);
  });

  for (const theme of themes)
    for (const width of [360, 1440])
      test(`fits, ${theme}, ${width} px`, async ({ page }) => {
        await dress(page, theme, width);
        const rows = page.getByRole("region", { name: rowsOf("") });
        await expect(rows.getByRole("table")).toHaveCount(3);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(overflow).toBe(0);
        await expectAccessible(page);
        await rows.scrollIntoViewIfNeeded();
        await rows.screenshot({ path: `artefacts/screenshots/rows-preview-${theme}-${width}.png` });
        await page.screenshot({ path: `artefacts/screenshots/rows-preview-page-${theme}-${width}.png` });
      });
});
