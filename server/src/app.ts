import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultConfigFolder, defaultDataFolder, defaultPort, killFileIn } from "@pullcord/sdk";
import { createHookHandler as claudeCodeHooks } from "@pullcord/sdk/adapters/claude-code";
import { AgentClient } from "@pullcord/sdk/client";
import type { Mode, PolicyProblem } from "@pullcord/sdk/protocol";
import { outside } from "./app/outside.js";
import { startClock } from "./clock/clock.js";
import { isStopReported, reportOn } from "./commands/report-effect.js";
import { reportProcess } from "./commands/run-reports.js";
import { CommandRunner, systemCaller } from "./commands/runner.js";
import { unrecordedSentence } from "./commands/unrecorded-stops.js";
import { redoInterventions } from "./commands/redo-interventions.js";
import { recordPolicyAtStart, recordPolicyChange, recordPolicyRefusal } from "./commands/policy-acts.js";
import { rowsDesk } from "./commands/rows-preview.js";
import { recordServerStart, recordServerStop } from "./commands/server-records.js";
import { finishUndos } from "./commands/undo.js";
import { ensureOwner, makeSignInCode, openSession } from "./commands/sign-in.js";
import { takeDataFolder, type DataFolder } from "./datafolder/data-folder.js";
import { prepareReading } from "./domain/risk/sql.js";
import { createApi, type HookHandler } from "./http/api.js";
import { Guard } from "./http/guard.js";
import { listen } from "./http/listen.js";
import { signInUrl } from "./http/routes/people.js";
import { PolicyKeeper, type KeeperOptions } from "./policyfile/keeper.js";
import type { LoadedPolicy } from "./policyfile/load-policy.js";
import { identify } from "./processes/identity.js";
import { RunEnder } from "./processes/run-ender.js";
import { ModelReviewer } from "./review/model-reviewer.js";
import { refusalOf } from "./snapshots/commands.js";
import { Connections } from "./snapshots/connections.js";
import { RowsPreviewer } from "./snapshots/rows-previewer.js";
import { KeptSnapshots } from "./snapshots/kept-snapshots.js";
import { findShadow } from "./store/shadow.js";
import { openPostgres } from "./store/postgres.js";
import { openSqlite } from "./store/sqlite.js";
import { Store } from "./store/store.js";
import { unknownSurroundings } from "./surroundings/unknown.js";
import { version } from "./version.js";

export interface ServerOptions {
  /** Default 7420; 0 takes a free one. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Database, kill file. Default `~/.local/share/pullcord`. */
  readonly dataFolder?: string;
  /** Default `policy.yaml` in the configuration folder; written with comments when it is not there. */
  readonly policyFile?: string;
  /** A PostgreSQL address in place of the embedded database. */
  readonly databaseUrl?: string;
  readonly mode?: Mode;
  /** More names that the server answers for, `host:port`. */
  readonly allowedHosts?: readonly string[];
  /** Folder of the built console. */
  readonly consoleFolder?: string;
  /** Milliseconds since 1970; tests set their own. */
  readonly now?: () => number;
  /** Where failures are written; default standard error. */
  readonly onFailure?: (error: unknown) => void;
  /** Where the key of a model's review is looked up, and what an undo runs programs with; default the process's own environment. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface RunningServer {
  readonly url: string;
  readonly killFile: string;
  readonly policyFile: string;
  /** Why the policy file is not in force, so that everything is asked about; null where it is, or where there is none. */
  readonly policyProblem: PolicyProblem | null;
  /** A fresh one-time link that signs the owner in. */
  signInLink(): Promise<string>;
  /** A CLI session for the owner of this machine account (same-user mode). */
  ownerToken(): Promise<string>;
  close(): Promise<void>;
}

/**
 * Starts Pullcord: database, gate, clock, HTTP.
 * @throws PullcordError for a folder or port that is taken or can't be used, or a database from a newer version
 */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const folder = takeDataFolder(options.dataFolder ?? defaultDataFolder(process.env));
  const closing = new AbortController();
  const undo: (() => Promise<void> | void)[] = [() => folder.release()];
  const close = async () => {
    closing.abort();
    await undoAll(undo);
  };
  try {
    return await start(options, { folder, closing, undo, close });
  } catch (error) {
    await close();
    throw error;
  }
}

