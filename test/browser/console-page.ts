import { AxeBuilder } from "@axe-core/playwright";
import { expect, test as base, type Page } from "@playwright/test";
import { buildGallery, serveGallery } from "./static-site.js";

export const themes = ["light", "dark"] as const;
export const widths = [360, 768, 1440] as const;
export type Theme = (typeof themes)[number];

const height = 900;

interface Fixtures {
  /** Opens a page of the console on its in-memory server. */
  readonly open: (path: string, wishes?: string) => Promise<void>;
  /** What the browser complained about: scripts refused by the security policy, errors. */
  readonly complaints: string[];
}

/** A browser page with the built gallery behind it; it fails on every complaint of the browser. */
export const test = base.extend<Fixtures, { readonly site: string }>({
  site: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      await buildGallery();
      const site = await serveGallery();
      await use(site.url);
      await site.close();
    },
    { scope: "worker" },
  ],
  complaints: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    await use(complaints);
    expect(complaints).toEqual([]);
  },
  open: async ({ page, site, complaints }, use) => {
    void complaints;
    await use(async (path, wishes = "still") => {
      await page.goto(`${site}/dev.html?${wishes}&at=${encodeURIComponent(path)}`);
      await page.getByRole("main").waitFor();
    });
  },
});

export async function dress(page: Page, theme: Theme, width: number): Promise<void> {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
  await page.setViewportSize({ width, height });
}

/** Nothing serious or critical for people who use the page by other means (WCAG 2.2 AA). */
export async function expectAccessible(page: Page): Promise<void> {
  // `never`: its page type is of another copy of playwright-core.
  const { violations } = await new AxeBuilder({ page: page as never })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`)).toEqual([]);
}

/** A page never scrolls sideways: what is wide scrolls in its own box. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
}

export { expect };
