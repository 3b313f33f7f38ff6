import { actionLine, PullcordError, type ApprovalRequest, type Grant, type GrantOption, type GrantTerms } from "@pullcord/sdk/protocol";
import { id } from "./actions.js";
import { record, type FakeState } from "./state.js";

export function grantOptionsOf(state: FakeState, requestId: string): { readonly items: readonly GrantOption[] } {
  const request = state.requests.get(requestId);
  if (!request) throw new PullcordError("not_found", "unknown_id", "There is no such request.");
  return { items: optionsOf(request) };
}

function optionsOf({ action }: ApprovalRequest): readonly GrantOption[] {
  const { command } = action.proposed.arguments;
  const exact: GrantOption = { covers: { kind: "action" }, sentence: `exactly this, from ${action.agent}: ${actionLine(action.proposed)}` };
  if (typeof command !== "string" || /[*?;|&\n]/u.test(command)) return [exact];
  const when = { agent: action.agent, command };
  return [exact, { covers: { kind: "pattern", when }, sentence: `whatever matches ${JSON.stringify(when)}` }];
}

export function makeGrant(state: FakeState, request: ApprovalRequest, terms: GrantTerms): void {
  const option = optionsOf(request).find(({ covers }) => JSON.stringify(covers) === JSON.stringify(terms.covers));
  if (!option) throw new PullcordError("invalid", "grant_pattern", "This pattern is none that was shown for the request.");
  const at = Date.now();
  const { action, agent, runId, level } = request;
  const grant: Grant = {
    id: id("g"),
    agent,
    runId: terms.runOnly === true ? runId : null,
    ...option,
    digest: action.digest,
    score: action.assessment?.score ?? 0,
    isIrreversible: action.assessment?.reversibility === "irreversible",
    level,
    usesLeft: terms.uses ?? null,
    used: 0,
    by: { kind: "person", id: "ada", via: "console" },
    at,
    expiresAt: at + terms.forMs,
    endedAt: null,
  };
  state.grants.unshift(grant);
  record(state, "grant.made", { body: { grant: grant.id }, runId });
}

export function endGrant(state: FakeState, grantId: string): Grant {
  const at = state.grants.findIndex((one) => one.id === grantId);
  const found = state.grants[at];
  if (!found) throw new PullcordError("not_found", "unknown_grant", "There is no such grant.");
  const ended = { ...found, endedAt: Date.now() };
  state.grants[at] = ended;
  record(state, "grant.ended", { body: { grant: grantId } });
  return ended;
}
