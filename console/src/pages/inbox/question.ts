import { actionLine, type ApprovalRequest, type Plan, type RiskLevel } from "@pullcord/sdk/protocol";

/** What waits for a person, as the inbox lists it: a request about one action, or a plan. */
export interface Question {
  readonly id: string;
  readonly agent: string;
  readonly expiresAt: number;
  readonly risk: RiskLevel;
  /** What would run, in one line. May hold agents' text. */
  readonly line: string;
  /** Why a person is asked. */
  readonly why: string;
  /** Questions of the same kind may be folded together; null for one that stands alone. */
  readonly kind: string | null;
}

export function questionOfRequest({ id, agent, expiresAt, action: { assessment, decision, proposed } }: ApprovalRequest): Question {
  const isLow = assessment !== null && ["none", "low"].includes(assessment.level);
  return {
    id,
    agent,
    expiresAt,
    // What nothing is known of counts as critical.
    risk: assessment?.level ?? "critical",
    line: actionLine(proposed),
    why: decision?.reasons[0]?.sentence ?? "This waits for a person.",
    kind: isLow ? [agent, proposed.type, ...assessment.factors.map((factor) => factor.name)].join(" ") : null,
  };
}

export function questionOfPlan({ id, agent, expiresAt, whole, steps }: Plan): Question {
  const [first] = steps;
  const line = first ? actionLine({ ...first.proposed, arguments: first.approvedArguments ?? first.proposed.arguments }) : "";
  const others = steps.length - 1;
  return {
    id,
    agent,
    expiresAt,
    risk: whole.level,
    line: others > 0 ? `${line}, and ${others} more` : line,
    why: `A plan of ${steps.length} ${steps.length === 1 ? "step" : "steps"} waits as a whole.`,
    kind: null,
  };
}

/** Whether an address in the inbox is a plan's. */
export function isPlanId(id: string): boolean {
  return id.startsWith("n");
}
