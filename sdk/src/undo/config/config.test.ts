import { readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openWorkshop, type Workshop } from "../workshop.test.support.js";
import { mergeConfig } from "./index.js";

let shop: Workshop;
beforeEach(() => {
  shop = openWorkshop();
});
afterEach(() => shop.remove());

const at = (path: string) => shop.at(path);
const undo = async () => (await shop.undo()).end;
const text = (path: string) => readFileSync(at(path), "utf8");

it("takes a key back beside one that a person changed, on the line below", async () => {
  writeFileSync(at("app.json"), '{\n  "port": 80,\n  "host": "a" // ours\n}\n');
  await shop.act("a1", () => writeFileSync(at("app.json"), '{\n  "port": 8080,\n  "host": "a", // ours\n  "debug": true\n}\n'));
  writeFileSync(at("app.json"), '{\n  "port": 8080,\n  "host": "b", // ours\n  "debug": true\n}\n');
  const end = await undo();
  expect(text("app.json")).toBe('{\n  "port": 80,\n  "host": "b" // ours\n}\n');
  expect([end.conflicts, end.unverified]).toEqual([[], []]);
});

it("leaves and lists the key that a person changed, too, and takes back the others", async () => {
  writeFileSync(at("compose.yaml"), "web:\n  image: a\n  port: 1 # public\n");
  await shop.act("a1", () => writeFileSync(at("compose.yaml"), "web:\n  image: b\n  port: 2 # public\n"));
  writeFileSync(at("compose.yaml"), "web:\n  image: b\n  port: 3 # public\n");
  const parts = await shop.keeper.plan({ runId: "r" });
  expect(shop.keeper.shown(parts).conflicts).toEqual([
    { of: "config", path: "compose.yaml/web.port", sentence: "Somebody changed it since." },
  ]);
  await undo();
  expect(text("compose.yaml")).toBe("web:\n  image: a\n  port: 3 # public\n");
});

it("leaves what a person made of a key, whatever came before under it", async () => {
  const write = (port: number, host: string) => writeFileSync(at("app.toml"), `port = ${port}\nhost = "${host}"\n`);
  write(1, "a");
  await shop.act("a1", () => write(5, "b"));
  await shop.act("a2", () => write(6, "b"));
  await shop.act("a3", () => write(2, "c"));
  // The person's value is by chance one that the run had, too.
  write(5, "c");
  await undo();
  expect(text("app.toml")).toBe('port = 5\nhost = "a"\n');
});

it.each([
  ["anchors", "a.yaml", "base: &base\n  x: 1\nown: *base\n"],
  ["several documents", "a.yaml", "a: 1\n---\nb: 2\n"],
  ["tabs", "a.yaml", "a:\n\tb: 1\n"],
  ["a key that stands twice", "a.json", '{ "a": 1, "a": 2 }'],
  ["no object", "a.json", "[1, 2]"],
  ["what is not JSON", "a.json", "{ a: 1 }"],
  ["what is not TOML", "a.toml", "just words\n"],
  ["a section that stands twice", "a.ini", "[a]\nx=1\n[a]\ny=2\n"],
  ["a quote that never ends", ".env", 'A="one\nB=2\n'],
  ["a line longer than anybody reads", ".env", `A=${"x".repeat(5_000)}\n`],
  ["more keys than can be compared", "a.ini", Array.from({ length: 3_000 }, (_, index) => `k${index}=1\n`).join("")],
  ["what would take forever", "a.json", `{"a": [${"/*".repeat(200_000)}`],
  ["quotes without end", "a.toml", `a = """${'\n""'.repeat(100_000)}`],
  ["blank lines without end", "a.yaml", `${"\n".repeat(500_000)}?`],
  ["a file of another kind", "a.ts", "a = 1\n"],
])("does not read %s by key", (_what, path, content) => {
  expect(mergeConfig(path, { base: content, mine: content, theirs: content })).toBeUndefined();
});

it.each([
  [".env", "A=1\r\nexport B = 2\r\n\r\n# end"],
  ["a.json", '\uFEFF{"a":{"b":[1,2,{"c":"}"}]},"d":{}}'],
  ["a.jsonc", '{\n  // "x": 1\n  "a": 1, /* , */\n  "b": "\\"",\n}\n'],
  [
    "a.toml",
    'title = "x"\n"quoted.key" . b = [ # c\n  1, 2 ]\n\n[[list]]\na = 1\n[list.inner]\nb = 2\n# c\n[[list]]\na = """\n[no]\n"""\n\n[end]\n',
  ],
  [
    "a.yaml",
    "--- # start\n# c\na: 'it''s'\n\"b c\":\n- 1\n-\n  x: 1\n\nd:\n    e: >-\n      text: no key\n\n      more\n    f: {g: [1,\n      2]}\n  # odd\nh:\n",
  ],
  ["a.conf", '; top\nkey\nlist =\n  a\n  b\n[s "x"]\n\tname = "v" ; c\n'],
])("gives %s back as it was, byte for byte", (path, content) => {
  expect(mergeConfig(path, { base: content, mine: content, theirs: content })).toEqual({ text: content, conflicts: [] });
});

it.each([
  ["a string without an end in a list", "a.json", `{"a": [ "${'\\"'.repeat(200_000)}`],
  ["brackets without an end", "b.toml", `a = ${"[".repeat(4_000)}\n`.repeat(200)],
  ["a list that goes on and on", "c.toml", `a = [\n${'  "]",\n'.repeat(499)}]\n`.repeat(200)],
  ["a string of a million letters", "d.json", `{"a": "${"x".repeat(1_000_000)}"}`],
  ["blank space", "e.json", `{"a":${" ".repeat(1_000_000)}1}`],
  ["more than is read by key", "f.json", `{"a": "${"\\n".repeat(10_000_000)}"}`],
])("is not held up, nor thrown out, by %s", (...[, path, base]) => {
  // The time limit of the test ends what goes on for minutes, as the first did.
  expect(() => mergeConfig(path, { base, mine: `${base} `, theirs: `${base}\n` })).not.toThrow();
});
