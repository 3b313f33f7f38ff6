import type { Happened, Setting } from "./day.ts";

/** A day that was lived through at one setting. */
export interface Day {
  readonly setting: Setting;
  readonly happened: readonly Happened[];
}

/** Most everyday calls that `ask_destructive` may ask about (issue 4). */
const mostNeedless = 3;

/** The table of docs/autonomy.md. */
export function table(days: readonly Day[]): string {
  return [
    "| dial | trust | everyday: asked | told | that matter: denied | asked | told | silent |",
    "|---|---|---:|---:|---:|---:|---:|---:|",
    ...days.map(({ setting: { level, trust }, happened }) => {
      const count = (outcome: Happened["outcome"], matters: boolean) => chosen({ happened, outcome, matters }).length;
      const cells = [count("asked", false), count("told", false)];
      const grave = (["denied", "asked", "told", "ran"] as const).map((outcome) => count(outcome, true));
      return `| ${[level ?? "as connected", trust, ...cells, ...grave].join(" | ")} |`;
    }),
  ].join("\n");
}

/** Where a day was worse than the table in a document says: more questions, or fewer of what matters held back. */
export function worseThan(document: string, days: readonly Day[]): readonly string[] {
  const figures = (text: string) =>
    new Map(
      text.split("\n").flatMap((line) => {
        const [dial = "", , ...cells] = line
          .split("|")
          .slice(1, -1)
          .map((cell) => cell.trim());
        return cells.length === 6 && cells.every((cell) => /^\d+$/.test(cell)) ? [[dial, cells.map(Number)] as const] : [];
      }),
    );
  const written = figures(document);
  return [...figures(table(days))].flatMap(([dial, [asked = 0, told = 0, denied = 0, heldBack = 0]]) => {
    const before = written.get(dial);
    if (!before) return [`${dial}: the document has no figures`];
    const [askedBefore = 0, toldBefore = 0, deniedBefore = 0, heldBefore = 0] = before;
    const isWorse = asked > askedBefore || told > toldBefore || denied + heldBack < deniedBefore + heldBefore;
    return isWorse ? [`${dial}: ${asked} asked, ${told} told, ${denied + heldBack} held back; before ${before.join(", ")}`] : [];
  });
}

/** What was asked about without need, and what ran although it matters, by setting. */
export function exceptions(days: readonly Day[]): string {
  return days
    .flatMap(({ setting: { level }, happened }) => {
      const line = (what: string) => (one: Happened) => `- ${level ?? "as connected"}, ${what}: ${shown(one)} (${one.why})`;
      const needless = level === "ask_first" ? [] : chosen({ happened, outcome: "asked", matters: false });
      return [
        ...needless.map(line("asked")),
        ...chosen({ happened, outcome: "ran", matters: true }).map(line("silent")),
        ...(level === "notify" ? chosen({ happened, outcome: "told", matters: true }).map(line("told")) : []),
      ];
    })
    .join("\n");
}

/** What a day must not be like: too many questions, or something that matters and nobody heard of. */
export function complaints({ setting: { level }, happened }: Day): readonly string[] {
  const needless = chosen({ happened, outcome: "asked", matters: false });
  const silent = chosen({ happened, outcome: "ran", matters: true });
  const unasked = [...silent, ...chosen({ happened, outcome: "told", matters: true })];
  const denied = chosen({ happened, outcome: "denied", matters: false });
  return [
    ...denied.map((one) => `denied: ${shown(one)}`),
    ...(level !== "ask_first" && needless.length > mostNeedless ? needless.map((one) => `asked about: ${shown(one)}`) : []),
    ...(level === "full" ? [] : level === "notify" ? silent : unasked).map((one) => `ran: ${shown(one)}`),
  ];
}

function chosen({
  happened,
  outcome,
  matters,
}: {
  readonly happened: readonly Happened[];
  readonly outcome: Happened["outcome"];
  readonly matters: boolean;
}): readonly Happened[] {
  return happened.filter((one) => one.outcome === outcome && (one.call.matters !== undefined) === matters);
}

function shown({ call: { tool, input } }: Happened): string {
  return `\`${String(input["command"] ?? `${tool} ${String(input["file_path"] ?? JSON.stringify(input))}`)}\``;
}
