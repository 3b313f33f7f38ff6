import { mostSteps } from "../bounds.js";

/** Counts what reading costs. Nested loops and functions can make few words run for ever. */
export class Steps {
  private count = 0;

  constructor(private readonly whenTooMany: () => void) {}

  get taken(): number {
    return this.count;
  }

  /** False past the limit: from there on nothing more is read, and it asks. */
  take(more = 1): boolean {
    if (this.count + more <= mostSteps) {
      this.count += more;
      return true;
    }
    if (this.count < mostSteps) this.whenTooMany();
    this.count = mostSteps;
    return false;
  }
}
