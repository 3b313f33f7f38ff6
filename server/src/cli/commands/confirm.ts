import { hash } from "node:crypto";
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { createInterface } from "node:readline/promises";
import { canonicalJson, PersonClient, quotedWord } from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import { exitStatus } from "../exit-status.js";
import { confirmPresence, timingOptions } from "../hold/confirm-presence.js";
import { lenientWitness, serverWitness, type RecordingWitness } from "../hold/witness.js";
import { escapeLine } from "../screen/escape.js";
import { wrapped } from "../screen/width.js";
import type { Call, Verb } from "../verb.js";
import { previewSentences } from "../views/assessment.js";

/** One quick look whether a server is there: the hold works without one. */
const reachableMs = 1_000;

/** The live man switch for any script (L1 to L15). */
export const confirm: Verb = {
  usage: "confirm <what> [command...]",
  summary: "let a person confirm by holding Enter, for any script",
  details:
    "Says what is about to happen and waits until a person has held Enter for 3 s. Then runs the command, if one is given, and passes on its exit status.\nRefused without a terminal, and under an AI agent. It works without a server; with one, every attempt is on the record.\nA hold is friction, not proof: a script with a terminal of its own can pass it.\nWhoever needs other timing puts it into hold.json in the configuration folder: firstRepeatMs, releaseGapMs, announces, tap.",
  options: [{ flags: "--word <word>", summary: "also type this word, after the hold" }, ...timingOptions],
  endsItself: true,
  examples: [
    'confirm "This deletes all graph data"',
    'confirm "This deletes all graph data" --word DELETE -- ./drop-graph.sh',
    'confirm --tap "Deploy to production" && make deploy',
  ],
  run: async (cli, call) => {
    const [what = "", ...command] = call.args;
    const { end } = await confirmPresence(cli, call, {
      what: escapeLine(what),
      lines: [...wrapped(escapeLine(what), cli.screen.width), ...(command.length === 0 ? [] : await commandLines(cli, command))],
      isFinal: true,
      command: escapeLine(`pullcord confirm ${[what, ...(command.length === 0 ? [] : ["--", ...command])].map(quotedWord).join(" ")}`),
      witness: await witnessFor(cli, { what, command }),
    });
    if (end.phase === "cancelled") return exitStatus.interrupted;
    if (end.phase === "refused") return exitStatus.no;
    if (!(await typedWord(cli, call))) return exitStatus.no;
    if (cli.isJson) cli.screen.json({ confirmed: true, heldMs: end.tookMs });
    return command.length === 0 ? exitStatus.ok : runCommand(command);
  },
};

/** What runs, and what it would do as far as it can be read here: no server is needed for that. */
async function commandLines(cli: Cli, command: readonly string[]): Promise<readonly string[]> {
  // Loaded only here: reading actions would make every other command start later.
  const { readCommandHere } = await import("../judge/read-here.js");
  const assessment = await readCommandHere(cli, command);
  return [`It runs: ${escapeLine(command.map(quotedWord).join(" "))}`, ...previewSentences(assessment)].flatMap((line) =>
    wrapped(line, cli.screen.width),
  );
}

async function witnessFor(
  { settings }: Cli,
  question: { readonly what: string; readonly command: readonly string[] },
): Promise<RecordingWitness> {
  if (settings.token === null) return lenientWitness(null);
  const person = new PersonClient({ url: settings.server, token: settings.token, requestMs: reachableMs });
  const isReachable = await person.session().then(
    () => true,
    () => false,
  );
  return lenientWitness(isReachable ? serverWitness(person, hash("sha256", canonicalJson(question))) : null);
}

async function typedWord({ surroundings }: Cli, call: Call): Promise<boolean> {
  const word = call.text("word");
  if (word === undefined) return true;
  const lines = createInterface({ input: surroundings.stdin, output: process.stderr });
  try {
    const typed = await lines.question(`Type ${escapeLine(word)} to go on: `);
    if (typed.trim() === word) return true;
    surroundings.stderr.write("That is not the word. Nothing was done.\n");
    return false;
  } finally {
    lines.close();
  }
}

function runCommand([program = "", ...args]: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: "inherit" });
    child.once("error", () => {
      process.stderr.write(`pullcord: ${escapeLine(program)} can't be started. Is it installed and on the PATH?\n`);
      resolve(exitStatus.runNotFound);
    });
    child.once("exit", (status, signal) =>
      resolve(signal === null ? (status ?? exitStatus.internal) : signalBase + (constants.signals[signal] ?? 0)),
    );
  });
}

/** What shells add to a signal's number. */
const signalBase = 128;
