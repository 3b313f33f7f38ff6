import type { ApprovalStatus, AuditType } from "../protocol/index.js";

/** Which page of a list. */
export interface PageQuery {
  readonly cursor?: string | undefined;
  /** 1 to `limits.pageRows`. */
  readonly limit?: number | undefined;
}

/** Filters of the record (A16). */
export interface AuditQuery extends PageQuery {
  readonly type?: AuditType | undefined;
  readonly actor?: string | undefined;
  readonly run?: string | undefined;
  readonly action?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** `oldest` or `newest` first; default newest. */
  readonly order?: "oldest" | "newest" | undefined;
}

/** Which lines of a run's output: those after this one, and how many at most. */
export interface LogQuery {
  readonly after?: number;
  readonly limit?: number;
}

/** Which approval requests. */
export interface RequestQuery extends PageQuery {
  readonly status?: ApprovalStatus;
  readonly run?: string;
}