/** Every step is taken, also when one before it fails; the first failure is told afterwards. */
async function undoAll(undo: (() => Promise<void> | void)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of undo.splice(0).reverse()) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

interface Starting {
  readonly folder: ReturnType<typeof takeDataFolder>;
  readonly closing: AbortController;
  /** What has to be undone at the end, in reverse order. */
  readonly undo: (() => Promise<void> | void)[];
  readonly close: () => Promise<void>;
}

/** Everything but the way in, the last server's work, and what happens by itself. */
interface Wired {
  readonly now: () => number;
  readonly onFailure: (error: unknown) => void;
  /** Known once somebody listens there. */
  readonly address: { url: string };
  readonly policy: PolicyKeeper;
  readonly snapshots: KeptSnapshots;
  readonly runner: CommandRunner;
}

async function start(options: ServerOptions, starting: Starting): Promise<RunningServer> {
  const wired = await wire(options, starting);
  await goOn(wired, starting);
  await serve(options, wired, starting);
  const { address, policy, runner } = wired;
  return {
    url: address.url,
    killFile: killFileIn(starting.folder.path),
    policyFile: policy.path,
    policyProblem: policy.inForce().problem,
    signInLink: async () => {
      const { code } = await runner.run(makeSignInCode, { personId: "owner" }, systemCaller);
      return signInUrl(address.url, code);
    },
    ownerToken: async () => {
      const person = await runner.run(ensureOwner, undefined, systemCaller);
      return (await runner.run(openSession, { person, kind: "cli" }, systemCaller)).token;
    },
    close: starting.close,
  };
}

async function wire(options: ServerOptions, { folder, closing, undo }: Starting): Promise<Wired> {
  const now = options.now ?? Date.now;
  const onFailure = options.onFailure ?? ((error: unknown) => console.error(error));
  const [store] = await Promise.all([openStore(options, folder), prepareReading()]);
  undo.push(() => store.close());
  const address = { url: "" };
  const policy = await openKeeper(options, { signal: closing.signal, now, onFailure });
  const mode = options.mode ?? "same-user";
  const ender = new RunEnder({ mode, onFailure });
  undo.push(() => ender.settled());
  const environment = options.environment ?? process.env;
  const reviewer = new ModelReviewer({ environment, now, closing: closing.signal });
  const connections = new Connections({ policy: () => policy.policy(), environment });
  const around = outside({ mode, now, folder, policy, address, ender, reviewer, connections });
  const refusal = refusalOf(around.policy, () => around.surroundings(null));
  const kept = { ...around, refusal, connections, environment, dataFolder: folder.path, now, onFailure };
  const snapshots = new KeptSnapshots(kept);
  undo.push(() => snapshots.close());
  undo.push(store.subscribe((entries) => snapshots.hear(entries)));
  const rowsPreviewer = new RowsPreviewer({ snapshots, ...rowsDesk(() => runner), now, onFailure });
  undo.push(() => rowsPreviewer.close());
  const runner = new CommandRunner({ store, now, outside: { ...around, snapshots, previewRows: (task) => rowsPreviewer.add(task) } });
  runner.outside.unrecorded.subscribe(({ id, runIds }) => onFailure(new Error(unrecordedSentence(id, runIds.length))));
  ender.report = (effect) => reportOn(runner, effect, systemCaller);
  ender.isReported = (task) => isStopReported(runner, task);
  return { now, onFailure, address, policy, snapshots, runner };
}

/** What the last server left goes on: undos, stops; the policy is put on record. */
async function goOn({ policy, snapshots, runner, onFailure }: Wired, { closing }: Starting): Promise<void> {
  await recordPolicy(policy, runner, onFailure);
  await runner.run(ensureOwner, undefined, systemCaller);
  // What waits for a program goes on once the program can reach us.
  closing.signal.addEventListener("abort", () => snapshots.stopAsking());
  const finishing = finishUndos(runner).catch((error: unknown) => closing.signal.aborted || onFailure(error));
  await Promise.race([finishing, snapshots.programAsked]);
  await redoInterventions(runner);
}

