import { describe, expect, it } from "vitest";
import { type Outcome, outcomeOf, readShell } from "./outcome.js";
import { settingSurroundings } from "./setting.js";

/** Per family: a command, what becomes of it, and the factor that says so. For tests only. */
export type Tables = Readonly<Record<string, readonly (readonly [command: string, outcome: Outcome, factor?: string])[]>>;

/** One test for each row. */
export function judgesAll(tables: Tables): void {
  for (const [family, rows] of Object.entries(tables)) {
    describe(`family ${family}`, () => {
      for (const [command, outcome, factor] of rows) {
        it(`has "${outcome}" for ${command}`, () => {
          const reading = readShell(command, settingSurroundings);
          expect(outcomeOf(reading)).toBe(outcome);
          expect(factor === undefined || reading.assessment.factors.some(({ name }) => name === factor)).toBe(true);
        });
      }
    });
  }
}
