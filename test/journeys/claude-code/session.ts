import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll } from "vitest";
import type { PersonClient } from "@pullcord/sdk/client";
import type { ApprovalRequest, Run, TrustTier } from "@pullcord/sdk/protocol";
import { startTestServer, type TestServer } from "../server-for-tests.js";
import { connectPlace, makePlace, startModel, until, type Model, type Place, type Turn } from "./client.js";

/** A server that Claude Code is connected to, and one place with one scripted model for each test. */
export interface Sessions {
  readonly server: TestServer;
  readonly token: string;
  /** The server's owner. */
  readonly person: PersonClient;
  /** The present test's; throws before `begin`. */
  readonly place: Place;
  readonly model: Model;
  /** Makes a place, connects it (to another server, if told so), and starts the model. */
  readonly begin: (
    scripts: Readonly<Record<string, readonly Turn[]>>,
    how?: { readonly url?: string; readonly in?: Place },
  ) => Promise<Model>;
  /** Waits for the question about a shell command. */
  readonly pending: (command: string) => Promise<ApprovalRequest>;
  readonly runOf: (sessionId: string) => Promise<Run>;
  /** The run that works in this place. */
  readonly running: () => Promise<Run>;
  /** Whether a file was made in the workspace. */
  readonly made: (name: string) => boolean;
}

export interface SessionsOptions {
  readonly policy: string;
  readonly trustTier: TrustTier;
  readonly prepare?: (server: TestServer) => Promise<void>;
}

/** To be called within `describe`: sets up before its tests, cleans up after each and after all of them. */
export function sessionsUnder({ policy, trustTier, prepare }: SessionsOptions): Sessions {
  let server: TestServer | undefined;
  let token: string | undefined;
  let place: Place | undefined;
  let model: Model | undefined;
  beforeAll(async () => {
    server = await startTestServer({ policy });
    token = (await server.person.issueAgentToken("claude-code")).secret;
    await server.person.setTrust("claude-code", trustTier);
    await prepare?.(server);
  });
  afterAll(() => server?.close());
  afterEach(() => {
    model?.stop();
    place?.remove();
  });
  const sessions: Sessions = {
    get server() {
      return known(server);
    },
    get token() {
      return known(token);
    },
    get person() {
      return known(server).person;
    },
    get place() {
      return known(place);
    },
    get model() {
      return known(model);
    },
    begin: async (scripts, { url, in: made = makePlace() } = {}) => {
      place = made;
      connectPlace(place, { url: url ?? sessions.server.server.url, token: sessions.token });
      model = await startModel(place, scripts);
      return model;
    },
    pending: (command) =>
      until(async () => {
        const { items } = await sessions.person.listApprovalRequests({ status: "pending" });
        return items.find(({ action }) => action.proposed.arguments["command"] === command);
      }),
    runOf: (sessionId) => until(async () => (await sessions.person.listRuns()).items.find(({ externalId }) => externalId === sessionId)),
    running: () =>
      until(async () => {
        const { items } = await sessions.person.listRuns({ status: "running" });
        return items.find(({ workingDirectory }) => workingDirectory === sessions.place.workspace);
      }),
    made: (name) => existsSync(join(sessions.place.workspace, name)),
  };
  return sessions;
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("Call this from within a test, after begin().");
  return value;
}
