import { describe, expect, it } from "vitest";
import { settingsFilesOf } from "./settings-files.js";

const filesOf = (line: string) => {
  const [program = "", ...words] = line.split(" ");
  return settingsFilesOf([{ program, words, text: line }], "/home/ada");
};

describe("settings that a program changes without naming their file", () => {
  it.each([
    ["git config --global user.name x", ["/home/ada/.gitconfig", "/home/ada/.config/git/config"]],
    ["git config set --global user.name x", ["/home/ada/.gitconfig", "/home/ada/.config/git/config"]],
    ["git config --system core.editor vi", ["/etc/gitconfig"]],
    ["npm config set fund false", ["/home/ada/.npmrc"]],
    ["npm set fund false", ["/home/ada/.npmrc"]],
    ["pip config set global.timeout 60", ["/home/ada/.config/pip/pip.conf", "/home/ada/.pip/pip.conf", "/etc/pip.conf"]],
    ["go env -w GOFLAGS=-mod=mod", ["/home/ada/.config/go/env"]],
    ["gh config set editor vi", ["/home/ada/.config/gh/config.yml"]],
    ["kubectl config use-context shop", ["/home/ada/.kube/config"]],
  ])("%s", (line, files) => expect(filesOf(line)).toEqual(files));

  it.each(["git config user.name x", "git commit --global", "npm config get fund", "npm install", "go env GOFLAGS", "kubectl get pods"])(
    "none: %s",
    (line) => expect(filesOf(line)).toEqual([]),
  );
});
