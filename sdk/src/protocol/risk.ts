/** Risk levels and the lowest score of each (requirement A1). */
export const riskLevels = ["none", "low", "medium", "high", "critical"] as const;
export type RiskLevel = (typeof riskLevels)[number];
export const riskLevelFloor: Readonly<Record<RiskLevel, number>> = { none: 0, low: 10, medium: 30, high: 60, critical: 85 };

/** The level of a score from 0 to 100. */
export function riskLevel(score: number): RiskLevel {
  return [...riskLevels].reverse().find((level) => score >= riskLevelFloor[level]) ?? "none";
}

/** Whether it can be taken back (V9.2.3), from best to worst. */
export const reversibilities = ["read_only", "reversible", "externally_reversible", "irreversible"] as const;
export type Reversibility = (typeof reversibilities)[number];

/** One thing that was seen in the action, and why it matters. */
export interface RiskFactor {
  /** Stable name, `deletes_files`. */
  readonly name: string;
  /** 0 to 100. The assessment's score is the highest of its factors. */
  readonly score: number;
  readonly sentence: string;
  /** The part of the action it was seen in, `rm -rf data`. */
  readonly evidence?: string;
  /** This step destroys what nothing brings back: warn at it (E37). */
  readonly isDestructive?: true;
}

/** A few names and how many there are in all (E34: first five and a count). */
export interface AffectedNames {
  readonly first: readonly string[];
  readonly count: number;
}

export interface SaferAlternative {
  readonly text: string;
  readonly sentence: string;
  readonly score: number;
}

/** What a line of a preview is about. */
export const previewTopics = ["files", "rows", "services", "money", "undo"] as const;
export type PreviewTopic = (typeof previewTopics)[number];

/** One thing that would happen if it ran. */
export interface PreviewItem {
  readonly about: PreviewTopic;
  /** May hold names from the action: show it escaped. */
  readonly sentence: string;
  /** The SELECT that would tell how many rows it hits, for a person to run. */
  readonly query?: string;
}

/** What an action really is, worked out from itself, never from what the agent says (A1, V9.2.3). */
export interface RiskAssessment {
  /** 0 to 100. */
  readonly score: number;
  readonly level: RiskLevel;
  readonly factors: readonly RiskFactor[];
  readonly reversibility: Reversibility;
  /** False when a part could not be read: unknown asks. */
  readonly understood: boolean;
  readonly affected: {
    readonly reads: AffectedNames;
    readonly writes: AffectedNames;
    readonly deletes: AffectedNames;
    readonly programs: AffectedNames;
    readonly hosts: AffectedNames;
    readonly databases: AffectedNames;
  };
  readonly alternatives: readonly SaferAlternative[];
  /** What a person should see before saying yes (E34 to E37). Absent where there is nothing to see. */
  readonly preview?: readonly PreviewItem[];
  /** Absent where no model was asked. */
  readonly modelReview?: ModelReview;
}

/** A model's second look (V9.2.6). What it added is in the score and the factors above, and nothing is ever taken away. */
export type ModelReview =
  | {
      readonly kind: "given";
      readonly model: string;
      /** The score without it. */
      readonly scoreBefore: number;
      /** 0 to 100. */
      readonly addedRisk: number;
      /** Short sentences; may be none. */
      readonly concerns: readonly string[];
    }
  | {
      readonly kind: "missing";
      readonly model: string;
      /** "there was no answer within 5 s" */
      readonly why: string;
    };
