import type { Environment, Surroundings } from "../surroundings.js";
import { escapeJson } from "./escape.js";
import { paintFor, type Paint } from "./paint.js";
import { tableLines } from "./table.js";
import { padded, wrapped } from "./width.js";

const defaultWidth = 80;
const widestText = 100;
const labelWidth = 10;

/** What a command says: answers to standard output, everything about its progress to standard error. */
export class Screen {
  readonly paint: Paint;
  /** Columns that text may take. */
  readonly width: number;
  readonly isTerminal: boolean;
  readonly #surroundings: Surroundings;

  constructor(surroundings: Surroundings, environment: Environment = surroundings.environment) {
    const { stdout } = surroundings;
    this.#surroundings = surroundings;
    this.paint = paintFor(stdout, environment);
    this.isTerminal = stdout.isTTY === true;
    this.width = Math.min(stdout.columns ?? defaultWidth, widestText);
  }

  line(text = ""): void {
    this.#surroundings.stdout.write(`${text}\n`);
  }

  /** A sentence, broken to fit. */
  sentence(text: string): void {
    for (const line of wrapped(text, this.width)) this.line(line);
  }

  /** About what is going on, not part of the answer. */
  note(text: string): void {
    this.#surroundings.stderr.write(`${text}\n`);
  }

  /** The stable form for programs. */
  json(value: unknown): void {
    this.line(escapeJson(JSON.stringify(value, null, 2)));
  }

  /** One value on one line, for streams. */
  jsonLine(value: unknown): void {
    this.line(escapeJson(JSON.stringify(value)));
  }

  /** A faint head and aligned rows; `giving` is the column that is cut when there is no room. */
  table(head: readonly string[], rows: readonly (readonly string[])[], giving: number): void {
    const lines = tableLines([head.map(this.paint.faint), ...rows], { width: this.width, giving });
    for (const line of lines) this.line(line);
  }

  /** A label and its text, the following lines indented. */
  field(label: string, text: string): void {
    const [first, ...rest] = wrapped(text, this.width - labelWidth);
    this.line(this.paint.faint(padded(label, labelWidth)) + (first ?? ""));
    for (const line of rest) this.line(" ".repeat(labelWidth) + line);
  }
}
