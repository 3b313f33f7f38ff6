/** `*.pyc`, `.env*`, `prod-*`: a pattern for one name, where `*` stands for anything. */
export function matchesName(pattern: string, name: string): boolean {
  return compiled(pattern, "[^/]*").test(name);
}

/** `src/**`, `data/*.csv`: a pattern for a path below the workspace. */
export function matchesPath(pattern: string, path: string): boolean {
  return compiled(pattern, "[^/]*").test(path);
}

const known = new Map<string, RegExp>();
/** Most patterns kept compiled. */
const knownLimit = 1_000;

function compiled(pattern: string, star: string): RegExp {
  const found = known.get(pattern);
  if (found) return found;
  const parts = pattern.split("**").map((part) => part.replace(/[.+^${}()|[\]\\?]/g, "\\$&").replaceAll("*", star));
  const made = new RegExp(`^${parts.join(".*")}$`);
  if (known.size < knownLimit) known.set(pattern, made);
  return made;
}
