import type { Environment, Output } from "../surroundings.js";

/** Colours by meaning. Red is for stop, deny and critical alone; amber for what waits for a person. */
export interface Paint {
  readonly red: (text: string) => string;
  readonly amber: (text: string) => string;
  readonly accent: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
}

/** Colours only on a terminal that has them (https://no-color.org). */
export function paintFor(output: Output, environment: Environment): Paint {
  const colours = output.isTTY === true && !environment["NO_COLOR"] && environment["TERM"] !== "dumb";
  const style = (on: number, off: number) => (text: string) => (colours ? `\u001B[${on}m${text}\u001B[${off}m` : text);
  return { red: style(31, 39), amber: style(33, 39), accent: style(36, 39), strong: style(1, 22), faint: style(2, 22) };
}
