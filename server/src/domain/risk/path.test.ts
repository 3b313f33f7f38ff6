import { describe, expect, it } from "vitest";
import { settingSurroundings } from "./corpus/setting.js";
import { hasLookalike, type Place, placeOf } from "./path.js";

const table: readonly (readonly [path: string, place: Partial<Place>])[] = [
  ["/home/dev/shop/src/a.ts", { area: "workspace", secret: false, recreatable: false }],
  ["/home/dev/shop/dist/a.js", { area: "workspace", recreatable: true }],
  ["/home/dev/shop/data/a.csv", { area: "workspace", irreplaceable: true }],
  ["/home/dev/shop/notes.md", { irreplaceable: true }],
  ["/home/dev/shop/.env.local", { secret: true, irreplaceable: true }],
  ["/home/dev/shop/.env.example", { secret: false }],
  ["/home/dev/shop/.git/hooks/pre-push", { guarded: true }],
  ["/home/dev/shop/.github/workflows/ci.yml", { guarded: true }],
  ["/home/dev/shop-copy/a.ts", { area: "home" }],
  ["/home/dev", { area: "home", vital: true }],
  ["/home/dev/.ssh/authorized_keys", { access: true, secret: true }],
  ["/home/dev/.config/pullcord/policy.yaml", { gate: "inside" }],
  ["/home/dev/.config", { gate: "above" }],
  ["/etc/sudoers.d/x", { area: "system", access: true }],
  ["/var/log/auth.log", { audit: true }],
  ["/dev/sda", { area: "device" }],
  ["/dev/null", { area: "null_device" }],
  ["/tmp/x", { area: "scratch" }],
  ["/mnt/x", { area: "elsewhere" }],
];

describe("places", () => {
  it.each(table)("knows %s", (path, place) => expect(placeOf(path, settingSurroundings)).toMatchObject(place));

  it("knows nothing of a path that cannot be known", () => expect(placeOf(null, settingSurroundings).area).toBe("unknown"));

  it("goes by names where nothing is known of the place", () => {
    const { facts: _facts, ...bare } = settingSurroundings;
    expect(placeOf("/home/dev/shop/target/a.o", bare).recreatable).toBe(true);
    expect(placeOf("/home/dev/shop/target/a.o", settingSurroundings).recreatable).toBe(false);
  });

  it("sees letters that look like others", () => {
    expect(["src/\u0430.ts", "src/\uff41.ts", "a\u200bb"].every(hasLookalike)).toBe(true);
    expect(["src/a.ts", "src/ä.ts"].some(hasLookalike)).toBe(false);
  });
});
