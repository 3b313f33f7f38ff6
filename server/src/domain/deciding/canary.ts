import { deny, type Step } from "./draft.js";

/** Denies a canary before anything else could: it proves that the agent's own hook reaches this gate. */
export const denyCanary: Step = (draft, { canary }) =>
  canary
    ? deny(draft, {
        step: "guardrails",
        rule: "canary",
        sentence: "Pullcord's canary: denied on purpose, to prove that this agent's actions pass the gate.",
      })
    : draft;
