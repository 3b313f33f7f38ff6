import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { clocksIn } from "./clocks.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const places = ["test/journeys", "test/browser", "test/packaging", "sdk/src", "server/src", "console/src"];

it("no test goes by a clock", () => {
  const files = places.flatMap((place) =>
    readdirSync(join(root, place), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name) && (place.startsWith("test/") || /\.test\.tsx?$|-for-tests\.ts$/.test(name)))
      .map((name) => join(place, name)),
  );
  expect(files.length).toBeGreaterThan(200);
  expect(clocksIn(new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")])))).toEqual([]);
});

it.each([
  ["a second of Vitest's", `await vi.waitFor(() => expect(seen).toBe(1));`, "one second"],
  ["a pause of the browser", `await page.waitForTimeout(400);`, "waits for a time"],
  ["a limit on what went by", `expect(performance.now() - from).toBeLessThan(1_000);`, "holds a clock"],
  ["a sleep before what must not be", `async () => { await sleep(300); expect(changes).toEqual([]); };`, "sleeps before"],
  [
    "the same by hand",
    `async () => { await new Promise((resolve) => setTimeout(resolve, 300)); expect(await state()).toBe("running"); };`,
    "sleeps before",
  ],
])("finds %s", (_, text, says) => {
  const found = clocksIn(new Map([["a.test.ts", text]]));
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(says);
});

it.each([
  ["a wait with a limit of its own", `await vi.waitFor(() => expect(seen).toBe(1), patience);`],
  ["a wait for a condition", `await expect.poll(() => seen).toBe(1); expect(seen).toBe(1);`],
  ["that something took at least so long", `expect(Date.now() - begunAt).toBeGreaterThan(2_400);`],
  ["a sleep between two looks", `async () => { while (!isThere()) await sleep(20); expect(isThere()).toBe(true); };`],
])("lets pass %s", (_, text) => {
  expect(clocksIn(new Map([["a.test.ts", text]]))).toEqual([]);
});
