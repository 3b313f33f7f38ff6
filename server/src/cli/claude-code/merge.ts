import type { Json, JsonObject } from "@pullcord/sdk";
import { hookPath, type HookSettings } from "@pullcord/sdk/adapters/claude-code";

/** What was added besides hooks, for taking exactly that out again. */
export interface Added {
  /** Variables with the value they had before; null when they were not there. */
  readonly env: Readonly<Record<string, string | null>>;
  readonly deny: readonly string[];
}

/** Settings with our hooks in place of any older ones of ours, and everything else as it was. */
export function withHooks(settings: JsonObject, ours: HookSettings): { readonly settings: JsonObject; readonly added: Added } {
  const without = withoutHooks(settings);
  const env = objectOf(without["env"]);
  const permissions = objectOf(without["permissions"]);
  const hooks = objectOf(without["hooks"]);
  const deny = listOf(permissions["deny"]);
  const newRules = ours.permissions.deny.filter((rule) => !deny.includes(rule));
  const variables = Object.fromEntries(Object.entries(ours.env).map(([name, value]) => [name, joined(env[name], value)]));
  const events = Object.entries(ours.hooks).map(([event, groups]) => [event, [...listOf(hooks[event]), ...groups]]);
  return {
    settings: {
      ...without,
      env: { ...env, ...variables },
      permissions: { ...permissions, deny: [...deny, ...newRules] },
      hooks: { ...hooks, ...(Object.fromEntries(events) as JsonObject) },
    },
    added: {
      env: Object.fromEntries(Object.keys(ours.env).map((name) => [name, typeof env[name] === "string" ? env[name] : null])),
      deny: newRules,
    },
  };
}

/** Settings without our hooks; what they leave empty goes as well. */
export function withoutHooks(settings: JsonObject): JsonObject {
  if (!isObject(settings["hooks"])) return settings;
  const events = Object.entries(settings["hooks"]).flatMap(([event, groups]): [string, Json][] => {
    const kept = listOf(groups).flatMap(withoutOurs);
    return kept.length > 0 || !holdsOurs(groups) ? [[event, kept]] : [];
  });
  const { hooks: _, ...others } = settings;
  return events.length === 0 ? others : { ...others, hooks: Object.fromEntries(events) };
}

/** Takes out what was added, from settings that somebody changed since. */
export function withoutAdded(settings: JsonObject, added: Added): JsonObject {
  const without = withoutHooks(settings);
  const env = Object.fromEntries(
    Object.entries(objectOf(without["env"])).flatMap(([name, value]): [string, Json][] => {
      if (!(name in added.env)) return [[name, value]];
      const before = added.env[name];
      return typeof before === "string" ? [[name, before]] : [];
    }),
  );
  const permissions = objectOf(without["permissions"]);
  const deny = listOf(permissions["deny"]).filter((rule) => !(typeof rule === "string" && added.deny.includes(rule)));
  const { deny: _rules, ...otherPermissions } = permissions;
  const { env: _env, permissions: _permissions, ...others } = without;
  const leftPermissions = { ...otherPermissions, ...(deny.length > 0 ? { deny } : {}) };
  return {
    ...others,
    ...(Object.keys(env).length > 0 ? { env } : {}),
    ...(Object.keys(leftPermissions).length > 0 ? { permissions: leftPermissions } : {}),
  };
}

/** The events that have a hook of ours that leads to this server. */
export function connectedEvents(settings: JsonObject, url: string): readonly string[] {
  const address = `${url.replace(/\/$/, "")}${hookPath}`;
  return Object.entries(objectOf(settings["hooks"])).flatMap(([event, groups]) =>
    JSON.stringify(groups).includes(address) && holdsOurs(groups) ? [event] : [],
  );
}

/** True for a matcher group whose hooks are all ours. */
export function isOurGroup(value: Json | undefined): boolean {
  const hooks = isObject(value) ? listOf(value["hooks"]) : [];
  return hooks.length > 0 && hooks.every(isOurs);
}

function withoutOurs(group: Json): Json[] {
  if (!isObject(group)) return [group];
  const hooks = listOf(group["hooks"]);
  const kept = hooks.filter((hook) => !isOurs(hook));
  if (kept.length === hooks.length) return [group];
  return kept.length > 0 ? [{ ...group, hooks: kept }] : [];
}

function holdsOurs(groups: Json | undefined): boolean {
  return listOf(groups).some((group) => isObject(group) && listOf(group["hooks"]).some(isOurs));
}

function isOurs(hook: Json): boolean {
  if (!isObject(hook)) return false;
  const { url, command } = hook;
  return [url, command].some((text) => typeof text === "string" && new RegExp(`https?://[^ /]+${hookPath}(?:[#"' ]|$)`).test(text));
}

/** A list of hosts that names ours as well. */
function joined(before: Json | undefined, ours: string): string {
  if (typeof before !== "string" || before === "") return ours;
  const names = before.split(",").map((name) => name.trim());
  return [...names, ...ours.split(",").filter((name) => !names.includes(name))].join(",");
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
