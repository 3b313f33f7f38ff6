import type { AgentClient } from "../client/index.js";

/** How a gate reaches its server. */
export interface GateParts {
  readonly client: AgentClient;
  readonly url: string;
  /** Any of them stops everything; none where there is none to look for. */
  readonly killFiles: readonly string[];
}
