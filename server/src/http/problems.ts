import { isPullcordError, problemCodes, PullcordError, type Problem } from "@pullcord/sdk/protocol";

/** Base of the `type` of a problem: documents what to do about each reason. */
const problemType = "https://pullcord.dev/problems";

/** Refusals that are over in a moment, and when to ask again, in seconds. */
const passing: ReadonlySet<string> = new Set(["too_busy", "busy"]);
const retryAfterS = "1";

/** An error as RFC 9457 has it. What is not ours is `internal`, and its text stays inside. */
export function problemResponse(error: unknown): Response {
  const known = isPullcordError(error)
    ? error
    : new PullcordError("internal", "unexpected", "Pullcord failed to answer. Nothing was done. The server's log has the cause.", {
        cause: error,
      });
  const status = known.reason === "body_too_large" ? 413 : problemCodes[known.code].http;
  const problem: Problem = {
    type: `${problemType}/${known.reason}`,
    title: known.code.replaceAll("_", " "),
    status,
    detail: known.message,
    code: known.code,
    reason: known.reason,
    ...(known.field === undefined ? {} : { field: known.field }),
  };
  const headers = { "content-type": "application/problem+json", ...(passing.has(known.reason) && { "retry-after": retryAfterS }) };
  return new Response(JSON.stringify(problem), { status, headers });
}
