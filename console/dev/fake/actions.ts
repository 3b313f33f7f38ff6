import {
  riskLevel,
  type Action,
  type ApprovalLevel,
  type ActionState,
  type Decision,
  type Effect,
  type PreviewItem,
  type ProposedAction,
  type Reversibility,
  type RiskAssessment,
  type RiskFactor,
} from "@pullcord/sdk/protocol";

const none = { first: [], count: 0 };
let made = 0;

export function id(kind: string): string {
  made += 1;
  return `${kind}${(made * 7_919_771 + 1_234_567).toString(36).padStart(9, "0").slice(0, 9)}`;
}

export function factor(name: string, score: number, says: string | readonly [sentence: string, evidence: string]): RiskFactor {
  if (typeof says === "string") return { name, score, sentence: says };
  return { name, score, sentence: says[0], evidence: says[1] };
}

/** A factor that destroys what nothing brings back. */
export function destructive(...parts: Parameters<typeof factor>): RiskFactor {
  return { ...factor(...parts), isDestructive: true };
}

interface AssessmentSample {
  readonly factors: readonly RiskFactor[];
  readonly reversibility: Reversibility;
  readonly affected?: Partial<RiskAssessment["affected"]>;
  readonly alternatives?: RiskAssessment["alternatives"];
  readonly preview?: readonly PreviewItem[];
  readonly understood?: boolean;
}

export function assessment(sample: AssessmentSample): RiskAssessment {
  const score = Math.max(0, ...sample.factors.map((one) => one.score));
  return {
    score,
    level: riskLevel(score),
    factors: sample.factors,
    reversibility: sample.reversibility,
    understood: sample.understood ?? true,
    affected: { reads: none, writes: none, deletes: none, programs: none, hosts: none, databases: none, ...sample.affected },
    alternatives: sample.alternatives ?? [],
    ...(sample.preview && { preview: sample.preview }),
  };
}

type DecidedAction = Action & { readonly decision: Decision };

interface ActionSample {
  readonly runId: string;
  readonly agent: string;
  readonly proposed: ProposedAction;
  readonly assessment: RiskAssessment;
  readonly effect: Effect;
  readonly sentence: string;
  /** The rule of the policy that decided, with its line; otherwise the dial did. */
  readonly rule?: readonly [id: string, line: number];
  readonly level?: ApprovalLevel;
  readonly state?: ActionState;
  readonly at: number;
  readonly id?: string;
}

export function action(sample: ActionSample): DecidedAction {
  const actionId = sample.id ?? id("a");
  return {
    id: actionId,
    runId: sample.runId,
    agent: sample.agent,
    digest: Array.from(`${actionId}-pullcord-digest-of-this-action`)
      .map((letter) => letter.charCodeAt(0).toString(16))
      .join("")
      .slice(0, 64)
      .padEnd(64, "0"),
    proposed: sample.proposed,
    assessment: sample.assessment,
    decision: {
      effect: sample.effect,
      reasons: [
        sample.rule
          ? { step: "policy", sentence: sample.sentence, rule: sample.rule[0], line: sample.rule[1] }
          : { step: "autonomy_and_trust", sentence: sample.sentence, rule: "ask_destructive" },
        ...sample.assessment.factors.slice(0, 1).map(({ name, sentence }) => ({ step: "risk" as const, sentence, rule: name })),
      ],
      obligations: [],
      approvalLevel: sample.level ?? (sample.effect === "require_approval" ? "review" : "none"),
      policyVersion: "3f9a".repeat(16),
      autonomy: "ask_destructive",
      trustTier: "supervised",
      types: [sample.proposed.type],
      at: sample.at,
    },
    state: sample.state ?? { status: "allowed" },
    proposedAt: sample.at,
  };
}

export function command(text: string, extra: Partial<ProposedAction> = {}): ProposedAction {
  return {
    type: "command_execute",
    arguments: { command: text },
    tool: { name: "Bash", input: { command: text } },
    workingDirectory: "/home/ada/shop",
    ...extra,
  };
}

export function write(path: string, edits: readonly { readonly before: string; readonly after: string }[]): ProposedAction {
  return {
    type: "file_write",
    arguments: { path, edits },
    tool: { name: "Edit", input: { file_path: path } },
    workingDirectory: "/home/ada/shop",
  };
}
