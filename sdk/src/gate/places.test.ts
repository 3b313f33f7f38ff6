import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { defaultConfigFolder, defaultDataFolder, isKillFilePresent, killFileIn } from "./places.js";

describe("default places", () => {
  it.each([
    [{ XDG_DATA_HOME: "/d", XDG_CONFIG_HOME: "/c", HOME: "/h" }, "/d/pullcord", "/c/pullcord"],
    [{ HOME: "/h" }, "/h/.local/share/pullcord", "/h/.config/pullcord"],
    [{ XDG_DATA_HOME: "", XDG_CONFIG_HOME: "", HOME: "/h" }, "/h/.local/share/pullcord", "/h/.config/pullcord"],
    [{ XDG_DATA_HOME: "d", XDG_CONFIG_HOME: "./c", HOME: "/h" }, "/h/.local/share/pullcord", "/h/.config/pullcord"],
    [{ HOME: "" }, join(homedir(), ".local/share/pullcord"), join(homedir(), ".config/pullcord")],
    [{}, join(homedir(), ".local/share/pullcord"), join(homedir(), ".config/pullcord")],
  ])("with %j are the user's own", (environment, data, config) => {
    expect([defaultDataFolder(environment), defaultConfigFolder(environment)]).toEqual([data, config]);
  });
});

describe("the kill file", () => {
  it("is there when anything is there by its name, or when that can't be told", () => {
    const folder = mkdtempSync(join(tmpdir(), "pullcord-places-"));
    const path = killFileIn(folder);
    expect(isKillFilePresent(path)).toBe(false);
    symlinkSync("nowhere", path);
    expect(isKillFilePresent(path)).toBe(true);
    rmSync(path);
    writeFileSync(path, "");
    expect(isKillFilePresent(path)).toBe(true);
    expect(isKillFilePresent(join(path, "below a file"))).toBe(true);
    expect(isKillFilePresent("\0")).toBe(true);
    rmSync(folder, { recursive: true });
  });
});
