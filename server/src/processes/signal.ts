/** Sends a signal to one process, never to a group, to everybody, or to the system's first process. */
export function signal({ pid }: { readonly pid: number }, name: NodeJS.Signals): void {
  if (!Number.isSafeInteger(pid) || pid <= firstProcess || pid === process.pid) return;
  try {
    process.kill(pid, name);
  } catch {
    // Gone already, or another user's: the next look tells.
  }
}

/** kill(2): 0 and below are groups and everybody; 1 is the system's own. */
const firstProcess = 1;
