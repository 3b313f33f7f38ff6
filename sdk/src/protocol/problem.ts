/**
 * A failure to answer (house style 8), with its HTTP status and the CLI's exit status.
 * A refusal (`deny`) is an answer and never a problem.
 */
export const problemCodes = {
  invalid: { http: 400, exit: 2 },
  unauthenticated: { http: 401, exit: 3 },
  forbidden: { http: 403, exit: 4 },
  not_found: { http: 404, exit: 5 },
  conflict: { http: 409, exit: 6 },
  expired: { http: 410, exit: 7 },
  unavailable: { http: 503, exit: 8 },
  internal: { http: 500, exit: 70 },
} as const;
export type ProblemCode = keyof typeof problemCodes;

/** The wire form, `application/problem+json` (RFC 9457). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  /** Stable, for programs: `body_too_large`. */
  readonly reason: string;
  /** The field at fault, as a JSON pointer. */
  readonly field?: string;
}

/** The one error that Pullcord throws. Tell it by `code` and `reason`, never by its text. */
export class PullcordError extends Error {
  override readonly name = "PullcordError";
  readonly code: ProblemCode;
  readonly reason: string;
  readonly field: string | undefined;

  // oxlint-disable-next-line max-params -- what everybody says, then what few do
  constructor(code: ProblemCode, reason: string, message: string, options: { field?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.reason = reason;
    this.field = options.field;
  }
}

/** True for a Pullcord error of whichever copy of this package threw it. */
export function isPullcordError(error: unknown): error is PullcordError {
  return error instanceof Error && error.name === "PullcordError" && "code" in error && "reason" in error;
}
