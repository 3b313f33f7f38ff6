import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { sdkManifest, type Sources } from "./imports.js";
import { longestFile, rooms } from "./rooms.js";
import { violationsOf } from "./violations.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

describe("the repository", () => {
  it("imports along the arrows of the table, without circles, in files that are short and well named", () => {
    expect(violationsOf(sourcesOnDisk())).toEqual([]);
  });

  it("names no room that imports an unknown one", () => {
    const names = rooms.map((room) => room.name);
    expect(rooms.flatMap((room) => room.mayImport).filter((name) => !names.includes(name))).toEqual([]);
  });
});

// One known-bad tree for each kind of violation: the check must bite.
const bad: readonly { title: string; tree: Record<string, string>; says: string }[] = [
  {
    title: "an arrow against the order of the SDK",
    tree: { "sdk/src/client/a.ts": `import { b } from "../gate/b.js";`, "sdk/src/gate/b.ts": "" },
    says: "sdk/client may import only sdk/protocol",
  },
  {
    title: "an arrow against the order of the server",
    tree: { "server/src/domain/a.ts": `import type { B } from "../store/b.js";`, "server/src/store/b.ts": "" },
    says: "server/domain may import only sdk/protocol",
  },
  {
    title: "an arrow hidden in a re-export",
    tree: { "server/src/store/a.ts": `export * from "../commands/b.js";`, "server/src/commands/b.ts": "" },
    says: "server/store may import only server/domain, sdk/audit, sdk/protocol",
  },
  {
    title: "an arrow hidden in a dynamic import",
    tree: { "server/src/http/a.ts": `const b = await import("../notify/b.js");`, "server/src/notify/b.ts": "" },
    says: "server/http may import only",
  },
  {
    title: "an arrow hidden in a type",
    tree: { "server/src/clock/a.ts": `type B = import("../http/b.js").B;`, "server/src/http/b.ts": "" },
    says: "server/clock may import only",
  },
  {
    title: "an adapter that imports its sibling",
    tree: { "sdk/src/adapters/a/index.ts": `import { b } from "../b/index.js";`, "sdk/src/adapters/b/index.ts": "" },
    says: "plug-ins of sdk/adapters never import each other",
  },
  {
    title: "a notifier that imports its sibling",
    tree: { "server/src/notify/a/a.ts": `import { b } from "../b/b.js";`, "server/src/notify/b/b.ts": "" },
    says: "plug-ins of server/notify never import each other",
  },
  {
    title: "an adapter that a room of the server imports",
    tree: { "server/src/http/a.ts": `import { b } from "@pullcord/sdk/adapters/claude-code";` },
    says: "imports sdk/src/adapters/claude-code/index.ts",
  },
  {
    title: "the whole SDK in the console",
    tree: { "console/src/a.tsx": `import { b } from "@pullcord/sdk";`, "sdk/src/index.ts": "" },
    says: "console may import only sdk/client, sdk/protocol",
  },
  {
    title: "a command line that reaches into the server",
    tree: { "server/src/cli/a.ts": `import { b } from "../commands/b.js";`, "server/src/commands/b.ts": "" },
    says: "server/cli may import only sdk/index",
  },
  {
    title: "a subcommand other than start that knows the app",
    tree: { "server/src/cli/stop.ts": `import { app } from "../app.js";`, "server/src/app.ts": "" },
    says: "server/src/cli/stop.ts imports server/src/app.ts",
  },
  {
    title: "a room that knows the app",
    tree: { "server/src/http/a.ts": `import { app } from "../app.js";`, "server/src/app.ts": "" },
    says: "server/http may import only",
  },
  {
    title: "another package reached by path",
    tree: { "server/src/domain/a.ts": `import { b } from "../../../sdk/src/protocol/b.js";`, "sdk/src/protocol/b.ts": "" },
    says: "reaches into another package by path",
  },
  {
    title: "a dependency of the SDK",
    tree: { "sdk/src/gate/a.ts": `import { z } from "zod";` },
    says: "the SDK has no dependencies",
  },
  {
    title: "a module of Node where a browser runs",
    tree: { "sdk/src/protocol/a.ts": `import { readFileSync } from "node:fs";` },
    says: "sdk/protocol also runs in a browser",
  },
  {
    title: "a file that runs only in Node, where a browser runs",
    tree: {
      "console/src/a.ts": `import "@pullcord/sdk/digest";`,
      "sdk/package.json": `{"exports":{"./digest":{"@pullcord/source":"./src/protocol/digest.ts"}}}`,
    },
    says: "which runs only in Node",
  },
  {
    title: "a circle",
    tree: {
      "server/src/domain/a.ts": `import { b } from "./b.js";`,
      "server/src/domain/b.ts": `import { c } from "./c.js";`,
      "server/src/domain/c.ts": `import { a } from "./a.js";`,
    },
    says: "server/src/domain/a.ts → server/src/domain/b.ts → server/src/domain/c.ts → server/src/domain/a.ts",
  },
  {
    title: "code that imports a test",
    tree: { "server/src/domain/a.ts": `import { b } from "./b.test.js";`, "server/src/domain/b.test.ts": "" },
    says: "imports the test server/src/domain/b.test.ts",
  },
  { title: "a folder that the table does not know", tree: { "server/src/stuff/a.ts": "" }, says: "is in no room" },
  { title: "a file called utils", tree: { "server/src/domain/utils.ts": "" }, says: `is called "utils"` },
  { title: "a folder called common", tree: { "console/src/common/a.tsx": "" }, says: `is called "common"` },
  { title: "a file that is too long", tree: { "sdk/src/gate/a.ts": "//\n".repeat(longestFile + 1) }, says: "has 301 lines" },
];

describe("a violation", () => {
  it.each(bad)("is found: $title", ({ tree, says }) => {
    const found = violationsOf(new Map(Object.entries(tree)));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(says);
  });

  it("is not seen in what the table allows", () => {
    const tree = {
      "server/src/app.ts": `import "./http/a.js"; import "./notify/index.js"; import "@pullcord/sdk/adapters/x";`,
      "server/src/http/a.ts": `import "../commands/a.js"; import "hono";`,
      "server/src/http/a.test.ts": `import "../app.js"; import "@pullcord/sdk/client";`,
      "server/src/commands/a.ts": `import "../store/a.js"; import "@pullcord/sdk/protocol"; import type { B } from "./b.js";`,
      "server/src/commands/b.ts": `import "./a.js";`,
      "server/src/store/a.ts": `import "../domain/a.js"; import "kysely"; import "node:fs";`,
      "server/src/domain/a.ts": "",
      "server/src/notify/index.ts": `import "./ntfy/index.js";`,
      "server/src/notify/ntfy/index.ts": `import "../notifier.js";`,
      "server/src/notify/notifier.ts": "",
      "server/src/cli/start.ts": `import "../app.js"; import "./a.js";`,
      "server/src/cli/a.ts": `import "@pullcord/sdk"; import "@pullcord/sdk/adapters/x";`,
      "console/src/main.tsx": `import "@pullcord/sdk/client"; import "./main.css"; import "react";`,
    };
    expect(violationsOf(new Map(Object.entries(tree)))).toEqual([]);
  });
});

function sourcesOnDisk(): Sources {
  const paths = ["sdk/src", "server/src", "console/src"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return new Map(
    [join(root, sdkManifest), ...paths].map((path) => [relative(root, path).split(sep).join("/"), readFileSync(path, "utf8")]),
  );
}
