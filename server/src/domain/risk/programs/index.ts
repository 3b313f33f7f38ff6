import { families } from "./families.js";
import type { Usage } from "./usage.js";

let programs: ReadonlyMap<string, Usage> | null = null;

/** What is known of a program; undefined when nothing is, which asks. */
export function programNamed(name: string): Usage | undefined {
  // Made at the first question: some families ask about other programs themselves.
  programs ??= collect();
  return (
    programs.get(name) ??
    byPattern.find(({ start, end }) => name.startsWith(start) && name.endsWith(end) && name.length > start.length + end.length)?.usage
  );
}

/** Keys with a `*` at an end: families of small programs (`ppm*`, `*topnm`). */
const byPattern: { readonly start: string; readonly end: string; readonly usage: Usage }[] = [];

/** Every known name. */
export function programNames(): readonly string[] {
  programs ??= collect();
  return [...programs.keys()];
}

function collect(): ReadonlyMap<string, Usage> {
  const found = new Map<string, Usage>();
  for (const family of families()) {
    for (const [names, usage] of Object.entries(family)) for (const name of names.split(" ")) addName(found, name, usage);
  }
  return found;
}

function addName(found: Map<string, Usage>, name: string, usage: Usage): void {
  const star = name.indexOf("*");
  if (star < 0) found.set(name, usage);
  else byPattern.push({ start: name.slice(0, star), end: name.slice(star + 1), usage });
}
