import { AgentClient } from "../client/index.js";
import { PullcordError } from "../protocol/index.js";
import { Gate } from "./gate.js";
import { defaultDataFolder, defaultUrl, killFileIn } from "./places.js";

/** How long an answer that needs no person may take before the server is asked whether it is there, in milliseconds. */
const answerMs = 2_000;
/** How much longer it may take when it is; after that it counts as none. Milliseconds. */
const busyMs = 10_000;

export interface ConnectOptions {
  /** Default: `PULLCORD_URL`, else the server on this machine. */
  readonly url?: string;
  /** An agent token, from `pullcord token issue NAME`. Default: `PULLCORD_TOKEN`. */
  readonly token?: string;
  /**
   * Looked at before each action; for a server with a data folder of its own, `STOP` in that folder. Default: that of
   * this user's own server. The folder in `PULLCORD_DATA`, which `pullcord run` sets, adds one. Null for none at all.
   */
  readonly killFile?: string | null;
  /** Another way to send requests: in process, or through a proxy. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

/**
 * The gate between a program and the world.
 * @example
 * const gate = await connect();
 * await gate.run("tidy the table", async (run) => {
 *   await run.act({ type: "database_modify", arguments: { sql: "delete from old" } }, async () => database.query("delete from old"));
 * });
 * @throws PullcordError `invalid`/`no_token` when there is no token
 */
export function connect(options: ConnectOptions = {}): Promise<Gate> {
  const { env } = process;
  const url = options.url ?? env["PULLCORD_URL"] ?? defaultUrl;
  const token = options.token ?? env["PULLCORD_TOKEN"];
  if (!token) {
    const text =
      'There is no agent token. Tell your human: "pullcord token issue NAME" makes one; it goes into PULLCORD_TOKEN. Under "pullcord run" it is there already.';
    return Promise.reject(new PullcordError("invalid", "no_token", text));
  }
  const client = new AgentClient({ url, token, requestMs: answerMs, busyMs, ...(options.fetch ? { fetch: options.fetch } : {}) });
  return Promise.resolve(new Gate({ client, url, killFiles: killFilesOf(options.killFile, env) }));
}

/** The environment can add a kill file; it can take none away. */
function killFilesOf(given: ConnectOptions["killFile"], environment: Readonly<Record<string, string | undefined>>): string[] {
  if (given === null) return [];
  const ofServer = given ?? killFileIn(defaultDataFolder(environment));
  const dataFolder = environment["PULLCORD_DATA"];
  return dataFolder ? [ofServer, killFileIn(dataFolder)] : [ofServer];
}
