import { actionTypes, type ActionType, type ApprovalLevel, type Silence } from "@pullcord/sdk/protocol";
import { noMatchers, type AskMatcher } from "./custom.js";
import { compileGuardrails } from "./compile-guardrails.js";
import { defaultExpiryMs, defaultHistory, defaultLevels, defaultReview, defaultSnapshots, defaultThresholds } from "./defaults.js";
import type { DatabaseDocument, PolicyDocument, ReviewDocument, RuleDocument, SilenceDocument } from "./document.js";
import { durationMs } from "./duration.js";
import { testsOf } from "./matchers/index.js";
import {
  askingLevels,
  type ApprovalRules,
  type AskingLevel,
  type DatabaseConnection,
  type Oversight,
  type Policy,
  type PolicyLines,
  type ReviewRules,
} from "./policy.js";
import { indexing } from "./rule-index.js";
import type { Condition, Rule } from "./rule.js";
import { listOf } from "./values.js";
import { wildcard } from "./wildcard.js";

/** What a policy is made of besides its document. */
export interface PolicyParts {
  /** SHA-256 of the text, hex. */
  readonly version: string;
  /** Where its parts stand in that text; decisions point there. */
  readonly lines?: PolicyLines;
  /** Asks the policy's own matchers. */
  readonly ask?: AskMatcher;
}

/** Compiles a checked document; what it leaves out gets the defaults. */
export function compilePolicy(document: PolicyDocument, parts: PolicyParts): Policy {
  const steps = compiling(document, parts);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same in steps of well under a millisecond, so that a policy of thousands of rules holds nobody up. */
export function* compiling(
  document: PolicyDocument,
  { version, lines = noLines, ask = noMatchers }: PolicyParts,
): Generator<undefined, Policy, undefined> {
  const { thresholds } = document;
  const rules: Rule[] = [];
  for (const [index, rule] of (document.rules ?? []).entries()) {
    rules.push(compileRule(rule, { line: lines.rules[index] ?? null, ask }));
    yield;
  }
  return {
    version,
    autonomy: document.autonomy ?? "ask_destructive",
    thresholds: { askAt: thresholds?.ask_at ?? defaultThresholds.askAt, denyAt: thresholds?.deny_at ?? defaultThresholds.denyAt },
    approval: approvalRules(document.approval),
    guardrails: compileGuardrails(document.guardrails),
    review: document.review ? reviewRules(document.review) : null,
    databases: new Map(Object.entries(document.databases ?? {}).map(([name, written]) => [name, addressPlace(written)])),
    oversight: oversight(document.oversight),
    snapshots: {
      quotaBytes: (document.snapshots?.quota_mib ?? defaultSnapshots.quotaBytes / 2 ** 20) * 2 ** 20,
      keepMs: durationMs(document.snapshots?.keep ?? "") ?? defaultSnapshots.keepMs,
      leaveOut: document.snapshots?.leave_out ?? [],
      keepAlso: document.snapshots?.keep_also ?? [],
      largestFileBytes: (document.snapshots?.largest_file_mib ?? defaultSnapshots.largestFileBytes / 2 ** 20) * 2 ** 20,
    },
    history: {
      decisionsMs: durationMs(document.history?.decisions ?? "") ?? defaultHistory.decisionsMs,
      mostDecisions: document.history?.most_decisions ?? defaultHistory.mostDecisions,
      policiesMs: durationMs(document.history?.policies ?? "") ?? defaultHistory.policiesMs,
    },
    rules: yield* indexing(rules),
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
  const expiryOfTypeMs: Partial<Record<ActionType, number>> = {};
  for (const type of actionTypes) {
    const ownMs = durationMs(approval?.expiry_by_type?.[type] ?? "");
    if (ownMs !== null) expiryOfTypeMs[type] = ownMs;
  }
  return { levels, expiryMs, expiryOfTypeMs };
}

function oversight(written: PolicyDocument["oversight"]): Oversight {
  return {
    personSilent: silence(written?.person_silent),
    serverSilent: silence(written?.server_silent),
    pauseStopsExpiry: written?.pause_stops_expiry ?? false,
  };
}

function silence(written: SilenceDocument | undefined): Silence | null {
  const afterMs = durationMs(written?.after ?? "");
  return written === undefined || afterMs === null ? null : { afterMs, act: written.act };
}

function reviewRules({ key_env, key_file, time_limit, on_failure, from_score, ...named }: ReviewDocument): ReviewRules {
  return {
    ...named,
    key: keyPlace(key_env, key_file),
    timeLimitMs: durationMs(time_limit ?? "") ?? defaultReview.timeLimitMs,
    onFailure: on_failure ?? defaultReview.onFailure,
    fromScore: from_score ?? defaultReview.fromScore,
  };
}

function keyPlace(variable: string | undefined, file: string | undefined): ReviewRules["key"] {
  if (variable !== undefined) return { from: "environment", name: variable };
  return file === undefined ? null : { from: "file", name: file };
}

function addressPlace({ url_env, url_file, preview_rows: previewsRows = true }: DatabaseDocument): DatabaseConnection {
  return url_env !== undefined
    ? { from: "environment", name: url_env, previewsRows }
    : { from: "file", name: url_file ?? "", previewsRows };
}

function compileRule(rule: RuleDocument, { line, ask }: { readonly line: number | null; readonly ask: AskMatcher }): Rule {
  let tests: readonly Condition[] | null = null;
  return {
    id: rule.id,
    line,
    effect: rule.effect,
    level: rule.level ?? null,
    reason: rule.reason ?? null,
    when: rule.when,
    exactCommands: listOf(rule.when.command).filter((text) => wildcard(text).exact),
    testsPath: rule.when.path !== undefined,
    testsCommands: [rule.when.command, rule.when.program, rule.when.flag].some((value) => value !== undefined),
    tests: () => (tests ??= testsOf(rule.when, rule.effect, ask)),
  };
}
