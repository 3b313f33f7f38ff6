import { expect, it } from "vitest";
import type { JsonObject } from "@pullcord/sdk";
import { hookSettings } from "@pullcord/sdk/adapters/claude-code";
import { connectedEvents, withHooks, withoutAdded, withoutHooks } from "./merge.js";

const url = "http://127.0.0.1:7420";
const ours = (token = "pca_1", isShim = false) => hookSettings({ url, token, isShim });
const mine = { matcher: "Bash", hooks: [{ type: "command", command: "mine" }] };

it.each<[string, JsonObject]>([
  ["nothing", {}],
  ["other settings", { model: "opus", theme: "dark" }],
  ["hooks of their own", { hooks: { PreToolUse: [mine], Notification: [mine] } }],
  ["variables and rules", { env: { A: "1", NO_PROXY: "intranet" }, permissions: { allow: ["Read"], deny: ["Bash(rm:*)"] } }],
])("goes in and out again without a trace beside %s", (_what, before) => {
  const { settings, added } = withHooks(before, ours());
  expect(connectedEvents(settings, url)).toEqual(expect.arrayContaining(Object.keys(ours().hooks)));
  expect(withoutAdded(settings, added)).toEqual(before);
});

it("goes in once, however often, and takes the place of an older token or way", () => {
  const { settings: first } = withHooks({ hooks: { PreToolUse: [mine] } }, ours("pca_1", true));
  const { settings: second } = withHooks(first, ours("pca_2"));
  expect(second["hooks"]).toEqual(withHooks({ hooks: { PreToolUse: [mine] } }, ours("pca_2")).settings["hooks"]);
  expect(JSON.stringify(second)).not.toContain("pca_1");
});

it("leaves a hook of somebody else's in the group of ours", () => {
  const { settings } = withHooks({}, ours());
  const group = (settings["hooks"] as unknown as Record<string, [{ hooks: JsonObject[] }]>)["PreToolUse"]?.[0];
  const shared = { hooks: { PreToolUse: [{ matcher: "*", hooks: [...(group?.hooks ?? []), { type: "command", command: "mine" }] }] } };
  expect(withoutHooks(shared)).toEqual({ hooks: { PreToolUse: [{ matcher: "*", hooks: [{ type: "command", command: "mine" }] }] } });
});

it("adds this machine to a list of hosts that need no proxy", () => {
  const { settings, added } = withHooks({ env: { NO_PROXY: "intranet" } }, ours());
  expect(settings["env"]).toEqual({ NO_PROXY: "intranet,127.0.0.1,localhost", no_proxy: "127.0.0.1,localhost" });
  expect(added.env).toEqual({ NO_PROXY: "intranet", no_proxy: null });
});

it("does not take a hook that leads to another server for this one's", () => {
  const { settings } = withHooks({}, hookSettings({ url: "http://127.0.0.1:9", token: "pca_1" }));
  expect(connectedEvents(settings, url)).toEqual([]);
});
