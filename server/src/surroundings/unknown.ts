import { posix } from "node:path";
import type { GateParts, ResolvedPath, Surroundings } from "../domain/reading.js";

/**
 * For remote mode: there is no machine to look at, so every answer is the cautious one. Paths are followed as text,
 * links cannot be seen, nothing is known to be committed.
 */
export function unknownSurroundings(options: {
  readonly workspace: string | null;
  readonly home?: string;
  readonly gate: GateParts;
}): Surroundings {
  return {
    workspace: options.workspace,
    home: options.home ?? "/home/agent",
    gate: options.gate,
    resolve: (path, from) => resolveAsText(path, from),
    isCommitted: () => null,
  };
}

function resolveAsText(path: string, from: string): ResolvedPath {
  // Through /proc a name can mean any file of the process that asks.
  if (path.includes("\0") || path.length > 4096) return { path: null, exists: false, kind: "absent" };
  const whole = posix.resolve(from, path).replace(/^\/proc\/(?:self|thread-self|\d+)\/root(?=\/|$)/, "") || "/";
  if (/^\/(?:proc\/(?:self|thread-self|\d+)\/(?:cwd|fd)|dev\/fd)(?:\/|$)/.test(whole)) return { path: null, exists: false, kind: "absent" };
  return { path: whole, exists: false, kind: "absent" };
}
