import { describe, expect, it } from "vitest";
import { environmentOf } from "./environment.js";
import { runProgram } from "./run-program.js";

const server = {
  PATH: process.env["PATH"],
  HOME: "/home/ada",
  HTTPS_PROXY: "http://proxy:8080",
  PULLCORD_TOKEN: "pt_secret",
  PULLCORD_MODEL_KEY: "sk-secret",
  SHOP_DATABASE_URL: "postgres://shop:secret@db/shop",
  AWS_SECRET_ACCESS_KEY: "secret",
  NODE_OPTIONS: "--require /evil.js",
  LD_PRELOAD: "/evil.so",
  GIT_DIR: "/elsewhere",
  GH_TOKEN: "ghp_secret",
  GH_ENTERPRISE_TOKEN: "ghp_secret",
  KUBECONFIG: "/home/ada/.kube/config",
};

describe("what a program that undo runs is given", () => {
  it.each([
    ["npm", []],
    ["gh", ["GH_TOKEN"]],
    ["kubectl", ["KUBECONFIG"]],
    ["pip3.11", []],
  ])("%s: the named variables, and its own", (program, own) => {
    const passed = Object.entries(environmentOf([program, "x"], server)).filter(([name, value]) => server[name as "PATH"] === value);
    expect(passed.map(([name]) => name).toSorted()).toEqual(["HOME", "HTTPS_PROXY", "PATH", ...own].toSorted());
  });

  it("looks behind sudo for the program", () => {
    expect(environmentOf(["sudo", "--non-interactive", "kubectl"], server)["KUBECONFIG"]).toBe(server.KUBECONFIG);
  });

  it("is all that really arrives", async () => {
    const said = await runProgram({ argv: ["env"] }, { environment: server, limitMs: 30_000 });
    expect(said.stdout).toContain("HOME=/home/ada");
    expect(said.stdout).not.toMatch(/secret|evil|elsewhere/);
  });
});
