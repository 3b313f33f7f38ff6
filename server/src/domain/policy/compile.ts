import { actionTypes, type ActionType, type ApprovalLevel } from "@pullcord/sdk/protocol";
import { defaultExpiryMs, defaultGuardrails, defaultLevels, defaultThresholds } from "./defaults.js";
import type { Conditions, PolicyDocument, RuleDocument } from "./document.js";
import { durationMs } from "./duration.js";
import { listOf, testsOf } from "./matchers/index.js";
import { pathPattern } from "./path-pattern.js";
import { askingLevels, type ApprovalRules, type AskingLevel, type Guardrails, type Policy, type PolicyLines } from "./policy.js";
import { firstWord, indexRules } from "./rule-index.js";
import type { Rule } from "./rule.js";
import { wildcard } from "./wildcard.js";

/**
 * Compiles a checked document; what it leaves out gets the defaults.
 * @param version SHA-256 of the text, hex
 * @param lines where its parts stand in that text; decisions point there
 */
export function compilePolicy(document: PolicyDocument, version: string, lines: PolicyLines = noLines): Policy {
  const { thresholds } = document;
  return {
    version,
    autonomy: document.autonomy ?? "ask_destructive",
    thresholds: { askAt: thresholds?.ask_at ?? defaultThresholds.askAt, denyAt: thresholds?.deny_at ?? defaultThresholds.denyAt },
    approval: approvalRules(document.approval),
    guardrails: guardrails(document.guardrails),
    rules: indexRules((document.rules ?? []).map((rule, index) => compileRule(rule, lines.rules[index] ?? null))),
    settingLines: lines.settings,
  };
}

const noLines: PolicyLines = { rules: [], settings: new Map() };

function approvalRules(approval: PolicyDocument["approval"]): ApprovalRules {
  const levels: Record<ActionType, ApprovalLevel> = { ...defaultLevels };
  for (const type of actionTypes) levels[type] = approval?.levels?.[type] ?? levels[type];
  // Every known type has a level of its own; the file's default is for what is unknown (P8), which asks in any case.
  if (approval?.default_level !== undefined) levels.unknown = approval.levels?.unknown ?? approval.default_level;
  const expiryMs: Record<AskingLevel, number> = { ...defaultExpiryMs };
  for (const level of askingLevels) expiryMs[level] = durationMs(approval?.expiry?.[level] ?? "") ?? expiryMs[level];
  return { levels, expiryMs };
}

function guardrails(written: PolicyDocument["guardrails"]): Guardrails {
  const { filesPerRun, runTimeMs, errorRate } = defaultGuardrails;
  return {
    filesPerRun: { ask: written?.files_per_run?.ask ?? filesPerRun.ask, pause: written?.files_per_run?.pause ?? filesPerRun.pause },
    runTimeMs: durationMs(written?.run_time ?? "") ?? runTimeMs,
    errorRate: { ofLast: written?.error_rate?.of_last ?? errorRate.ofLast, pauseAt: written?.error_rate?.pause_at ?? errorRate.pauseAt },
    forbiddenPaths: (written?.forbidden_paths ?? []).map((pattern) => pathPattern(pattern, { cautious: true })),
  };
}

function compileRule(rule: RuleDocument, line: number | null): Rule {
  return {
    id: rule.id,
    line,
    effect: rule.effect,
    level: rule.level ?? null,
    reason: rule.reason ?? null,
    types: listOf(rule.when.type),
    firstWords: firstWordsOf(rule.when),
    exactCommands: listOf(rule.when.command).filter((text) => wildcard(text).exact),
    testsPath: rule.when.path !== undefined,
    testsCommands: rule.when.command !== undefined || rule.when.program !== undefined,
    tests: testsOf(rule.when, rule.effect),
  };
}

/** The first words of all its commands, or of all its programs, where no pattern leaves them open. */
function firstWordsOf({ command, program }: Conditions): readonly string[] | null {
  return fixed(listOf(command).map(firstWord)) ?? fixed(listOf(program));
}

function fixed(words: readonly string[]): readonly string[] | null {
  return words.length > 0 && words.every((word) => wildcard(word).exact) ? words : null;
}
