import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { Cli } from "../cli.js";
import { Call } from "../verb.js";
import { completionFor } from "./completion.js";
import { verbs } from "./index.js";

async function script(shell: string): Promise<string> {
  let text = "";
  const cli = { isJson: false, screen: { line: (line: string) => (text += `${line}\n`) } } as unknown as Cli;
  await completionFor(verbs).run?.(cli, new Call([shell], {}));
  return text;
}

const has = (shell: string) => spawnSync(shell, ["--version"]).status === 0;

describe("completion", () => {
  it.skipIf(!has("bash"))("offers the verbs and their options in bash", async () => {
    const words = (...line: string[]) => {
      const list = line.map((word) => `'${word}'`).join(" ");
      return `COMP_WORDS=(${list}); COMP_CWORD=${line.length - 1}; _pullcord; echo "\${COMPREPLY[*]}"`;
    };
    const text = `${await script("bash")}\n${words("pullcord", "sto")}\n${words("pullcord", "stop", "--a")}\n${words("pullcord", "token", "i")}`;
    const { stdout, stderr } = spawnSync("bash", ["--norc", "-c", text], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(stdout.trim().split("\n")).toEqual(["stop", "--agent --all", "issue"]);
  });

  it.each(["zsh", "fish"])("is sound in %s, where that is installed", async (shell) => {
    const text = await script(shell);
    expect(text).toContain("break-glass");
    if (has(shell)) expect(spawnSync(shell, ["-n", "-c", text], { encoding: "utf8" }).stderr).toBe("");
  });

  it("is refused for another shell", async () => {
    await expect(script("tcsh")).rejects.toMatchObject({ reason: "shell" });
  });
});
