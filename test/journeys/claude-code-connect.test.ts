import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from "vitest";
import { runCommandLine } from "../../server/src/cli/main.js";
import { bash, claude, makePlace, runClaude, startModel, type Place } from "./claude-code/client.js";
import { startTestServer, type TestServer } from "./server-for-tests.js";

/** What a client of that version says of itself. */
const fakeClient = (version: string) => `#!/bin/sh\necho "${version} (Claude Code)"\n`;

describe("pullcord connect, disconnect and doctor", () => {
  let test: TestServer;
  let place: Place;
  /** What the command was started by. */
  let ancestors: { readonly words: readonly string[] }[];
  beforeAll(async () => {
    test = await startTestServer();
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    ancestors = [];
    place = makePlace();
    mkdirSync(join(place.home, "bin"));
    useClient(claude ?? fakeClient("2.1.329"));
    const credentials = join(place.home, ".config", "pullcord", "credentials.json");
    mkdirSync(dirname(credentials), { recursive: true });
    writeFileSync(credentials, JSON.stringify({ server: test.server.url, token: await test.server.ownerToken() }));
  });
  afterEach(() => place.remove());

  function useClient(program: string) {
    const link = join(place.home, "bin", "claude");
    rmSync(link, { force: true });
    if (program.startsWith("#!")) writeFileSync(link, program, { mode: 0o755 });
    else symlinkSync(program, link);
  }

  async function pullcord(...words: string[]) {
    let output = "";
    const out = { write: (text: string) => (output += text) };
    const environment = { HOME: place.home, PATH: `${join(place.home, "bin")}:${process.env["PATH"]}`, IS_SANDBOX: "1", TERM: "dumb" };
    const status = await runCommandLine(words, {
      environment,
      workingDirectory: place.workspace,
      stdin: process.stdin,
      stdout: out,
      stderr: out,
      onInterrupt: () => () => {},
      ancestors: () => ancestors,
    });
    return { status, output };
  }

  const userFile = () => join(place.home, ".claude", "settings.json");
  const settings = (file = userFile()) =>
    JSON.parse(readFileSync(file, "utf8")) as {
      hooks: Record<string, unknown[]>;
      env: Record<string, string>;
      permissions: { deny: string[] };
    };

  it("shows the change, puts it beside what is there, and takes exactly that out again", async () => {
    const before =
      '{\n   "model": "opus",\n   "hooks": {"PreToolUse": [{"matcher": "Bash", "hooks": [{"type": "command", "command": "mine"}]}]},\n   "env": {"NO_PROXY": "intranet"}\n}';
    writeFileSync(userFile(), before);
    const dry = await pullcord("connect", "claude-code", "--dry-run");
    expect(dry.status).toBe(0);
    expect(dry.output).toContain("+ ");
    expect(dry.output).toContain("standard: set by you");
    expect(readFileSync(userFile(), "utf8")).toBe(before);

    const { status, output } = await pullcord("connect", "claude-code", "--yes");
    expect([status, output.match(/pca_[\w-]{5,}/g)]).toEqual([0, null]);
    expect(settings()).toMatchObject({
      model: "opus",
      env: { NO_PROXY: "intranet,127.0.0.1,localhost" },
      permissions: { deny: ["Edit(**/.claude/settings*.json)"] },
    });
    expect(settings().hooks["PreToolUse"]).toHaveLength(2);
    expect((await test.person.listAgents()).items.find(({ name }) => name === "claude-code")?.trustTier).toBe("standard");

    const connected = readFileSync(userFile(), "utf8");
    expect((await pullcord("connect", "claude-code", "--yes")).output).toContain("connected already");
    expect(readFileSync(userFile(), "utf8")).toBe(connected);

    expect((await pullcord("disconnect", "claude-code", "--yes")).status).toBe(0);
    expect(readFileSync(userFile(), "utf8")).toBe(before);
    const tokens = (await test.person.listAgentTokens()).items.filter(({ agent }) => agent === "claude-code");
    expect(tokens.filter(({ revokedAt }) => revokedAt === null)).toEqual([]);
  });

  it("takes only its own part out of settings that were changed since", async () => {
    writeFileSync(userFile(), '{"model":"opus"}');
    await pullcord("connect", "claude-code", "--yes");
    writeFileSync(userFile(), JSON.stringify({ ...settings(), model: "sonnet" }));
    const again = await pullcord("connect", "claude-code", "--yes");
    expect(again.status).toBe(0);
    expect(settings().hooks["PreToolUse"]).toHaveLength(1);
    writeFileSync(userFile(), JSON.stringify({ ...settings(), theme: "dark" }));
    await pullcord("disconnect", "claude-code", "--yes");
    expect(settings()).toEqual({ model: "sonnet", theme: "dark" });
  });

  it("keeps a project's settings out of git, and leaves no trace afterwards", async () => {
    execFileSync("git", ["init", "-q", place.workspace]);
    const file = join(place.workspace, ".claude", "settings.local.json");
    await pullcord("connect", "claude-code", "--project", ".", "--yes");
    expect(settings(file).hooks["PreToolUse"]).toHaveLength(1);
    expect(execFileSync("git", ["-C", place.workspace, "status", "--porcelain"], { encoding: "utf8" })).toBe("");
    await pullcord("disconnect", "claude-code", "--project", ".", "--yes");
    expect(existsSync(join(place.workspace, ".claude"))).toBe(false);
    expect(readFileSync(join(place.workspace, ".git", "info", "exclude"), "utf8")).not.toContain("settings.local.json");
  });

  it.each([
    ["names the line of broken settings and leaves them alone", '{\n  "model": "opus",\n  "hooks": {,}\n}', "line 3"],
    ["refuses settings that switch hooks off", '{"disableAllHooks": true}', "Remove that line"],
  ])("%s", async (_title, text, sentence) => {
    writeFileSync(userFile(), text);
    const { status, output } = await pullcord("connect", "claude-code", "--yes");
    expect(status).not.toBe(0);
    expect(output.replaceAll(/\s+/g, " ")).toContain(sentence);
    expect(readFileSync(userFile(), "utf8")).toBe(text);
  });

  it("refuses a client that would run actions when the server is down, unless it gets the shim", async () => {
    useClient(fakeClient("2.1.197"));
    const { status, output } = await pullcord("connect", "claude-code", "--yes");
    expect(status).toBe(6);
    expect(output.replaceAll(/\s+/g, " ")).toContain("npm install -g @anthropic-ai/claude-code@latest");
    expect(existsSync(userFile())).toBe(false);
    expect((await pullcord("connect", "claude-code", "--shim", "--yes")).status).toBe(0);
    expect(JSON.stringify(settings().hooks["PreToolUse"])).toContain("exit 2");
    await pullcord("disconnect", "claude-code", "--yes");
  });

  it("changes nothing where nobody can be asked, for an agent that is not known, and for one that runs it", async () => {
    expect((await pullcord("connect", "claude-code")).output).toContain("--yes");
    expect((await pullcord("connect", "codex", "--yes")).status).toBe(2);
    ancestors = [{ words: ["/usr/bin/claude"] }];
    for (const verb of ["connect", "disconnect"]) expect((await pullcord(verb, "claude-code", "--yes")).status).toBe(4);
    expect(existsSync(userFile())).toBe(false);
  });

  it("takes the gate out when the server is down, and names the token that stays", async () => {
    await pullcord("connect", "claude-code", "--yes");
    const credentials = join(place.home, ".config", "pullcord", "credentials.json");
    writeFileSync(credentials, JSON.stringify({ server: "http://127.0.0.1:9", token: "x" }));
    const { status, output } = await pullcord("disconnect", "claude-code", "--yes");
    expect([status, existsSync(userFile())]).toEqual([0, false]);
    expect(output).toContain("still good");
  });

  it("says what is missing when nothing is connected", async () => {
    const { status, output } = await pullcord("doctor", "--json");
    expect(status).toBe(1);
    const { ok, checks } = JSON.parse(output) as { ok: boolean; checks: { name: string; ok: boolean; todo?: string }[] };
    expect([ok, checks.at(-1)]).toEqual([
      false,
      expect.objectContaining({ name: "settings", ok: false, todo: "pullcord connect claude-code" }),
    ]);
  });

  describe.skipIf(claude === undefined)("with the real client", () => {
    it.each([
      ["http hooks", []],
      ["the shim", ["--shim"]],
    ])("doctor proves %s with a canary, and finds a gate that was switched off", async (_what, flags) => {
      await pullcord("connect", "claude-code", "--yes", ...flags);
      const proven = await pullcord("doctor", "--json");
      expect(JSON.parse(proven.output)).toMatchObject({ ok: true });
      expect(proven.status).toBe(0);
      expect((await test.person.status()).gateProvenAt).not.toBeNull();

      writeFileSync(userFile(), JSON.stringify({ ...settings(), disableAllHooks: true }));
      const off = await pullcord("doctor");
      expect(off.status).toBe(1);
      expect(off.output).toContain("THE GATE IS OPEN");
      expect(off.output).toContain("Changed since");
      writeFileSync(userFile(), JSON.stringify({ ...settings(), disableAllHooks: false }));
      await pullcord("disconnect", "claude-code", "--yes");
    });

    it("doctor proves a project that is connected by itself", async () => {
      await pullcord("connect", "claude-code", "--project", ".", "--yes");
      const { status, output } = await pullcord("doctor", "--json");
      expect([status, JSON.parse(output)]).toEqual([0, expect.objectContaining({ ok: true })]);
      await pullcord("disconnect", "claude-code", "--yes");
    });

    it("the shim denies when the server is down", async () => {
      await pullcord("connect", "claude-code", "--yes", "--shim");
      writeFileSync(userFile(), readFileSync(userFile(), "utf8").replaceAll(test.server.url, "http://127.0.0.1:9"));
      const model = await startModel(place, { main: [{ tools: [bash("echo no > ran")] }, { text: "fin" }] });
      await runClaude(place, model).ended;
      model.stop();
      expect(existsSync(join(place.workspace, "ran"))).toBe(false);
      expect(model.results()[0]?.text).toContain("Pullcord's server does not answer");
    });
  });
});
