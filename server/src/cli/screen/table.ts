import { cut, displayWidth, padded } from "./width.js";

const gap = 2;

export interface TableShape {
  readonly width: number;
  /** The column that gives way when the row does not fit. */
  readonly giving: number;
}

/** Rows with aligned columns. Cells are escaped already; they may carry colours. */
export function tableLines(rows: readonly (readonly string[])[], { width, giving }: TableShape): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) => Math.max(...rows.map((row) => displayWidth(row[column] ?? ""))));
  const others = widths.reduce((sum, each, column) => (column === giving ? sum : sum + each), 0) + gap * (columns - 1);
  widths[giving] = Math.min(widths[giving] ?? 0, Math.max(width - others, shortestCell));
  return rows.map((row) =>
    row
      .map((cell, column) => padded(column === giving ? cut(cell, widths[giving] ?? 0) : cell, widths[column] ?? 0))
      .join(" ".repeat(gap))
      .trimEnd(),
  );
}

const shortestCell = 12;
