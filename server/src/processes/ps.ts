import { execFileSync } from "node:child_process";
import type { ProcessInfo } from "./process-info.js";

const psLimitMs = 2_000;
const psOutputBytes = 32 * 1024 * 1024;
const psLine = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/;

/**
 * Every process, where there is no /proc (macOS). With `-E` the environment follows the command on the same line, so a
 * marker is looked for in the whole line: best effort, and only for processes of the same user.
 */
export function readPs(): ProcessInfo[] {
  const text = execFileSync("/bin/ps", ["-axww", "-E", "-o", "pid=,ppid=,pgid=,state=,lstart=,command="], {
    encoding: "utf8",
    timeout: psLimitMs,
    maxBuffer: psOutputBytes,
    stdio: ["ignore", "pipe", "ignore"],
  });
  return text.split("\n").flatMap(parsePsLine);
}

function parsePsLine(line: string): ProcessInfo[] {
  const [, pid, parent, group, state = "", startedAt = "", command = ""] = psLine.exec(line) ?? [];
  if (pid === undefined || state.startsWith("Z")) return [];
  return [
    {
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      session: 0,
      state,
      startedAt,
      words: command.split(" "),
      environment: command,
    },
  ];
}
