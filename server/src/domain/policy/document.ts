import type { ActionType, ApprovalLevel, AutonomyLevel, Effect, LimitResponse } from "@pullcord/sdk/protocol";
import type { CountedGuardrail } from "../limits/limit.js";
import type { AskingLevel, ReviewApi } from "./policy.js";

/** One value or any of several. */
export type OneOrMore<T> = T | readonly T[];

/**
 * A policy file of version 1, read and checked but not compiled; in the words of the file.
 * `policyfile/schema.ts` refuses whatever does not look like this.
 */
export interface PolicyDocument {
  readonly version: 1;
  readonly autonomy?: AutonomyLevel | undefined;
  readonly thresholds?: { readonly ask_at?: number | undefined; readonly deny_at?: number | undefined } | undefined;
  readonly approval?:
    | {
        readonly default_level?: ApprovalLevel | undefined;
        readonly levels?: Readonly<Partial<Record<ActionType, ApprovalLevel | undefined>>> | undefined;
        /** `90s`, `1h`, `7d`, `1y`. */
        readonly expiry?: Readonly<Partial<Record<AskingLevel, string | undefined>>> | undefined;
        /** By type, in place of the level's. */
        readonly expiry_by_type?: Readonly<Partial<Record<ActionType, string | undefined>>> | undefined;
      }
    | undefined;
  readonly guardrails?: GuardrailsDocument | undefined;
  readonly review?: ReviewDocument | undefined;
  /** By name; each says where its address is. */
  readonly databases?: Readonly<Record<string, DatabaseDocument>> | undefined;
  /** A TypeScript file beside this one whose exported functions rules can name as `matcher`. */
  readonly matchers?: string | undefined;
  readonly oversight?:
    | {
        readonly person_silent?: SilenceDocument | undefined;
        readonly server_silent?: SilenceDocument | undefined;
        readonly pause_stops_expiry?: boolean | undefined;
      }
    | undefined;
  readonly snapshots?:
    | {
        readonly quota_mib?: number | undefined;
        /** `30d`. */
        readonly keep?: string | undefined;
        readonly leave_out?: readonly string[] | undefined;
        readonly keep_also?: readonly string[] | undefined;
        readonly largest_file_mib?: number | undefined;
      }
    | undefined;
  readonly history?:
    | {
        /** `180d`. */
        readonly decisions?: string | undefined;
        readonly most_decisions?: number | undefined;
        readonly policies?: string | undefined;
      }
    | undefined;
  readonly rules?: readonly RuleDocument[] | undefined;
}

/** One of the two. */
export interface DatabaseDocument {
  readonly url_env?: string | undefined;
  readonly url_file?: string | undefined;
  readonly preview_rows?: boolean | undefined;
}

/** The dead man's timer: what happens after so long. */
export interface SilenceDocument {
  /** `30m`. */
  readonly after: string;
  readonly act: "stop" | "pause";
}

/** From which amount a limit does what. */
export type ThresholdsDocument = Readonly<Partial<Record<LimitResponse, number | undefined>>>;

export type GuardrailsDocument = Readonly<Partial<Record<CountedGuardrail, ThresholdsDocument | undefined>>> & {
  /** Quotas of single tools in one run, by the agent's own name of the tool. */
  readonly tools?: Readonly<Record<string, ThresholdsDocument>> | undefined;
  /** `8h` pauses. */
  readonly run_time?: string | Readonly<Partial<Record<LimitResponse, string | undefined>>> | undefined;
  readonly error_rate?:
    | ({ readonly of_last?: number | undefined } & Readonly<Partial<Record<`${LimitResponse}_at`, number | undefined>>>)
    | undefined;
  readonly same_action?: ThresholdsDocument | undefined;
  readonly sub_agent_depth?: ThresholdsDocument | undefined;
  readonly anomaly?:
    | {
        readonly after?: number | undefined;
        readonly new_kind?: LimitResponse | undefined;
        readonly new_host?: LimitResponse | undefined;
        readonly pace?: ThresholdsDocument | undefined;
      }
    | undefined;
  readonly breaker?: { readonly cool_down?: string | undefined; readonly probes?: number | undefined } | undefined;
  readonly day_zone?: string | undefined;
  readonly forbidden_paths?: readonly string[] | undefined;
};

export interface ReviewDocument {
  readonly api: ReviewApi;
  readonly endpoint: string;
  readonly model: string;
  readonly key_env?: string | undefined;
  readonly key_file?: string | undefined;
  /** `5s`. */
  readonly time_limit?: string | undefined;
  readonly on_failure?: "ask" | "ignore" | undefined;
  readonly from_score?: number | undefined;
}

export interface RuleDocument {
  readonly id: string;
  readonly effect: Effect;
  readonly when: Conditions;
  /**
   * With `require_approval`: the least proof it needs. With `allow`: the highest level it lifts (default `required`,
   * so that a second factor or an admin is only ever lifted by name).
   */
  readonly level?: ApprovalLevel | undefined;
  /** Reaches the agent and its human. */
  readonly reason?: string | undefined;
}

/** What a rule tests; all of it has to hold. */
export interface Conditions {
  readonly type?: OneOrMore<ActionType> | undefined;
  readonly program?: OneOrMore<string> | undefined;
  readonly command?: OneOrMore<string> | undefined;
  readonly flag?: OneOrMore<string> | undefined;
  readonly path?: OneOrMore<string> | undefined;
  readonly host?: OneOrMore<string> | undefined;
  readonly resource?: OneOrMore<string> | undefined;
  readonly sql?: OneOrMore<string> | undefined;
  readonly tool?: OneOrMore<string> | undefined;
  readonly environment?: OneOrMore<string> | undefined;
  readonly agent?: OneOrMore<string> | undefined;
  readonly risk_at_least?: number | undefined;
  readonly time?: OneOrMore<TimeWindow> | undefined;
  readonly arguments?: Readonly<Record<string, ArgumentCondition>> | undefined;
  /** A function of the policy's own, by its name in the file `matchers`. */
  readonly matcher?: OneOrMore<string> | undefined;
}

export const daysOfWeek = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof daysOfWeek)[number];

/** A span of the day on days of the week; what is left out is every day, the whole day. */
export interface TimeWindow {
  readonly days?: OneOrMore<Day> | undefined;
  /** `22:00`; from this minute on. */
  readonly from?: string | undefined;
  /** Up to, not including. At or before `from`, it is the next day's. */
  readonly to?: string | undefined;
  /** `Europe/Vienna`; default UTC. */
  readonly zone?: string | undefined;
}

/** A value, a pattern, any of several, or bounds. */
export type ArgumentCondition = OneOrMore<string | number | boolean> | ArgumentBounds;

export interface ArgumentBounds {
  readonly at_least?: number | undefined;
  readonly at_most?: number | undefined;
  readonly above?: number | undefined;
  readonly below?: number | undefined;
}
