import { riskLevelFloor } from "@pullcord/sdk/protocol";
import type { RecordedAction } from "../recorded.js";
import { collapsed } from "./command-line.js";
import type { Conditions, RuleDocument } from "./document.js";

/** People said yes at least so often before a rule is proposed. */
const fewestApprovals = 3;
/** Most rules proposed at a time: those that would have saved the most. */
const mostCandidates = 20;

/** How a question ended, as far as proposing rules goes. */
export function wasApproved({ action: { state } }: RecordedAction): boolean {
  return ["approved", "running", "succeeded", "failed", "skipped"].includes(state.status);
}

/**
 * Rules that questions people always said yes to suggest, as narrow as what was asked: the very command, or the same
 * program and verb; files of one folder; one host; one tool. Never for what is risky or cannot be taken back.
 * @param asked questions of the past, with how they ended
 */
export function candidateRules(asked: readonly RecordedAction[]): readonly RuleDocument[] {
  const counts = new Map<string, { when: Conditions; approvals: number }>();
  for (const one of asked) {
    if (!wasApproved(one) || isGrave(one)) continue;
    for (const when of narrowConditions(one)) {
      const key = JSON.stringify(when);
      const known = counts.get(key) ?? { when, approvals: 0 };
      counts.set(key, { when, approvals: known.approvals + 1 });
    }
  }
  return [...counts.values()]
    .filter(({ approvals }) => approvals >= fewestApprovals)
    .sort((one, other) => other.approvals - one.approvals)
    .slice(0, mostCandidates)
    .map(({ when }, at): RuleDocument => ({
      id: idFor(when, at),
      effect: "allow",
      when,
      reason: "Proposed from what people approved before.",
    }));
}

function isGrave({ action: { assessment, decision } }: RecordedAction): boolean {
  if (!assessment || assessment.score >= riskLevelFloor.high || assessment.reversibility === "irreversible") return true;
  return decision.approvalLevel === "required_2fa" || decision.approvalLevel === "admin_only";
}

/** Patterns that this action matches, as narrow as what was asked, the narrowest first. */
export function narrowConditions({ action: { agent, proposed }, recorded: { reading, workspace } }: RecordedAction): readonly Conditions[] {
  const { type } = proposed;
  const [command, ...more] = reading?.commands ?? [];
  if (command && more.length === 0) {
    const text = collapsed(command.text);
    if (/[*?]/.test(text)) return [];
    const [program, verb] = text.split(" ");
    const isVerb = verb !== undefined && /^[a-z][a-z-]*$/.test(verb);
    return [
      { agent, command: text },
      ...(isVerb && text !== `${program} ${verb}` ? [{ agent, command: [`${program} ${verb}`, `${program} ${verb} *`] }] : []),
    ];
  }
  if (command) return [];
  const [host, ...otherHosts] = reading?.hosts ?? [];
  if (typeof host === "string" && otherHosts.length === 0) return [{ agent, type, host }];
  const folder = folderOf([...(reading?.writes ?? []), ...(reading?.deletes ?? [])], workspace);
  if (folder !== null) return [{ agent, type, path: `${folder}/**` }];
  return proposed.tool ? [{ agent, type, tool: proposed.tool.name }] : [];
}

/** The folder right in the run's own that all these paths lie in; null when there is none, or a glob could be read into it. */
function folderOf(paths: readonly (string | null)[], workspace: string | null): string | null {
  const folders = new Set(
    paths
      .map((path) =>
        path !== null && workspace !== null && path.startsWith(`${workspace}/`) ? path.slice(workspace.length + 1).split("/") : [],
      )
      .map((steps) => (steps.length > 1 ? steps[0] : undefined)),
  );
  const [folder] = folders;
  return folders.size === 1 && folder !== undefined && /^[\w.-]+$/.test(folder) ? folder : null;
}

function idFor({ command, host, path, tool }: Conditions, at: number): string {
  const words = [command, host, path, tool].flat().find((word) => word !== undefined) ?? "";
  const slug = words
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 60);
  return `allow-${slug === "" ? "actions" : slug}-${at + 1}`;
}
