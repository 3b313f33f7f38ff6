import type { Actor } from "@pullcord/sdk/protocol";

/** Pullcord itself. */
export const systemActor: Actor = { kind: "system", id: "pullcord" };
