import type { Cli } from "../cli.js";
import { escapeLine } from "../screen/escape.js";
import { diffLines, type DiffLine } from "./text-diff.js";

const marks: Readonly<Record<DiffLine["kind"], string>> = { same: "  ", added: "+ ", removed: "- ", skipped: "  " };

/** A settings file's change, line by line, without the secrets in it. Hooks of ours are cut at the screen's edge; --json has all. */
export function showChange(
  { screen }: Cli,
  file: string,
  { before, after }: { readonly before: string | null; readonly after: string | null },
): void {
  screen.line(screen.paint.strong(escapeLine(before === null ? `${file} (new)` : after === null ? `${file} (removed)` : file)));
  for (const { kind, text } of diffLines(before ?? "", after ?? "")) {
    const whole = marks[kind] + escapeLine(text.replaceAll(/pca_[\w-]+/g, "pca_…"));
    const line = whole.length > screen.width ? `${whole.slice(0, screen.width - 1)}…` : whole;
    screen.line(kind === "same" || kind === "skipped" ? screen.paint.faint(line) : kind === "added" ? screen.paint.accent(line) : line);
  }
  screen.line();
}