/** The way in, and the clock. */
async function serve(
  options: ServerOptions,
  { now, onFailure, address, policy, runner }: Wired,
  { folder, closing, undo }: Starting,
): Promise<void> {
  const hosts = new Set(options.allowedHosts ?? []);
  const api = createApi({
    runner,
    guard: new Guard(hosts),
    about: { version, startedAt: now(), killFilePath: killFileIn(folder.path), policy: () => policy.inForce() },
    policies: policy,
    address: () => address.url,
    consoleFolder: options.consoleFolder ?? fileURLToPath(new URL("../public", import.meta.url)),
    hooks: mountHooks((request) => Promise.resolve(api.fetch(request)), { address, closing: closing.signal, run: runner }),
    closing: closing.signal,
    onFailure,
  });
  const listening = await listen(api.fetch, { port: options.port ?? defaultPort, host: options.host ?? "127.0.0.1" });
  address.url = listening.url;
  for (const name of listening.names) hosts.add(name);
  folder.announce(address.url);
  undo.push(() => runner.run(recordServerStop, {}, systemCaller), listening.close);
  startClock({ runner, signal: closing.signal, onFailure });
  await runner.run(recordServerStart, { version, mode: runner.outside.mode, policyVersion: policy.inForce().version }, systemCaller);
}

async function openStore({ databaseUrl }: ServerOptions, folder: DataFolder): Promise<Store> {
  return new Store(databaseUrl === undefined ? await openSqlite(folder.databaseFile) : await openPostgres(databaseUrl));
}

function openKeeper(options: ServerOptions, around: Pick<KeeperOptions, "signal" | "now" | "onFailure">): Promise<PolicyKeeper> {
  const path = options.policyFile ?? join(options.dataFolder ?? defaultConfigFolder(process.env), "policy.yaml");
  // A place as a policy's cases describe it: nothing is looked at.
  const placeOf: KeeperOptions["placeOf"] = (place) => unknownSurroundings({ ...place, gate: { paths: [], hosts: [], pids: [] } });
  return PolicyKeeper.open({ path, placeOf, ...around });
}

/** From now on every change of the policy is put on record, and the shadow of before the restart runs again. */
async function recordPolicy(policy: PolicyKeeper, runner: CommandRunner, onFailure: (error: unknown) => void): Promise<void> {
  const into = ({ policy: { version }, text }: Pick<LoadedPolicy, "policy" | "text">) => ({ version, file: policy.path, text });
  policy.record = {
    changed: (loaded) => runner.run(recordPolicyChange, into(loaded), systemCaller),
    refused: (problem) => runner.run(recordPolicyRefusal, problem, systemCaller),
  };
  await runner.run(recordPolicyAtStart, into({ policy: policy.policy(), text: policy.inForce().text }), systemCaller);
  const shadow = await findShadow(runner.store.read);
  if (shadow) await policy.setShadow(shadow.text).catch(onFailure);
}

/** The adapters that agents reach through hooks of their own; they speak to this server as any agent's gate does. */
function mountHooks(
  fetch: (request: Request) => Promise<Response>,
  { address, closing, run }: { readonly address: { readonly url: string }; readonly closing: AbortSignal; readonly run: CommandRunner },
): Record<string, HookHandler> {
  const client = (token: string) => new AgentClient({ url: address.url, token, fetch });
  const onClientProcess = async (runId: string, pid: number) => {
    const client = identify(pid);
    // Nobody else watches over these runs: when the client dies without a word, they are lost.
    const process = { pid, ...(client && { startedAt: client.startedAt, supervisor: client }) };
    await run.run(reportProcess, { runId, process }, systemCaller);
  };
  return { "claude-code": claudeCodeHooks({ client, closing, onClientProcess, readsTranscripts: run.outside.mode !== "remote" }) };
}
