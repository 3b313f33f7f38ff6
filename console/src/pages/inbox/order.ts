import { riskLevels, type ApprovalRequest } from "@pullcord/sdk/protocol";

/** Highest risk first, then least time left. What nothing is known of counts as critical. */
export function byUrgency(a: ApprovalRequest, b: ApprovalRequest): number {
  return rank(b) - rank(a) || a.expiresAt - b.expiresAt || a.id.localeCompare(b.id);
}

function rank(request: ApprovalRequest): number {
  return riskLevels.indexOf(request.action.assessment?.level ?? "critical");
}

export interface Fold {
  readonly first: ApprovalRequest;
  readonly rest: readonly ApprovalRequest[];
}

const fewestToFold = 3;

/** Puts similar low-risk requests of one agent together once there are three, where the first of them stands. */
export function folded(requests: readonly ApprovalRequest[]): readonly Fold[] {
  const kinds = new Map<string, ApprovalRequest[]>();
  for (const request of requests) {
    const kind = kindOf(request);
    kinds.set(kind, [...(kinds.get(kind) ?? []), request]);
  }
  return requests.flatMap((request): Fold[] => {
    const alike = kinds.get(kindOf(request)) ?? [];
    if (alike.length < fewestToFold) return [{ first: request, rest: [] }];
    return alike[0] === request ? [{ first: request, rest: alike.slice(1) }] : [];
  });
}

function kindOf(request: ApprovalRequest): string {
  const { assessment, proposed } = request.action;
  const isLow = assessment !== null && ["none", "low"].includes(assessment.level);
  if (!isLow) return request.id;
  return [request.agent, proposed.type, ...assessment.factors.map((factor) => factor.name)].join(" ");
}
