import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyPlace, output, pack, start, type Packed } from "./packed.js";

const folder = mkdtempSync(join(tmpdir(), "pullcord-packed-"));
const packed = new Map<"sdk" | "server", Packed>();

beforeAll(async () => {
  for (const workspace of ["sdk", "server"] as const) packed.set(workspace, await pack(workspace, folder));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const mustHold = {
  sdk: ["package.json", "LICENSE", "README.md", "dist/index.js", "dist/index.d.ts"],
  server: ["package.json", "LICENSE", "README.md", "bin/pullcord.js", "dist/app.js", "dist/cli/main.js", "public/index.html"],
};
const strangers =
  /(^|\/)src\/|-for-tests\.|\.(test|spec)\.|(?<!\.d)\.tsx?$|\.map$|tsbuildinfo|\.env|\.npmrc|\.(pem|key|sqlite|db|log|tgz)$/;

describe.each(["sdk", "server"] as const)("the packed %s", (workspace) => {
  it("holds what runs, its licence and its manifest", () => {
    expect(filesOf(workspace)).toEqual(expect.arrayContaining(mustHold[workspace]));
  });

  it("holds no sources, no tests, no build records and no secrets", () => {
    expect(filesOf(workspace).filter((path) => strangers.test(path))).toEqual([]);
  });

  it("is found sound by publint", async () => {
    const tarball = readFileSync(packed.get(workspace)?.tarball ?? "");
    const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(tarball).buffer }, level: "warning", strict: true });
    // The condition of our own checkout points at sources, which are not published; nobody else sets it.
    const ours = messages.filter((message) => !message.path.includes("@pullcord/source"));
    expect(ours.map((message) => formatMessage(message, pkg))).toEqual([]);
  });
});

describe("in an empty folder", () => {
  const place = emptyPlace();
  beforeAll(async () => {
    const tarballs = [...packed.values()].map((one) => one.tarball);
    await output("npm", ["install", "--no-audit", "--no-fund", ...tarballs], place);
  });
  afterAll(() => rmSync(join(place.folder, ".."), { recursive: true, force: true }));

  it("says its version", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../../server/package.json", import.meta.url), "utf8")) as { version: string };
    expect((await output("npx", ["--no-install", "pullcord", "--version"], place)).trim()).toContain(version);
  });

  it("serves the console and ends cleanly", async () => {
    const server = await start(place);
    const page = await fetch(server.url);
    const text = await page.text();
    const status = await server.stop();
    expect(page.status).toBe(200);
    expect(text.toLowerCase()).toContain("<!doctype html>");
    expect(status).toBe(0);
  });
});

function filesOf(workspace: "sdk" | "server"): readonly string[] {
  return packed.get(workspace)?.files ?? [];
}
