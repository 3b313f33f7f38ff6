import { isPullcordError, type PersonClient } from "@pullcord/sdk";
import { hookSettings, needsVersion } from "@pullcord/sdk/adapters/claude-code";
import type { Cli } from "../cli.js";
import { clientVersion, isAtLeast } from "./client.js";
import { connectedEvents } from "./merge.js";
import { filesInForce, managedPlace } from "./place.js";
import { modelReviewSentence } from "../views/model-review.js";
import { tokenToCome } from "./plan.js";
import { proveGate } from "./prove-gate.js";
import { readConnections, type Connection } from "./record.js";
import { parseSettings, readText } from "./settings-file.js";

/** What a check found. `todo` is there when it failed. */
export interface Check {
  readonly name: string;
  readonly isOk: boolean;
  readonly sentence: string;
  readonly todo?: string;
}

export interface Checkup {
  readonly cli: Cli;
  readonly person: PersonClient;
  /** Where the agent is tried. */
  readonly folder: string;
}

/** Every check, in order; one that finds the cause of the later ones' failure ends them. */
const checks: readonly { readonly run: (checkup: Checkup) => Promise<Check> | Check; readonly endsAll?: true }[] = [
  { run: checkServer, endsAll: true },
  { run: checkModelReview },
  { run: checkClient, endsAll: true },
  { run: checkSettings, endsAll: true },
  { run: checkChanges },
  { run: checkSwitches },
  { run: proveGate },
];

export async function* checkUp(checkup: Checkup): AsyncGenerator<Check> {
  for (const { run, endsAll } of checks) {
    const check = await run(checkup);
    yield check;
    if (!check.isOk && endsAll) return;
  }
}

async function checkServer({ cli, person }: Checkup): Promise<Check> {
  const name = "server";
  try {
    const { version, mode } = await person.status({ signal: cli.signal });
    return { name, isOk: true, sentence: `Pullcord ${version} answers at ${cli.settings.server} (mode ${mode}).` };
  } catch (error) {
    if (!isPullcordError(error)) throw error;
    const todo = error.code === "unauthenticated" ? "Sign in: pullcord sign-in" : "Start it: pullcord start";
    return { name, isOk: false, sentence: error.message, todo };
  }
}

/** A review that fails is a question at every turn, or nothing at all. */
async function checkModelReview({ cli, person }: Checkup): Promise<Check> {
  const name = "review";
  const { modelReview } = await person.status({ signal: cli.signal });
  if (modelReview === null) return { name, isOk: true, sentence: "No model reviews actions (docs/model-review.md)." };
  const sentence = modelReviewSentence(modelReview, Date.now());
  return { name, isOk: modelReview.problem === null, sentence, todo: "Look at review: in the policy file (pullcord policy show)." };
}

async function checkClient({ cli }: Checkup): Promise<Check> {
  const name = "client";
  try {
    const version = await clientVersion({ ...cli.surroundings, signal: cli.signal });
    if (isAtLeast(version, needsVersion)) return { name, isOk: true, sentence: `Claude Code ${version} blocks when a hook fails.` };
    const sentence = `Claude Code ${version} runs the action when a hook fails; ${needsVersion} and newer block.`;
    return {
      name,
      isOk: hasShim(cli),
      sentence: hasShim(cli) ? `${sentence} The shim is in place.` : sentence,
      todo: "npm install -g @anthropic-ai/claude-code@latest",
    };
  } catch (error) {
    if (!isPullcordError(error)) throw error;
    return { name, isOk: false, sentence: error.message, todo: "npm install -g @anthropic-ai/claude-code" };
  }
}

function hasShim({ settings }: Cli): boolean {
  return readConnections(settings).some(({ after }) => after.includes("curl -fsS"));
}

function checkSettings({ cli }: Checkup): Check {
  const name = "settings";
  const { server } = cli.settings;
  const known = readConnections(cli.settings).filter((connection) => connection.server === server);
  const wanted = Object.keys(hookSettings({ url: server, token: tokenToCome }).hooks);
  const complete = known.filter((connection) => missingEvents(connection, wanted).length === 0);
  if (complete.length > 0) return { name, isOk: true, sentence: `The hooks are in ${complete.map(({ file }) => file).join(", ")}.` };
  const todo = "pullcord connect claude-code";
  const [first] = known;
  if (!first) return { name, isOk: false, sentence: `Claude Code is not connected to ${server}.`, todo };
  return { name, isOk: false, sentence: `${first.file} lacks hooks: ${missingEvents(first, wanted).join(", ")}.`, todo };
}

function missingEvents({ file, server }: Connection, wanted: readonly string[]): string[] {
  const present = connectedEvents(parseSettings(readText(file), file), server);
  return wanted.filter((event) => !present.includes(event));
}

function checkChanges({ cli }: Checkup): Check {
  const changed = readConnections(cli.settings).filter(
    ({ file, after, server }) => server === cli.settings.server && readText(file) !== after,
  );
  const name = "unchanged";
  if (changed.length === 0) return { name, isOk: true, sentence: "Nobody changed the settings since." };
  const files = changed.map(({ file }) => file).join(", ");
  return {
    name,
    isOk: false,
    sentence: `Changed since pullcord connect: ${files}.`,
    todo: "Look at the file; pullcord connect claude-code takes your changes in.",
  };
}

/** Settings elsewhere that would switch the hooks off. */
function checkSwitches({ cli, folder }: Checkup): Check {
  const name = "switches";
  const managed = managedPlace().file;
  const isManaged = readConnections(cli.settings).some(({ kind }) => kind === "managed");
  for (const file of filesInForce(cli.surroundings, folder)) {
    const settings = parseSettings(readText(file), file);
    const isOff = settings["disableAllHooks"] === true && (file === managed || !isManaged);
    if (isOff) return { name, isOk: false, sentence: `${file} says "disableAllHooks": true.`, todo: `Remove that line from ${file}.` };
    if (file === managed && settings["allowManagedHooksOnly"] === true && !isManaged) {
      return { name, isOk: false, sentence: `${file} allows managed hooks only.`, todo: "sudo -E pullcord connect claude-code --managed" };
    }
  }
  return { name, isOk: true, sentence: "No settings switch hooks off." };
}
