import { appendFileSync, closeSync, existsSync, fstatSync, openSync, readSync, renameSync, writeFileSync } from "node:fs";
import { ownerOnlyFile } from "./owner-only.js";

/** Read at a time, in bytes: all of a file may be more than one string holds, or the memory. */
const chunkBytes = 2 ** 20;
const lineEnd = 0x0a;

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
    if (existsSync(file) && isCutOff(file)) appendFileSync(file, "\n");
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
    return [...this.each()];
  }

  /** The same, of which one at a time is in memory. */
  *each(): Generator<Line, void> {
    if (existsSync(this.#file)) for (const bytes of linesIn(this.#file)) yield* parsed<Line>(bytes);
    yield* this.#waiting;
  }

  /** Lets go of all but these. */
  replace(lines: Iterable<Line>): void {
    writeFileSync(`${this.#file}.new`, "", { mode: ownerOnlyFile });
    const handle = openSync(`${this.#file}.new`, "a");
    try {
      for (const line of lines) writeFileSync(handle, `${JSON.stringify(line)}\n`);
    } finally {
      closeSync(handle);
    }
    renameSync(`${this.#file}.new`, this.#file);
    [this.#waiting, this.#isTorn] = [[], false];
  }
}

function isCutOff(file: string): boolean {
  const handle = openSync(file, "r");
  try {
    const [{ size }, last] = [fstatSync(handle), Buffer.alloc(1)];
    return readSync(handle, last, 0, 1, Math.max(0, size - 1)) === 0 || last[0] !== lineEnd;
  } finally {
    closeSync(handle);
  }
}

function* linesIn(file: string): Generator<Buffer, void> {
  const handle = openSync(file, "r");
  try {
    let begun: Buffer[] = [];
    for (;;) {
      const chunk = Buffer.alloc(chunkBytes);
      const read = chunk.subarray(0, readSync(handle, chunk));
      if (read.length === 0) break;
      let from = 0;
      for (let end = read.indexOf(lineEnd); end >= 0; end = read.indexOf(lineEnd, from)) {
        yield Buffer.concat([...begun, read.subarray(from, end)]);
        [begun, from] = [[], end + 1];
      }
      begun.push(read.subarray(from));
    }
    yield Buffer.concat(begun);
  } finally {
    closeSync(handle);
  }
}

function parsed<Line>(bytes: Buffer): Line[] {
  try {
    const text = bytes.toString("utf8");
    return text === "" ? [] : [JSON.parse(text) as Line];
  } catch {
    return [];
  }
}
