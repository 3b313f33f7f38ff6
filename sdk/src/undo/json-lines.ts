import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { ownerOnlyFile } from "./owner-only.js";

/** A file of JSON, one value a line, that only ever grows, but for what is let go of. Readable by its owner alone. */
export class JsonLines<Line> {
  readonly #file: string;
  /** What could not be written yet, as on a full disk: it is written before the next line. */
  #waiting: Line[] = [];
  /** Half a line may stand at the end. */
  #isTorn = false;

  constructor(file: string) {
    this.#file = file;
    // A line that a crash cut off stays alone.
    if (existsSync(file) && !readFileSync(file, "utf8").endsWith("\n")) appendFileSync(file, "\n");
  }

  /**
   * What is not durable and can't be written is not lost while this process lives.
   * @param isDurable waits until the disk has it
   * @throws NodeJS.ErrnoException
   */
  append(line: Line, { isDurable = false } = {}): void {
    const lines = [...this.#waiting, line];
    const text = `${this.#isTorn ? "\n" : ""}${lines.map((each) => `${JSON.stringify(each)}\n`).join("")}`;
    try {
      appendFileSync(this.#file, text, { mode: ownerOnlyFile, flush: isDurable });
      [this.#waiting, this.#isTorn] = [[], false];
    } catch (error) {
      this.#isTorn = true;
      if (!isDurable) this.#waiting = lines;
      throw error;
    }
  }

  /** In their order; one that a crash cut off is left out. */
  all(): Line[] {
    return [...this.#written(), ...this.#waiting];
  }

  #written(): Line[] {
    if (!existsSync(this.#file)) return [];
    return readFileSync(this.#file, "utf8")
      .split("\n")
      .flatMap(parsed<Line>);
  }

  /** Lets go of all but these. */
  replace(lines: readonly Line[]): void {
    writeFileSync(`${this.#file}.new`, lines.map((line) => `${JSON.stringify(line)}\n`).join(""), { mode: ownerOnlyFile });
    renameSync(`${this.#file}.new`, this.#file);
    [this.#waiting, this.#isTorn] = [[], false];
  }
}

function parsed<Line>(text: string): Line[] {
  try {
    return text === "" ? [] : [JSON.parse(text) as Line];
  } catch {
    return [];
  }
}
