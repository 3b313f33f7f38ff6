import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Transcript } from "./transcript.js";

let root: string;
let path: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "pullcord-transcript-"));
  path = join(root, ".claude", "projects", "-work", "s1.jsonl");
  mkdirSync(dirname(path), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const watch = (of = path) => Transcript.watch(of, new Map());
const message = (id: unknown, usage: unknown) => `${JSON.stringify({ type: "assistant", message: { id, role: "assistant", usage } })}\n`;
const used = (id: string, output = 20) => message(id, { input_tokens: 100, output_tokens: output });
const nothingNew = { tokens: 0, problems: [] };

describe("a transcript", () => {
  it("counts what comes after it was watched, input, output and cache", async () => {
    writeFileSync(path, used("old"));
    const transcript = await watch();
    expect(await transcript.read()).toEqual(nothingNew);
    const usage = {
      input_tokens: 1,
      output_tokens: 2,
      cache_creation_input_tokens: 4,
      cache_read_input_tokens: 8,
      service_tier: "standard",
    };
    appendFileSync(path, `{"type":"user","message":{"content":"\\"usage\\""}}\n${message("m1", usage)}`);
    expect(await transcript.read()).toEqual({ tokens: 15, problems: [] });
    expect(await transcript.read()).toEqual(nothingNew);
  });

  it("counts a message once, however many lines it takes, with what it had used in the end", async () => {
    const transcript = await watch();
    writeFileSync(path, used("m1", 1) + used("m1", 1) + used("m2"));
    expect(await transcript.read()).toEqual({ tokens: 101 + 120, problems: [] });
    appendFileSync(path, used("m1", 20) + used("m2"));
    expect(await transcript.read()).toEqual({ tokens: 19, problems: [] });
  });

  it("counts a message once that two transcripts of a session tell", async () => {
    const counted = new Map<string, number>();
    const other = join(dirname(path), "s1", "subagents", "agent-a1.jsonl");
    mkdirSync(dirname(other), { recursive: true });
    const both = [await Transcript.watch(path, counted), await Transcript.watch(other, counted)];
    for (const each of [path, other]) writeFileSync(each, used("m1"));
    expect(await both[0]?.read()).toEqual({ tokens: 120, problems: [] });
    expect(await both[1]?.read()).toEqual(nothingNew);
  });

  it("waits for the other half of a line", async () => {
    const transcript = await watch();
    const line = used("m1");
    writeFileSync(path, line.slice(0, 30));
    expect(await transcript.read()).toEqual(nothingNew);
    appendFileSync(path, line.slice(30));
    expect(await transcript.read()).toEqual({ tokens: 120, problems: [] });
  });

  it("takes no half line for its own that was there when it was watched", async () => {
    const line = used("m1");
    writeFileSync(path, line.slice(0, 30));
    const transcript = await watch();
    appendFileSync(path, line.slice(30) + used("m2"));
    expect(await transcript.read()).toEqual({ tokens: 120, problems: [] });
  });

  it("passes over a line that is too long, says so, and goes on behind it", async () => {
    const transcript = await watch();
    writeFileSync(path, `${used("m1")}{"usage":"${"x".repeat(9 * 1024 * 1024)}"}\n${used("m2")}`);
    expect(await transcript.read()).toEqual({ tokens: 240, problems: [expect.stringContaining("a line of more than")] });
  });

  it("reads a bounded part at a time and the rest at the next", async () => {
    const transcript = await watch();
    const filling = `${"y".repeat(1024 * 1024 - 1)}\n`;
    writeFileSync(path, used("m1") + filling.repeat(20) + used("m2"));
    expect((await transcript.read()).tokens).toBe(120);
    expect((await transcript.read()).tokens).toBe(120);
  });

  it.each([
    ["no JSON", '{"type":"assistant","message":{"id":"m1","usage":\n', "no JSON"],
    ["no number", message("", { input_tokens: 1 }), "no number of its own"],
    ["a list as number", message(["m1"], { input_tokens: 1 }), "no number of its own"],
    ["fewer than none", message("m1", { input_tokens: -1 }), "no number of tokens"],
    ["a text", message("m1", { input_tokens: "1000" }), "no number of tokens"],
    ["more than there can be", message("m1", { input_tokens: 1e15 }), "no number of tokens"],
    ["a sum beyond all numbers", message("m1", { input_tokens: Number.MAX_SAFE_INTEGER, output_tokens: 1e9 }), "no number of tokens"],
    ["parts of one", message("m1", { input_tokens: 0.5 }), "no number of tokens"],
  ])("says what it can't count in a line with %s", async (_, line, problem) => {
    const transcript = await watch();
    writeFileSync(path, line + used("m2"));
    expect(await transcript.read()).toEqual({ tokens: 120, problems: [expect.stringContaining(problem)] });
  });

  it.each([
    ["a line of somebody else", '{"type":"user","message":{"id":"m1","usage":{"input_tokens":1}}}\n'],
    ["a message without usage", '{"type":"assistant","message":{"id":"m1","note":"usage","usage":null}}\n'],
    ["a list", '["usage"]\n'],
  ])("passes over %s", async (_, line) => {
    const transcript = await watch();
    writeFileSync(path, line);
    expect(await transcript.read()).toEqual(nothingNew);
  });

  it("counts from the beginning what has become shorter, but for what it knows, and says so", async () => {
    const transcript = await watch();
    writeFileSync(path, used("m1") + used("m2"));
    await transcript.read();
    truncateSync(path, used("m1").length);
    expect(await transcript.read()).toEqual({ tokens: 0, problems: [expect.stringContaining("shorter")] });
    appendFileSync(path, used("m3"));
    expect(await transcript.read()).toEqual({ tokens: 120, problems: [] });
  });

  it("counts from the beginning what took its place, however long it is, and says so", async () => {
    const transcript = await watch();
    writeFileSync(path, used("m1"));
    await transcript.read();
    writeFileSync(`${path}.new`, used("m1") + used("m4") + used("m5"));
    renameSync(`${path}.new`, path);
    expect(await transcript.read()).toEqual({ tokens: 240, problems: [expect.stringContaining("replaced")] });
  });
});

describe("what is no transcript is not read:", () => {
  const inRoot = (...names: string[]) => join(root, ...names);
  const readingOf = async (of: string) => (await watch(of)).read();
  const refusedFor = (problem: string) => ({ tokens: 0, problems: [expect.stringContaining(problem)] });

  it("a file that never comes, which is said at the end alone", async () => {
    const transcript = await watch();
    expect(await transcript.read()).toEqual(nothingNew);
    expect(await transcript.read(true)).toEqual({ tokens: 0, problems: [expect.stringContaining("ENOENT")] });
  });

  it("a file that was there and is gone", async () => {
    const transcript = await watch();
    writeFileSync(path, used("m1"));
    expect((await transcript.read()).tokens).toBe(120);
    rmSync(path);
    expect(await transcript.read()).toEqual({ tokens: 0, problems: [expect.stringContaining("ENOENT")] });
  });

  it.each([
    ["another folder", () => inRoot("projects", "-work", "s1.jsonl")],
    ["another kind of file", () => inRoot(".claude", "projects", "-work", "s1.json")],
    ["a way out of the folder", () => `${root}/.claude/projects/../../.claude/projects/-work/s1.jsonl`],
    ["a relative path", () => ".claude/projects/-work/s1.jsonl"],
  ])("%s", async (_, at) => {
    const file = at();
    if (file.startsWith("/")) mkdirSync(dirname(file), { recursive: true });
    if (file.startsWith("/")) writeFileSync(file, used("m1"));
    expect(await readingOf(file)).toEqual(refusedFor("not where Claude Code keeps its own"));
  });

  it("a link to a file elsewhere", async () => {
    writeFileSync(inRoot("elsewhere.jsonl"), used("m1"));
    symlinkSync(inRoot("elsewhere.jsonl"), path);
    expect(await readingOf(path)).toEqual(refusedFor("not where Claude Code keeps its own"));
  });

  it("a link to a folder elsewhere", async () => {
    mkdirSync(inRoot("elsewhere"));
    writeFileSync(inRoot("elsewhere", "s2.jsonl"), used("m1"));
    symlinkSync(inRoot("elsewhere"), inRoot(".claude", "projects", "-linked"));
    expect(await readingOf(inRoot(".claude", "projects", "-linked", "s2.jsonl"))).toEqual(
      refusedFor("not where Claude Code keeps its own"),
    );
  });

  it("a link to another transcript", async () => {
    writeFileSync(inRoot(".claude", "projects", "-work", "s9.jsonl"), used("m1"));
    symlinkSync("s9.jsonl", path);
    expect(await readingOf(path)).toEqual(refusedFor("ELOOP"));
  });

  it("a folder", async () => {
    mkdirSync(path);
    expect(await readingOf(path)).toEqual(refusedFor("no plain file"));
  });

  it("a pipe, which would hold up whoever reads it", async () => {
    execFileSync("mkfifo", [path]);
    expect(await readingOf(path)).toEqual(refusedFor("no plain file"));
  });
});
