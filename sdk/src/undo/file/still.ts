import { PullcordError } from "../../protocol/index.js";
import type { Seen } from "./look.js";
import type { Finds } from "./looking.js";

/** A file changed within this time before a look may change again without its times telling (coarse clocks), in milliseconds. */
const unsettledMs = 50;
/** How long what moved is left alone before each further look at it, in milliseconds. */
const pausesMs = [5, 20];

interface Looks {
  readonly look: (finds: Finds) => Promise<void>;
  readonly lookAgain: (path: string, finds: Finds) => Promise<void>;
}

/** What moves during a look is looked at again a little later, a few times; what moves still is told by name. */
export async function lookUntilStill(finds: Finds, { look, lookAgain }: Looks): Promise<void> {
  let moving: string[] = [];
  const noting: Finds = { ...finds, moving: (path) => moving.push(path) };
  await look(noting);
  for (const pauseMs of pausesMs) {
    if (moving.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const again = moving;
    moving = [];
    for (const path of again) await lookAgain(path, noting);
  }
  for (const path of new Set(moving)) finds.moving(path);
}

/** Without its stamp where it changed so shortly before that it could change again unseen. */
export function settled({ stamp, ...seen }: Seen): Seen {
  const isOld = stamp !== null && Math.max(stamp.mtimeMs, stamp.ctimeMs) < Date.now() - unsettledMs;
  return { ...seen, stamp: isOld ? stamp : null };
}

/** What an action names has to stand still. */
export function keepsMoving(path: string): PullcordError {
  const text = `${path} kept changing while it was looked at, so there is no state of it to go back to.`;
  return new PullcordError("unavailable", "snapshot_moving", text);
}
