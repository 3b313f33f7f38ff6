/** As much as tells one policy from another, in characters. */
const shownHash = 12;

/** The version of a policy as people read it. */
export function shortVersion(version: string): string {
  return version.slice(0, shownHash);
}
