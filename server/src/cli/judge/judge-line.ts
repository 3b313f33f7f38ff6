import {
  actionTypes,
  autonomyLevels,
  trustTiers,
  type ActionType,
  type AutonomyLevel,
  type DecisionReason,
  type JsonObject,
  type PreviewItem,
  type ProposedAction,
  type Reversibility,
  type RiskFactor,
  type RiskLevel,
  type SaferAlternative,
  type TrustTier,
} from "@pullcord/sdk";
import { judgeAction, type Bench, type Judged } from "../../domain/judge-action.js";

/** What every line is judged by. */
export interface LineBench extends Bench {
  /** Also tell what would happen and what would be safer. */
  readonly withPreview?: boolean;
}

/** The answer to one proposed action. */
export interface Judgment {
  readonly id: string | null;
  readonly outcome: "allow" | "require_approval" | "deny";
  readonly risk: { readonly score: number; readonly level: RiskLevel; readonly factors: readonly RiskFactor[] };
  readonly reversibility: Reversibility;
  readonly reasons: readonly DecisionReason[];
  /** Both only with `--preview`. */
  readonly preview?: readonly PreviewItem[];
  readonly alternatives?: readonly SaferAlternative[];
}

/** A line that is no proposed action. */
export interface BadLine {
  readonly id: string | null;
  readonly line: number;
  readonly error: string;
}

/** Longest line, in UTF-16 code units. */
const lineLimit = 16 * 1024 * 1024;

/** Judges one JSON line as the gate would. Never throws. */
export function judgeLine(text: string, line: number, bench: LineBench): Judgment | BadLine {
  const read = text.length > lineLimit ? "The line is too long." : parseObject(text);
  if (typeof read === "string") return { id: null, line, error: read };
  const id = typeof read["id"] === "string" ? read["id"] : null;
  const proposed = proposalOf(read, bench.surroundings.workspace);
  if (typeof proposed === "string") return { id, line, error: proposed };
  return judge(id, proposed, bench);
}

function parseObject(text: string): JsonObject | string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : "The line is no JSON object.";
  } catch {
    return "The line is not JSON.";
  }
}

/** Labels and notes that a list keeps beside the action; the gate never sees them. */
const notes = ["id", "label", "class", "reversibility", "why", "also_ok"] as const;

function proposalOf(line: JsonObject, workspace: string | null): ProposedAction | string {
  const { type, cwd, arguments: given, claim, environment, ...rest } = line;
  if (typeof type !== "string" || !(actionTypes as readonly string[]).includes(type)) return "The line's type is none that Pullcord knows.";
  if (cwd !== undefined && (typeof cwd !== "string" || !cwd.startsWith("/"))) return "The line's cwd is no absolute folder.";
  const folder = cwd ?? workspace;
  for (const note of notes) delete (rest as Record<string, unknown>)[note];
  return {
    type: type as ActionType,
    arguments: isObject(given) ? given : rest,
    ...(folder === null ? {} : { workingDirectory: folder }),
    ...(isObject(claim) ? { claim } : {}),
    ...(typeof environment === "string" ? { environment } : {}),
  };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function judge(id: string | null, proposed: ProposedAction, bench: LineBench): Judgment {
  return judgmentOf(id, judgeAction(proposed, bench), bench);
}

/** What is answered about one action. */
export function judgmentOf(id: string | null, { effect, reasons, reading }: Judged, bench: Pick<LineBench, "withPreview">): Judgment {
  const { score, level, factors, reversibility, preview = [], alternatives } = reading.assessment;
  return {
    id,
    outcome: effect,
    risk: { score, level, factors },
    reversibility,
    reasons,
    ...(bench.withPreview ? { preview, alternatives } : {}),
  };
}

/** A level or a tier of a setting file; null for a word that is none. */
export function autonomyOf(word: string | undefined): AutonomyLevel | null {
  return autonomyLevels.find((level) => level === word) ?? null;
}

export function trustTierOf(word: string | undefined): TrustTier | null {
  return trustTiers.find((tier) => tier === word) ?? null;
}
