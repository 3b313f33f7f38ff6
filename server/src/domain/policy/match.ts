import type { ApprovalLevel } from "@pullcord/sdk/protocol";
import { candidates, type RuleIndex } from "./rule-index.js";
import type { Rule } from "./rule.js";
import type { Fit, Subject } from "./subject.js";

/** What the rules say of an action. */
export interface Matches {
  readonly denies: readonly Rule[];
  /** Rules that ask, and rules that would ask or deny if what cannot be read is what they test. */
  readonly asks: readonly { readonly rule: Rule; readonly fit: "yes" | "unknown" }[];
  readonly allows: readonly Rule[];
}

/** Holds every rule that can apply against the action. The order of the rules never matters. */
export function matchRules(index: RuleIndex, subject: Subject): Matches {
  const denies: Rule[] = [];
  const asks: { rule: Rule; fit: "yes" | "unknown" }[] = [];
  const allows: Rule[] = [];
  for (const rule of candidates(index, subject)) {
    const fit = ruleFit(rule, subject);
    if (fit === "no") continue;
    if (rule.effect === "allow") {
      if (fit === "yes") allows.push(rule);
    } else if (rule.effect === "deny" && fit === "yes") denies.push(rule);
    else asks.push({ rule, fit });
  }
  return { denies: denies.sort(byId), asks: asks.sort((one, other) => byId(one.rule, other.rule)), allows: allows.sort(byId) };
}

/** The highest level that the matching `allow` rules lift; `none` without one. */
export function liftedLevel(allows: readonly Rule[], levels: readonly ApprovalLevel[]): ApprovalLevel {
  const highest = Math.max(0, ...allows.map((rule) => levels.indexOf(rule.level ?? "required")));
  return levels[highest] ?? "none";
}

function ruleFit(rule: Rule, subject: Subject): Fit {
  if (rule.effect === "allow") return allowFits(rule, subject) ? "yes" : "no";
  let whole: Fit = "yes";
  for (const { test } of rule.tests()) {
    const fit = anyFit(test(subject));
    if (fit === "no") return "no";
    if (fit === "unknown") whole = "unknown";
  }
  return whole;
}

function anyFit(fits: readonly Fit[]): Fit {
  if (fits.includes("yes")) return "yes";
  return fits.includes("unknown") ? "unknown" : "no";
}

/**
 * An `allow` has to fit everything it is about: one allowed command never carries a second one along, nor a redirection
 * or an assignment, and a rule that names no path covers no write outside the run's folder. What was not understood is
 * covered only letter for letter.
 */
function allowFits(rule: Rule, subject: Subject): boolean {
  const isExact = namesExactly(rule, subject);
  if (!isExact && !isPlain(rule, subject)) return false;
  return rule.tests().every(({ name, test }) => (isExact && wholeCommand.has(name)) || allFit(test(subject)));
}

/** Conditions that the exact text answers by itself. */
const wholeCommand: ReadonlySet<string> = new Set(["command", "program"]);

function isPlain(rule: Rule, subject: Subject): boolean {
  if (!subject.reading.assessment.understood) return false;
  if (rule.testsCommands && !subject.isOnlyCommands) return false;
  return rule.testsPath || staysInWorkspace(subject);
}

function allFit(fits: readonly Fit[]): boolean {
  return fits.length > 0 && fits.every((fit) => fit === "yes");
}

function namesExactly(rule: Rule, { proposed }: Subject): boolean {
  const { command } = proposed.arguments;
  return typeof command === "string" && rule.exactCommands.includes(command.trim());
}

function staysInWorkspace({ reading, workspace }: Subject): boolean {
  return [...reading.writes, ...reading.deletes].every(
    (path) => path === "/dev/null" || (path !== null && workspace !== null && path.startsWith(`${workspace}/`)),
  );
}

function byId(one: Rule, other: Rule): number {
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0;
}
