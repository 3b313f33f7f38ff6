import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { takeDataFolder } from "./data-folder.js";

describe("the data folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "pullcord-folder-"));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is one server's, which is named to the next, until it is given back", () => {
    const first = takeDataFolder(folder);
    first.announce("http://127.0.0.1:7420");
    expect(() => takeDataFolder(folder)).toThrow(
      `Pullcord is already running on ${folder} at http://127.0.0.1:7420 (process ${process.pid}). Use that one, or name another folder with --data.`,
    );
    first.release();
    takeDataFolder(folder).release();
    expect(existsSync(join(folder, "server.json"))).toBe(false);
  });

  it("is free again after a server was killed", async () => {
    takeDataFolder(folder).release();
    const sqlite = JSON.stringify(createRequire(import.meta.url).resolve("better-sqlite3"));
    const file = JSON.stringify(join(folder, "server.lock"));
    const script = `const held = new (require(${sqlite}))(${file}); held.exec("begin exclusive"); console.log("held"); setInterval(() => held, 1000);`;
    const other = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    await once(other.stdout, "data");
    expect(() => takeDataFolder(folder)).toThrow(`Pullcord is already running on ${folder}. Use that one`);
    other.kill("SIGKILL");
    await once(other, "exit");
    takeDataFolder(folder).release();
  });

  it("says where it can't be made", () => {
    expect(() => takeDataFolder("/proc/pullcord")).toThrow("The data folder /proc/pullcord can't be written (EROFS).");
  });
});
