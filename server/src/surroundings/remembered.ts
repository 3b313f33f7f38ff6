import type { Surroundings } from "../domain/reading.js";

/** Surroundings are found out at most this often for a workspace, in milliseconds. */
const freshMs = 2_000;
const mostWorkspaces = 100;

type Look = (workspace: string | null) => Surroundings;

/** Keeps what was found out about a workspace for a moment: a burst of decisions looks once. */
export function remembered(look: Look): Look {
  const known = new Map<string | null, { readonly surroundings: Surroundings; readonly at: number }>();
  return (workspace) => {
    const now = performance.now();
    const found = known.get(workspace);
    if (found && now - found.at < freshMs) return found.surroundings;
    const surroundings = look(workspace);
    if (known.size >= mostWorkspaces) known.clear();
    known.set(workspace, { surroundings, at: now });
    return surroundings;
  };
}
