import { approvalLevels, autonomyLevels, type PolicyChange } from "@pullcord/sdk/protocol";
import type { PolicyDocument, RuleDocument } from "./document.js";
import { limitDirection } from "./limit-direction.js";

type Direction = PolicyChange["direction"];

/** What differs between two policies, whatever the order of their rules. */
export function diffPolicies(before: PolicyDocument, after: PolicyDocument): readonly PolicyChange[] {
  return [...settingChanges(before, after), ...ruleChanges(before.rules ?? [], after.rules ?? [])];
}

function settingChanges(before: PolicyDocument, after: PolicyDocument): readonly PolicyChange[] {
  const [old, fresh] = [settingsOf(before), settingsOf(after)];
  const names = [...new Set([...old.keys(), ...fresh.keys()])].sort();
  return names.flatMap((what): PolicyChange[] => {
    const [one, other] = [old.get(what) ?? null, fresh.get(what) ?? null];
    return one === other
      ? []
      : [
          {
            kind: kindOf(one, other),
            what,
            before: one,
            after: other,
            direction: limitDirection(what, before.guardrails, after.guardrails) ?? settingDirection(what, one, other),
          },
        ];
  });
}

/** Every setting but the rules, by the keys that lead there. */
function settingsOf(policy: PolicyDocument): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const walk = (value: unknown, above: string): void => {
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      for (const [key, inner] of Object.entries(value)) walk(inner, above === "" ? key : `${above}.${key}`);
    else if (value !== undefined) found.set(above, JSON.stringify(value));
  };
  walk({ ...policy, rules: undefined }, "");
  return found;
}

function kindOf(before: string | null, after: string | null): PolicyChange["kind"] {
  return before === null ? "added" : after === null ? "removed" : "changed";
}

/** Known only for settings that are a scale; what is left out gets a default, so only a change from value to value tells. */
function settingDirection(what: string, before: string | null, after: string | null): Direction {
  if (before === null || after === null) return null;
  const [one, other] = [JSON.parse(before) as unknown, JSON.parse(after) as unknown];
  if (what === "autonomy") return scale(autonomyLevels.indexOf(one as never), autonomyLevels.indexOf(other as never));
  if (what.startsWith("approval.levels.") || what === "approval.default_level")
    return scale(approvalLevels.indexOf(other as never), approvalLevels.indexOf(one as never));
  if (typeof one === "number" && typeof other === "number" && what.startsWith("thresholds.")) return scale(one, other);
  return null;
}

function scale(before: number, after: number): Direction {
  return after > before ? "looser" : "tighter";
}

function ruleChanges(before: readonly RuleDocument[], after: readonly RuleDocument[]): readonly PolicyChange[] {
  const [old, fresh] = [byId(before), byId(after)];
  const ids = [...new Set([...old.keys(), ...fresh.keys()])].sort();
  return ids.flatMap((id): PolicyChange[] => {
    const [one, other] = [old.get(id), fresh.get(id)];
    const [written, rewritten] = [one ? shown(one) : null, other ? shown(other) : null];
    if (written === rewritten) return [];
    return [
      { kind: kindOf(written, rewritten), what: `rules.${id}`, before: written, after: rewritten, direction: ruleDirection(one, other) },
    ];
  });
}

function byId(rules: readonly RuleDocument[]): ReadonlyMap<string, RuleDocument> {
  return new Map(rules.map((rule) => [rule.id, rule]));
}

function shown({ effect, level, reason, when }: RuleDocument): string {
  return JSON.stringify({ effect, when, ...(level === undefined ? {} : { level }), ...(reason === undefined ? {} : { reason }) });
}

function ruleDirection(before: RuleDocument | undefined, after: RuleDocument | undefined): Direction {
  if (before && after) return null;
  const loosens = (before ?? after)?.effect === "allow" ? after !== undefined : before !== undefined;
  return loosens ? "looser" : "tighter";
}
