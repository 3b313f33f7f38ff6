import { covers } from "../break-glass.js";
import { allow, type Draft, type Step } from "./draft.js";

/** Looks for a use that covers the run now, before any other thought (B3). */
export const lookForBreakGlass: Step = (draft, facts, now) => {
  const run = { id: facts.run.id, agent: facts.agent };
  return { ...draft, breakGlass: facts.breakGlass.find((use) => covers(use, run, now)) ?? null };
};

/** Lets the action through without judgment: no size, no score, no rule, no limit counts (B4). */
export const forceThrough: Step = (draft) => (draft.breakGlass ? forced(draft, draft.breakGlass) : draft);

function forced(draft: Draft, use: NonNullable<Draft["breakGlass"]>): Draft {
  const until = new Date(use.expiresAt).toISOString().slice(11, 16);
  return allow(draft, {
    step: "break_glass",
    sentence: `${use.by.id} broke glass: everything in its scope is let through until ${until} UTC.`,
    rule: use.id,
  });
}
