import { beforeAll, describe, expect, it } from "vitest";
import { filled, pieces, shells } from "./corpus/long-texts.js";
import { settingSurroundings } from "./corpus/setting.js";
import { Findings } from "./findings.js";
import { mostSteps, longestText } from "./bounds.js";
import { programNamed } from "./programs/index.js";
import { runWords } from "./programs/run.js";
import { ShellReader } from "./shell/shell-reader.js";
import { ShellState } from "./shell/state.js";
import { prepareReading } from "./sql.js";

/** Just below the limit of a text, with room for the program, in UTF-16 code units. */
const longest = longestText - 300;
/** Steps that a text of twice the length may take more than twice as many, for what stands around the pieces. */
const slack = 100;

interface Read {
  readonly steps: number;
  readonly isUnderstood: boolean;
}

function read(command: string): Read {
  const findings = new Findings();
  const reader = new ShellReader(findings, settingSurroundings, { runWords, programNamed });
  reader.readText(command.slice(0, longestText), new ShellState(settingSurroundings.workspace));
  return { steps: reader.steps.taken, isUnderstood: findings.toReading().assessment.understood };
}

/** How long a step takes is measured by `npm run bench -- judging`; here they are counted. */
describe("reading a long text", () => {
  beforeAll(prepareReading);

  it("stops where few words make many steps, and asks", () => {
    const loop = (inner: string): string => `for x in 1 2 3 4 5 6 7 8 9 10; do ${inner}; done`;
    const { steps, isUnderstood } = read(loop(loop(loop(loop(loop("echo $x"))))));
    expect(steps).toBe(mostSteps);
    expect(isUnderstood).toBe(false);
  });

  it("stops at words of many parts and at commands of many words", () => {
    for (const command of [`rm ${filled("*a", longest)}`, `echo ${filled("a ", longest)}`, filled("a= ", longest)])
      expect(read(command).isUnderstood).toBe(false);
  });

  for (const [what, piece] of Object.entries(pieces)) {
    it(`of ${what} takes steps in proportion to its length, and asks where they are too many`, () => {
      for (const shell of shells) {
        const [one, two] = [2_000, 4_000].map((length) => read(shell(filled(piece, length)))) as [Read, Read];
        expect(two.steps).toBeLessThanOrEqual(2 * one.steps + slack);
      }
      const whole = read(filled(piece, longest));
      if (whole.steps === mostSteps) expect(whole.isUnderstood).toBe(false);
    });
  }
});
