import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openOutside, type Outside } from "./undo/outside.js";

let outside: Outside;
beforeEach(() => {
  outside = openOutside();
});
afterEach(() => outside.remove());

it("runs no program that lies among a workspace's packages, where npx and npm start look first", async () => {
  outside.setState({ pip: { requests: "2.0" } });
  await outside.act("a1", ["pip", "install", "requests==3.0"]);
  const [owned, packages] = [join(outside.top, "owned"), join(outside.top, "node_modules/.bin")];
  mkdirSync(packages, { recursive: true });
  writeFileSync(join(packages, "pip"), `#!/bin/sh\ntouch ${owned}\n`, { mode: 0o755 });
  outside.environment["PATH"] = `${packages}:${outside.environment["PATH"]}`;
  await outside.undo();
  expect([outside.state(), existsSync(owned)]).toEqual([{ pip: { requests: "2.0" } }, false]);
  // The trap does spring where a program is called without care.
  outside.run(["pip"]);
  expect(existsSync(owned)).toBe(true);
});
