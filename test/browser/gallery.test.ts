import { dress, expectAccessible, expectNoSidewaysScroll, test, themes, widths } from "./console-page.js";

test.describe("the gallery of parts", () => {
  for (const theme of themes) {
    for (const width of widths) {
      test(`is accessible and fits in ${theme} at ${width} px`, async ({ page, site, complaints }) => {
        void complaints;
        await dress(page, theme, width);
        await page.goto(`${site}/gallery.html`);
        await page.getByRole("heading", { name: "Parts", exact: true }).waitFor();
        await page.evaluate(() => document.fonts.ready);
        await page.screenshot({ path: `artefacts/screenshots/gallery-${theme}-${width}.png`, fullPage: true });
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
      });
    }
  }
});
