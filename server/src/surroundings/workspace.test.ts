import { expect, it } from "vitest";
import { ownWorkspace } from "./workspace.js";

it.each(["/", "/usr", "/usr/share/app", "/etc", "/home", "/home/dev", "/opt/tool", "/proc/self/cwd", "/tmp"])(
  "%s is nobody's workspace",
  (path) => {
    expect(ownWorkspace(path, "/home/dev")).toBeNull();
  },
);

it.each(["/home/dev/shop", "/srv/shop", "/var/www/shop", "/tmp/scratch", "/usrlocal/shop"])("%s can be a workspace", (path) => {
  expect(ownWorkspace(path, "/home/dev")).toBe(path);
});
