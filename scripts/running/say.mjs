/** Progress and problems go to standard error; standard output belongs to what was asked for. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** A failure that a person can act on: what happened, why, what to do. Shown without a stack. */
export class Trouble extends Error {
  constructor(what, why, remedy) {
    super(`${what}\n  why: ${why}\n  do:  ${remedy}`);
  }
}

/** Runs a script's main function and turns its failure into a message and an exit status. */
export async function main(work) {
  try {
    process.exitCode = (await work()) ?? process.exitCode ?? 0;
  } catch (failure) {
    say(failure instanceof Trouble ? `pullcord: ${failure.message}` : `pullcord: ${failure?.stack ?? failure}`);
    process.exitCode = 1;
  }
}

export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
