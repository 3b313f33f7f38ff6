import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { ownerOnlyFile } from "./owner-only.js";

/** A file of JSON, one value a line, that only ever grows, but for what is let go of. Readable by its owner alone. */
export class JsonLines<Line> {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
    // A line that a crash cut off stays alone.
    if (existsSync(file) && !readFileSync(file, "utf8").endsWith("\n")) appendFileSync(file, "\n");
  }

  /** Durable: waits until the disk has it. */
  append(line: Line, { isDurable = false } = {}): void {
    appendFileSync(this.#file, `${JSON.stringify(line)}\n`, { mode: ownerOnlyFile, flush: isDurable });
  }

  /** In their order; one that a crash cut off is left out. */
  all(): Line[] {
    if (!existsSync(this.#file)) return [];
    return readFileSync(this.#file, "utf8")
      .split("\n")
      .flatMap(parsed<Line>);
  }

  /** Lets go of all but these. */
  replace(lines: readonly Line[]): void {
    writeFileSync(`${this.#file}.new`, lines.map((line) => `${JSON.stringify(line)}\n`).join(""), { mode: ownerOnlyFile });
    renameSync(`${this.#file}.new`, this.#file);
  }
}

function parsed<Line>(text: string): Line[] {
  try {
    return text === "" ? [] : [JSON.parse(text) as Line];
  } catch {
    return [];
  }
}
