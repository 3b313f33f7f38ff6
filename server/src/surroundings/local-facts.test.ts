import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { localFacts } from "./local-facts.js";
import { makeRecipe } from "./make-recipe.js";

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function project(files: Readonly<Record<string, string>>, committed = true) {
  const workspace = mkdtempSync(join(tmpdir(), "pullcord-facts-"));
  folders.push(workspace);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(workspace, name, ".."), { recursive: true });
    writeFileSync(join(workspace, name), text);
  }
  return { workspace, facts: localFacts({ workspace, home: workspace, isCommitted: () => committed }) };
}

describe("what the project's files say", () => {
  it("knows locked packages, when git has the lock file unchanged", () => {
    const files = {
      "package-lock.json": JSON.stringify({ packages: { "": {}, "node_modules/zod": {}, "node_modules/@a/b": {} } }),
      "requirements.txt": "FastAPI==1.0\nuvicorn>=2\n",
    };
    const { facts } = project(files);
    expect([facts.isLocked?.("npm", "zod"), facts.isLocked?.("npm", "@a/b"), facts.isLocked?.("npm", "left-pad")]).toEqual([
      true,
      true,
      false,
    ]);
    expect([facts.isLocked?.("pip", "fastapi"), facts.isLocked?.("pip", "uvicorn")]).toEqual([true, false]);
    expect(project(files, false).facts.isLocked?.("npm", "zod")).toBeNull();
  });

  it("reads scripts of package.json, with those around them", () => {
    const { facts, workspace } = project({ "package.json": '{"scripts":{"build":"vite build","prebuild":"rm -rf dist"}}', "web/a.ts": "" });
    expect(facts.script?.("npm", "build", join(workspace, "web"))).toEqual({
      body: "rm -rf dist\nvite build",
      says: null,
      committed: true,
    });
    expect(facts.script?.("npm", "deploy", workspace)).toBeNull();
    expect(facts.script?.("npm", "build", "/elsewhere")).toBeNull();
  });

  it("stands what is broken", () => {
    const { facts, workspace } = project({ "package.json": "{", "package-lock.json": "[" });
    expect(facts.script?.("npm", "build", workspace)).toBeNull();
    expect(facts.isLocked?.("npm", "zod")).toBe(false);
  });

  it("lists files below a folder", () => {
    const { facts, workspace } = project({ "a/b.ts": "", "a/c/d.ts": "" });
    expect(facts.below?.(join(workspace, "a"))).toEqual({
      paths: [join(workspace, "a/b.ts"), join(workspace, "a/c/d.ts")],
      complete: true,
    });
    expect(facts.below?.(join(workspace, "none"))).toBeNull();
  });
});

describe("a Makefile", () => {
  const text = "OUT = dist\nall: build\nbuild: clean\n\t@tsc -b && echo $$HOME $(OUT)\nclean:\n\trm -rf $(OUT) $(UNSET)\n.PHONY: all\n";

  it("gives what a target runs, with what it depends on", () => {
    expect(makeRecipe(text, "all")).toBe("rm -rf dist $make_variable\ntsc -b && echo $HOME dist");
  });

  it.each([
    ["no such target", text, "deploy"],
    ["included files", `include x.mk\n${text}`, "all"],
    ["computed rules", "$(eval x: ; rm -rf /)\nx:\n\ttrue\n", "x"],
    ["another shell", `SHELL = ./x\n${text}`, "all"],
  ])("is not read with %s", (_, makefile, target) => expect(makeRecipe(makefile, target)).toBeNull());

  it("ends on rules that need each other", () => expect(makeRecipe("a: b\n\techo a\nb: a\n\techo b\n", "a")).toBe("echo b\necho a"));
});
