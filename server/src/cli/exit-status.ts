import { problemCodes, type ProblemCode } from "@pullcord/sdk";

/** Every exit status of the command line; docs/exit-statuses.md explains them. The middle ones are the problem codes'. */
export const exitStatus = {
  ok: 0,
  /** The answer is no: not confirmed, denied by a check, a log that does not verify. */
  no: 1,
  ...(Object.fromEntries(Object.entries(problemCodes).map(([code, { exit }]) => [code, exit])) as Record<ProblemCode, number>),
  /** `pullcord run` itself failed, before the command ran. */
  runFailed: 125,
  /** `pullcord run`: the command was denied and did not run. */
  runDenied: 126,
  /** `pullcord run`: there is no such command. */
  runNotFound: 127,
  /** Ctrl+C. */
  interrupted: 130,
} as const;
