import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pullcord, startPullcord, startSignedIn } from "./cli/command.js";
import type { TestServer } from "./server-for-tests.js";

const policy = `version: 1
matchers: ./own.ts
rules:
  - id: no-force
    effect: deny
    when: { program: git, flag: --force }
  - id: big
    effect: require_approval
    when: { matcher: isBig }
`;
const cases = `version: 1
cases:
  - { name: force is denied, action: { type: command_execute, command: "git push --force" }, expect: deny, rule: no-force }
`;

let test: TestServer;

beforeAll(async () => {
  test = await startSignedIn();
  writeFileSync(join(test.folder, "next.yaml"), policy);
  writeFileSync(join(test.folder, "next.test.yaml"), cases);
  writeFileSync(join(test.folder, "own.ts"), "export const isBig = ({ score }: { score: number }) => score > 90;\n");
});

afterAll(() => test.close());

describe("pullcord policy", () => {
  it("checks a file with its matchers and cases", async () => {
    expect(await pullcord(test.folder, ["policy", "check", "next.yaml"])).toMatchObject({
      status: 0,
      out: expect.stringContaining("sound") as string,
    });
    writeFileSync(join(test.folder, "broken.yaml"), policy.replace("isBig", "isHuge"));
    const said = await pullcord(test.folder, ["policy", "check", "broken.yaml"]);
    expect(said).toMatchObject({ status: 1, out: expect.stringMatching(/broken\.yaml:7:1: .*isHuge/) as string });
  });

  it("runs the cases beside it, and fails when one does not hold", async () => {
    expect(await pullcord(test.folder, ["policy", "test", "next.yaml"])).toMatchObject({ status: 0, out: "1 of 1 cases hold.\n" });
    writeFileSync(join(test.folder, "other.yaml"), policy.replace("--force", "--mirror"));
    writeFileSync(join(test.folder, "other.test.yaml"), cases);
    const said = await pullcord(test.folder, ["policy", "test", "other.yaml"]);
    expect(said).toMatchObject({ status: 1, out: expect.stringContaining("0 of 1 cases hold") as string });
  });

  it("explains an action with the line of the rule", async () => {
    const said = await pullcord(test.folder, ["policy", "explain", "--policy", "next.yaml", "git push --force"]);
    expect(said).toMatchObject({ status: 0, out: expect.stringMatching(/Denied[^]*no-force\s+next\.yaml:4/) as string });
    const inForce = await pullcord(test.folder, ["policy", "explain", "git push --force"]);
    expect(inForce.out).toContain("no-force-push");
  });

  it("compares with what is in force", async () => {
    const said = await pullcord(test.folder, ["policy", "diff", "next.yaml"]);
    expect(said.out).toMatch(/\+ rules\.no-force {2}\(tighter\)/);
    expect(said.out).toMatch(/- rules\.no-force-push {2}\(looser\)/);
  });
});

describe("pullcord start", () => {
  it.each([
    ["a sound policy", policy.slice(0, policy.indexOf("matchers")), /Policy {4}\S+ \(read again when it changes\)\nStop all/],
    [
      "a broken policy",
      "version: 1\nrules: none\n",
      /It has a problem, so everything is asked about until\s+that\s+is\s+mended\.\s+Line 2: rules/,
    ],
  ])("says what is wrong with the policy that it finds: %s", async (_what, text, said) => {
    const folder = mkdtempSync(join(tmpdir(), "pullcord-start-"));
    writeFileSync(join(folder, "policy.yaml"), text);
    const words = ["start", "--port", "0", "--no-open", "--policy", join(folder, "policy.yaml")];
    const { child, output, ended } = startPullcord(folder, words);
    try {
      await expect.poll(output).toContain("Ctrl+C stops the server");
      expect(output()).toMatch(said);
    } finally {
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
