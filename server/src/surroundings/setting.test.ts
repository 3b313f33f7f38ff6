import { describe, expect, it } from "vitest";
import { parseSetting, settingSurroundings } from "./setting.js";

const text = JSON.stringify({
  user: { name: "ada", home: "/home/ada" },
  workspace: "/home/ada/shop",
  git: { tracked: ["src/**"], modified: ["src/b.ts"] },
  locked_dependencies: { npm: ["zod"] },
  scripts: { npm: { build: "builds" } },
  databases: [
    { name: "dev", host: "localhost", environment: "development" },
    { name: "prod", host: "db.example.com", environment: "production" },
  ],
  clusters: { current: "kind-a", "kind-a": "throwaway", eu: "production" },
  hosts: { production: ["*.example.com"] },
});

function surroundings() {
  const parsed = parseSetting(text);
  if ("problem" in parsed) throw new Error(parsed.problem);
  return settingSurroundings(parsed.setting);
}

describe("a setting file", () => {
  it("stands in for the machine", () => {
    const { facts, isCommitted, resolve } = surroundings();
    expect([isCommitted("/home/ada/shop/src/a.ts"), isCommitted("/home/ada/shop/src/b.ts"), isCommitted("/etc/x")]).toEqual([
      true,
      false,
      null,
    ]);
    expect([facts?.isLocked?.("npm", "zod"), facts?.isLocked?.("npm", "x"), facts?.isLocked?.("pip", "x")]).toEqual([true, false, null]);
    expect(facts?.script?.("npm", "build", "/home/ada/shop")?.says).toBe("builds");
    expect([facts?.database?.("dev", null), facts?.database?.("dev", "db.example.com"), facts?.database?.("x", null)]).toEqual([
      "development",
      "production",
      null,
    ]);
    expect([facts?.cluster?.(null), facts?.cluster?.("eu"), facts?.cluster?.("x")]).toEqual(["throwaway", "production", null]);
    expect(facts?.isProductionHost?.("db.example.com")).toBe(true);
    expect(resolve("../../x/../y", "/home/ada/shop").path).toBe("/home/y");
  });

  it.each([
    ["nonsense", "The setting is not JSON."],
    ["{}", "The setting's user is wrong"],
    ['{"user":{"name":"a","home":"ada"},"workspace":"/w"}', "has to be an absolute path"],
  ])("is refused with a sentence: %s", (broken, sentence) => {
    const parsed = parseSetting(broken);
    expect("problem" in parsed && parsed.problem).toContain(sentence);
  });
});
