import type { AffectedNames, PreviewTopic, Reversibility, RiskAssessment, RowsPreview } from "@pullcord/sdk";
import { escapeLine } from "../screen/escape.js";
import type { Paint } from "../screen/paint.js";
import type { Screen } from "../screen/screen.js";
import { riskWord } from "./rows.js";
import { rowsSentences, showRowsPreview, type RowsToShow } from "./rows-preview.js";

export const reversibilityWords: Readonly<Record<Reversibility, string>> = {
  read_only: "changes nothing",
  reversible: "can be undone",
  externally_reversible: "can be undone by others only",
  irreversible: "cannot be undone",
};

const previewWords: Readonly<Record<PreviewTopic, string>> = {
  files: "Files",
  rows: "Rows",
  services: "Services",
  money: "Money",
  undo: "Undo",
};

/** What was found out about an action: risk, destructive steps, preview (E34 to E37), safer ways, each with its own risk. */
export function showAssessment(screen: Screen, assessment: RiskAssessment, rows?: RowsToShow): void {
  const told = withoutGuesses(assessment, rows?.rows);
  for (const [label, text] of assessmentFields(told, screen.paint)) screen.field(label, text);
  if (rows) showRowsPreview(screen, rows);
}

/** Without what the SQL alone tells of rows, where they were tried. */
export function withoutGuesses(assessment: RiskAssessment, rows: RowsPreview | undefined): RiskAssessment {
  const { preview = [] } = assessment;
  return rows?.status === "tried" ? { ...assessment, preview: preview.filter(({ about }) => about !== "rows") } : assessment;
}

/** Where a hold leaves room for little else: what would happen, a sentence each. */
export function previewSentences({ preview = [], reversibility }: RiskAssessment, rows?: RowsPreview): readonly string[] {
  const tried = rowsSentences(rows);
  const told = preview.filter(({ about }) => about !== "rows" || tried.length === 0);
  const sentences = [...tried, ...told.map(({ sentence }) => escapeLine(sentence))];
  return sentences.length > 0 ? sentences : [`As far as can be read, this ${reversibilityWords[reversibility]}.`];
}

type Field = readonly [label: string, text: string];

function assessmentFields(assessment: RiskAssessment, paint: Paint): readonly Field[] {
  const { score, level, reversibility, understood, factors, alternatives, preview = [] } = assessment;
  const doubts = understood ? "" : "; a part of it could not be understood";
  return [
    ["Risk", `${riskWord(level, score, paint)}, ${reversibilityWords[reversibility]}${doubts}`],
    ...factors.map((factor): Field => {
      const evidence = factor.evidence === undefined ? "" : `: ${escapeLine(factor.evidence)}`;
      const warning = factor.isDestructive ? paint.red("! destroys: ") : "";
      return ["", `${factor.score} ${warning}${escapeLine(factor.sentence.replace(/\.$/, ""))}${evidence}`];
    }),
    ...affected(assessment),
    ...preview.flatMap(({ about, sentence, query }): readonly Field[] => [
      [previewWords[about], escapeLine(sentence.replace(/^(?:Services|Money): /, ""))],
      ...(query === undefined ? [] : [["", `count them: ${escapeLine(query)}`] as const]),
    ]),
    ...alternatives.map(({ text, sentence, score: risk }): Field => [
      "Safer",
      `${escapeLine(text)} (risk ${risk}): ${escapeLine(sentence)}`,
    ]),
  ];
}

/** Files that change are in the preview already, in full sentences. */
function affected({ affected: { writes, deletes, ...others }, preview = [] }: RiskAssessment): readonly Field[] {
  const shown = preview.some(({ about }) => about === "files") ? others : { deletes, writes, ...others };
  return Object.entries(shown).flatMap(([name, { first, count }]: readonly [string, AffectedNames]) => {
    const more = count > first.length ? ` and ${count - first.length} more` : "";
    return count === 0 ? [] : [[`${name[0]?.toUpperCase()}${name.slice(1)}`, `${first.map(escapeLine).join(", ")}${more}`] as const];
  });
}
