import type { Policy } from "../domain/policy/policy.js";
import type { LoadedPolicy } from "./load-policy.js";
import { parsePolicy } from "./parse-policy.js";

/** The starter file that `npm start` writes, and the policy that holds while there is none. */
export const defaultPolicyText = `# What agents may do by themselves, what a person has to approve, and what is denied.
# Read again as soon as it is saved. A file with a mistake is refused with the line, and the old one stays in force.
version: 1

# How freely agents work where no person set the dial:
#   ask_first         everything asks that changes something
#   ask_destructive   asks for what is risky, cannot be taken back, or could not be understood
#   notify            runs, and tells from medium risk; asks when critical
#   full              runs, and tells when high
# What an agent has earned by its trust is the ceiling.
autonomy: ask_destructive

# Risk scores, 0 to 100.
thresholds:
  ask_at: 50
  deny_at: 95 # denied at any autonomy; only break glass lets it through

# How much proof an approval needs, by type, and how long it waits. Unanswered is denied.
# Levels: none, notify, review, required (with a presence check), required_2fa, admin_only.
approval:
  default_level: required
  levels:
    file_delete: review
    command_execute: review
    deployment: required
    payment: required_2fa
    system_modification: admin_only
  expiry:
    review: 1h
    required: 24h
    required_2fa: 5m
    admin_only: 24h

# Limits that no rule and no autonomy lifts.
guardrails:
  files_per_run: { ask: 10, pause: 50 }
  run_time: 8h
  error_rate: { of_last: 20, pause_at: 0.5 }
  forbidden_paths:
    - "~/.ssh/**"
    - "~/.gnupg/**"
  # Each limit can warn, ask, pause, stop; per run, per agent, per agent's day. All of them: docs/limits.md
  # same_action: { ask: 20, pause: 35 } # an agent that runs in circles
  # tokens_per_run: { warn: 500000, pause: 2000000 }
  # money_per_agent_day: { warn: 10, ask: 20, stop: 100 }
  # anomaly: { new_kind: ask, new_host: warn }

# A model's second look at what would run without a person. It can only add caution; actions are sent to the endpoint.
# review:
#   api: anthropic # or openai
#   endpoint: https://api.anthropic.com
#   model: claude-haiku-4-5
#   key_env: ANTHROPIC_API_KEY
#   on_failure: ask # or ignore

# PostgreSQL and MySQL databases whose rows are kept before an action changes them, so that "pullcord undo" can put them back.
# Only where the address is belongs here. SQLite files need no entry.
# databases:
#   shop: { url_env: SHOP_DATABASE_URL } # preview_rows: false when nothing may be tried on it before a person said yes

# The dead man's timer, off until the # is taken away. "pullcord here" and whatever a person does start it anew.
# oversight:
#   person_silent: { after: 2h, act: pause }
#   server_silent: { after: 5m, act: stop }
#   pause_stops_expiry: true

# What is kept of files for undo. When the space is used up, older snapshots make room.
# snapshots:
#   { quota_mib: 5120, keep: 30d, largest_file_mib: 32, leave_out: ["data/**"], keep_also: ["vendor/node_modules/**"] }

# How far back policies can be tried on history, and old decisions be explained. The record itself is kept for good.
# history: { decisions: 180d, most_decisions: 200000, policies: 365d }

# deny wins over require_approval, which wins over allow; the order never matters.
# Conditions: type, program, command, path, host, sql, tool, environment, agent, risk_at_least, arguments.
# All conditions of a rule have to hold; a list means any of its values.
rules:
  - id: no-force-push
    effect: deny
    when:
      command: ["git push * --force*", "git push --force*", "git push * -f", "git push -f *"]
    reason: "Force pushes rewrite what others have. Push to a new branch instead."

  # Dropped tables ask by their risk, but for throw-away databases. To be asked there, too:
  # - id: dropping-tables-needs-a-person
  #   effect: require_approval
  #   when: { sql: [drop, truncate] }
  #   reason: "Dropped and truncated tables are gone."

  # - id: tests-run-freely
  #   effect: allow
  #   when: { command: ["npm test", "npm run lint"] }
`;

/** Holds while a file is there that was broken from the start: nobody knows what it would have denied. */
const cautiousPolicyText = `${defaultPolicyText}
  - id: policy-file-is-broken
    effect: require_approval
    when: { risk_at_least: 0 }
    reason: "The policy file cannot be read, so a person decides everything until it is mended."
`;

/** The built-in policy. */
export function defaultPolicy(): Policy {
  return builtIn(defaultPolicyText, "built-in policy");
}

/** The built-in policy, asking for everything. */
export function cautiousPolicy(): LoadedPolicy {
  return { policy: builtIn(cautiousPolicyText, "cautious built-in policy"), text: cautiousPolicyText, matchers: null };
}

function builtIn(text: string, name: string): Policy {
  const parsed = parsePolicy(text, name);
  if ("problem" in parsed) throw new Error(`${name}: ${parsed.problem.sentence}`);
  return parsed.ok;
}
