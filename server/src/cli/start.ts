import { PersonClient, PullcordError, modes, type Mode } from "@pullcord/sdk";
import { startServer, type RunningServer, type ServerOptions } from "../app.js";
import type { Cli } from "./cli.js";
import { startDemo } from "./demo/start-demo.js";
import { saveCredentials } from "./settings.js";
import type { Call } from "./verb.js";

const highestPort = 65_535;

/** A started server, and the one-time link that signs its owner in to the console. */
export interface Started {
  readonly server: RunningServer;
  readonly signInLink: string;
}

/** Starts the server in this process and keeps a CLI session for its owner, where both are the same user. */
export async function startFromCommandLine(cli: Cli, call: Call): Promise<Started> {
  const options = optionsOf(cli, call);
  const server = await startServer(options);
  if (options.mode === undefined || options.mode === "same-user") await keepSession(cli, server);
  if (call.has("demo")) startDemo(server, cli.signal).catch((error: unknown) => cli.screen.note(`The demo ended: ${String(error)}`));
  return { server, signInLink: await server.signInLink() };
}

function optionsOf(cli: Cli, call: Call): ServerOptions {
  const port = portOf(call.text("port"));
  const host = call.text("host");
  const policyFile = call.text("policy");
  const databaseUrl = call.text("database");
  const mode = modeOf(call.text("mode"));
  const allowedHosts = call.text("allowHost")?.split(",");
  return {
    ...(call.text("data") === undefined ? {} : { dataFolder: cli.settings.dataFolder }),
    ...(port === undefined ? {} : { port }),
    ...(host === undefined ? {} : { host }),
    ...(policyFile === undefined ? {} : { policyFile }),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    ...(mode === undefined ? {} : { mode }),
    ...(allowedHosts === undefined ? {} : { allowedHosts }),
  };
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= highestPort) return port;
  throw new PullcordError("invalid", "port", `${text} is no port. Give a number from 0 to ${highestPort}; 0 takes a free one.`);
}

function modeOf(text: string | undefined): Mode | undefined {
  return modes.find((mode) => mode === text);
}

/** A session that still holds is used again, so that starting often leaves no pile of them. */
async function keepSession({ settings }: Cli, server: RunningServer): Promise<void> {
  if (settings.token !== null && settings.server === server.url) {
    const client = new PersonClient({ url: server.url, token: settings.token });
    const holds = await client.session().then(
      () => true,
      () => false,
    );
    if (holds) return;
  }
  saveCredentials(settings.credentialsFile, { server: server.url, token: await server.ownerToken() });
}
