import { invisibleClass, type PathLeft, type RunAccount } from "@pullcord/sdk/protocol";

/** Longest subject, in characters. */
const longestSubject = 72;
/** Most approvals and left paths that are named one by one. */
const mostNamed = 50;

export interface MessageFacts {
  readonly account: RunAccount;
  readonly paths: readonly string[];
  readonly left: readonly PathLeft[];
  /** A person's own words: they come first. */
  readonly message?: string | undefined;
  /** Who keeps it; null while nobody has decided yet. */
  readonly keptBy: string | null;
}

/**
 * The message of the commit that a run's changes are kept as (E20): what was asked, what was done, who answered what.
 * Whatever an agent wrote stands indented, on lines of its own and with nothing unseen in it: it can't pass for a trailer.
 */
export function commitMessage({ account, paths, left, message, keptBy }: MessageFacts): string {
  const { runId, agent, task, told, did, didBefore, answers, forced } = account;
  const own = message?.trim();
  const subject = own?.split("\n")[0] ?? subjectOf(task);
  const body = own?.split("\n").slice(1).join("\n").trim();
  const approvers = [...new Set(answers.flatMap(({ effect, by }) => (effect === "approved" ? [by.id] : [])))];
  const paragraphs = [
    drawn(subject),
    body ? body.split("\n").map(drawn).join("\n") : "",
    // The subject has said a short task already.
    section("Asked:", task.trim() === subject ? [] : task.split("\n")),
    section(
      "Told while it ran:",
      told.map(({ text, by }) => `${by.id}: ${text}`),
    ),
    section(`Did (${countsOf(account)}):`, [
      ...(didBefore > 0 ? [`(${didBefore} before these)`] : []),
      ...did.map(({ actionId, line }) => `${actionId} ${line}`),
    ]),
    section(
      "Answered by people:",
      shortened(
        answers.map(({ actionId, line, effect, by, at }) => `${actionId} ${effect} by ${by.id}, ${new Date(at).toISOString()}: ${line}`),
      ),
    ),
    section(forced === 0 ? "" : "Forced by break glass:", forced === 0 ? [] : [forced === 1 ? "1 action" : `${forced} actions`]),
    section("Changed by the run and not in this commit:", shortened(left.map(({ path, sentence }) => `${path}: ${sentence}`))),
    [
      trailer("Pullcord-Run", runId),
      trailer("Pullcord-Agent", agent),
      trailer("Pullcord-Paths", String(paths.length)),
      ...approvers.map((id) => trailer("Pullcord-Approved-By", id)),
      ...(keptBy === null ? [] : [trailer("Pullcord-Kept-By", keptBy)]),
    ].join("\n"),
  ];
  return `${paragraphs.filter((paragraph) => paragraph !== "").join("\n\n")}\n`;
}

function subjectOf(task: string): string {
  const flat = task.replaceAll(/\s+/g, " ").trim() || "What an agent did";
  return flat.length > longestSubject ? `${flat.slice(0, longestSubject - 1)}…` : flat;
}

function countsOf({ byStatus }: RunAccount): string {
  const words = { succeeded: "succeeded", failed: "failed", running: "under way", denied: "denied", cancelled: "cancelled" } as const;
  const said = Object.entries(words).flatMap(([status, word]) => {
    const count = byStatus[status as keyof typeof words];
    return count === undefined ? [] : [`${count} ${word}`];
  });
  return said.join(", ") || "nothing";
}

function shortened(lines: readonly string[]): string[] {
  return lines.length <= mostNamed ? [...lines] : [...lines.slice(0, mostNamed), `and ${lines.length - mostNamed} more`];
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : [title, ...lines.map((line) => `    ${drawn(line)}`)].join("\n");
}

function trailer(name: string, value: string): string {
  return `${name}: ${drawn(value)}`;
}

const unseen = new RegExp(`[${invisibleClass}]`, "gv");

/** One line, whatever is unseen in it drawn. */
function drawn(text: string): string {
  return text.replaceAll(unseen, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
