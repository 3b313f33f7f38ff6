// The architecture as a table: which room may import which. Every other arrow fails the build.
//
// A room is a folder below sdk/src or server/src, a single file there (index, app, version), or the whole console.
// A room may always import itself. Of a room of plug-ins, each sub-folder is a plug-in: it may import the room's own
// files, never a sibling. Tests beside the code may import what they like.
//
// Another room or a new arrow needs a dated note in docs/decisions.

export interface Room {
  readonly name: string;
  readonly mayImport: readonly string[];
  readonly holdsPlugins?: true;
  /** Modules of Node are out of reach here, but for the files named in `onlyInNode`. */
  readonly runsInBrowser?: true;
  readonly onlyInNode?: readonly string[];
  /** Single files of the room with an arrow of their own. */
  readonly exceptions?: Readonly<Record<string, readonly string[]>>;
}

const wholeSdk = ["sdk/index", "sdk/adapters", "sdk/gate", "sdk/undo", "sdk/audit", "sdk/client", "sdk/protocol"];
const serverRooms = [
  "http",
  "clock",
  "commands",
  "store",
  "domain",
  "surroundings",
  "policyfile",
  "datafolder",
  "processes",
  "snapshots",
  "notify",
  "presence",
  "sign-in",
  "webhooks",
  "review",
];
const everythingOfServer = serverRooms.map((room) => `server/${room}`);

export const rooms: readonly Room[] = [
  // sdk: adapters → gate → client → protocol, gate → undo → audit → protocol
  { name: "sdk/protocol", mayImport: [], runsInBrowser: true, onlyInNode: ["sdk/src/protocol/digest.ts"] },
  { name: "sdk/client", mayImport: ["sdk/protocol"], runsInBrowser: true },
  { name: "sdk/audit", mayImport: ["sdk/protocol"] },
  { name: "sdk/undo", mayImport: ["sdk/audit", "sdk/protocol"], holdsPlugins: true },
  { name: "sdk/gate", mayImport: ["sdk/client", "sdk/undo", "sdk/audit", "sdk/protocol"] },
  { name: "sdk/adapters", mayImport: ["sdk/gate", "sdk/client", "sdk/protocol"], holdsPlugins: true },
  { name: "sdk/index", mayImport: wholeSdk },

  // server: http, clock → commands → store → domain → sdk/protocol
  {
    name: "server/domain",
    mayImport: ["sdk/protocol"],
    // For tests only: the setting that labelled actions are judged in.
    exceptions: { "server/src/domain/risk/corpus/setting.ts": ["server/surroundings"] },
  },
  // The store hashes entries into the log with the very code that an outsider checks them with.
  { name: "server/store", mayImport: ["server/domain", "sdk/audit", "sdk/protocol"] },
  { name: "server/commands", mayImport: ["server/store", "server/domain", "sdk/protocol"] },
  { name: "server/http", mayImport: ["server/webhooks", "server/commands", "server/store", "server/domain", "sdk/protocol"] },
  { name: "server/clock", mayImport: ["server/commands", "server/store", "server/domain", "sdk/protocol"] },

  // server: rooms around the rules
  { name: "server/surroundings", mayImport: ["server/domain", "sdk/protocol"] },
  // Asks a model for a second look; the only room that speaks to anybody outside.
  { name: "server/review", mayImport: ["server/domain", "sdk/protocol"] },
  { name: "server/policyfile", mayImport: ["server/domain", "server/nearest", "sdk/protocol"] },
  { name: "server/version", mayImport: [] },
  { name: "server/nearest", mayImport: [] },
  { name: "server/datafolder", mayImport: ["sdk/protocol"] },
  { name: "server/processes", mayImport: ["server/domain", "sdk/protocol"] },
  // What actions change on this machine is kept with the very code that a gate would keep it with.
  { name: "server/snapshots", mayImport: ["server/domain", "sdk/undo", "sdk/protocol"] },
  { name: "server/sign-in", mayImport: ["server/domain", "sdk/protocol"] },
  { name: "server/webhooks", mayImport: ["server/domain", "sdk/protocol"], holdsPlugins: true },
  { name: "server/notify", mayImport: ["server/domain", "sdk/protocol"], holdsPlugins: true },
  { name: "server/presence", mayImport: ["server/domain", "sdk/protocol"], holdsPlugins: true },

  // The command line reaches the server as everybody else does: through the SDK. Only `start` starts it.
  // What it does on this machine by itself: end processes (`run`), know its ancestors (`confirm`), read a policy file.
  {
    name: "server/cli",
    mayImport: [...wholeSdk, "server/processes", "server/version", "server/nearest"],
    exceptions: {
      "server/src/cli/start.ts": ["server/app"],
      "server/src/cli/policy/check.ts": ["server/policyfile"],
      "server/src/cli/policy/diff.ts": ["server/domain"],
      "server/src/cli/policy/explain.ts": ["server/domain", "server/policyfile"],
      "server/src/cli/policy/files.ts": ["server/domain", "server/policyfile", "server/surroundings"],
      // `judge` decides as the server would, without one.
      "server/src/cli/judge/judge-lines.ts": ["server/domain", "server/policyfile", "server/surroundings"],
      "server/src/cli/judge/judge-line.ts": ["server/domain"],
      "server/src/cli/judge/judge-command.ts": ["server/domain", "server/snapshots"],
      "server/src/cli/judge/read-here.ts": ["server/domain", "server/surroundings"],
    },
  },

  // Wiring: app.ts, and the folder beside it, alone know everybody.
  { name: "server/app", mayImport: [...everythingOfServer, "server/version", ...wholeSdk] },

  { name: "console", mayImport: ["sdk/client", "sdk/protocol"], runsInBrowser: true },
];

/** Names that say nothing about what is inside. */
export const emptyNames = ["utils", "util", "helpers", "helper", "common", "types", "misc"];

export const longestFile = 300;
