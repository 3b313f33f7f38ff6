import type { Findings } from "../findings.js";

const dangerous =
  /(?:^|[^a-z])(?:deploy|release|publish|pay(?:out|ment)?s?|refunds?|send|newsletter|mail(?:ing)?|notify|announce|reset|flush|drop|purge|wipe|nuke|destroy|delete|clean-all|prod(?:uction)?|rollback|migrate-prod|teardown|seed-prod|migrate:(?:fresh|refresh)|db:(?:wipe|fresh))(?:[^a-z]|$)/i;

/** A script whose body is not read is judged by its name: deploys, payments, messages and resets ask. */
export function noteScriptName(name: string, findings: Findings, evidence: string): void {
  if (hasDangerousName(name)) findings.note("dangerous_script", evidence);
}

/** Test and specification files never count, whatever they are about. */
export function hasDangerousName(name: string): boolean {
  if (
    /(?:^|[/_.-])(?:tests?|specs?|e2e|check|lint|dry-?run|preview-email)(?:[/_.:-]|$)/i.test(name) &&
    !/deploy:|release:|publish:/.test(name)
  )
    return false;
  return dangerous.test(name.replace(/([a-z])([A-Z])/g, "$1-$2"));
}
