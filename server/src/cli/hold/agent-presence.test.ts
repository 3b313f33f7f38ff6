import { describe, expect, it } from "vitest";
import { findAgent } from "./agent-presence.js";

describe("an agent above a command", () => {
  it.each([
    ["a mark of Claude Code", { CLAUDECODE: "1" }, []],
    ["a mark of pullcord run", { PULLCORD_RUN_ID: "r7k2" }, []],
    ["a program called claude", {}, [["bash"], ["/usr/local/bin/claude", "-p"]]],
    ["a program of Node", {}, [["node", "/usr/lib/node_modules/@anthropic-ai/claude-code/cli.js"]]],
    ["codex some levels up", {}, [["sh", "-c", "x"], ["make"], ["codex", "exec"]]],
    ["gemini as a script", {}, [["node", "/home/a/.npm/bin/gemini"]]],
  ])("is found by %s", (_, environment, ancestors) => {
    expect(
      findAgent(
        environment,
        ancestors.map((words) => ({ words })),
      ),
    ).not.toBeNull();
  });

  it.each([
    ["a person's shell", {}, [["-zsh"], ["tmux"], ["/sbin/init"]]],
    ["an editor with a file of that name", {}, [["vim", "claude"], ["bash"]]],
    ["an empty mark", { CLAUDECODE: "" }, []],
    ["a folder called codex", {}, [["bash", "/home/a/codex/build.sh"]]],
  ])("is not seen in %s", (_, environment, ancestors) => {
    expect(
      findAgent(
        environment,
        ancestors.map((words) => ({ words })),
      ),
    ).toBeNull();
  });
});
