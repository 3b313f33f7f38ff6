import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { defaultUrl } from "@pullcord/sdk";
import { readSettings, saveCredentials } from "./settings.js";

describe("settings", () => {
  const folder = mkdtempSync(join(tmpdir(), "pullcord-settings-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const environment = { HOME: folder };

  it("are the defaults of this user without anything given", () => {
    expect(readSettings({}, environment, "/")).toEqual({
      server: defaultUrl,
      token: null,
      dataFolder: join(folder, ".local/share/pullcord"),
      configFolder: join(folder, ".config/pullcord"),
      credentialsFile: join(folder, ".config/pullcord/credentials.json"),
      killFile: join(folder, ".local/share/pullcord/STOP"),
    });
    const xdg = readSettings({}, { XDG_DATA_HOME: "/d", XDG_CONFIG_HOME: "/c" }, "/");
    expect([xdg.killFile, xdg.credentialsFile]).toEqual(["/d/pullcord/STOP", "/c/pullcord/credentials.json"]);
  });

  it("keep a session for its own server and for this user alone", () => {
    const data = join(folder, "other");
    const { credentialsFile } = readSettings({ data }, environment, "/");
    saveCredentials(credentialsFile, { server: "http://127.0.0.1:9", token: "pcs_x" });
    expect(statSync(credentialsFile).mode & 0o777).toBe(0o600);
    expect(readSettings({ data }, environment, "/")).toMatchObject({ server: "http://127.0.0.1:9", token: "pcs_x" });
    expect(readSettings({ data, server: "http://elsewhere.invalid/" }, environment, "/")).toMatchObject({
      server: "http://elsewhere.invalid",
      token: null,
    });
    expect(readSettings({}, environment, "/").token).toBeNull();
  });

  it("refuse a broken session file and an address that is none", () => {
    const data = join(folder, "broken");
    saveCredentials(join(data, "credentials.json"), { server: "x", token: "y" });
    writeFileSync(join(data, "credentials.json"), "{");
    expect(() => readSettings({ data }, environment, "/")).toThrow(/can't be read/);
    expect(() => readSettings({ server: "ftp://x" }, environment, "/")).toThrow(/no server address/);
  });
});
