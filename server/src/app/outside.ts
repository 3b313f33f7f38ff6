import { randomBytes, randomInt } from "node:crypto";
import { homedir } from "node:os";
import { dirname } from "node:path";
import { defaultConfigFolder, defaultDataFolder, isKillFilePresent, killFileIn } from "@pullcord/sdk";
import type { Mode } from "@pullcord/sdk/protocol";
import type { Outside } from "../commands/context.js";
import { SignsOfLife } from "../commands/signs-of-life.js";
import { UnrecordedStops } from "../commands/unrecorded-stops.js";
import type { DataFolder } from "../datafolder/data-folder.js";
import { secretFiles } from "../domain/policy/secret-files.js";
import type { GateParts } from "../domain/reading.js";
import { readAction } from "../domain/risk/read-action.js";
import type { PolicyKeeper } from "../policyfile/keeper.js";
import { endingWords } from "../processes/ending-words.js";
import { isGone } from "../processes/identity.js";
import type { RunEnder } from "../processes/run-ender.js";
import type { ModelReviewer } from "../review/model-reviewer.js";
import { undoes, undoesWhole } from "../snapshots/commands.js";
import type { Connections } from "../snapshots/connections.js";
import { keptFrom } from "../snapshots/keep-rules.js";
import { newId } from "../store/ids.js";
import { hookSettingsFiles } from "../surroundings/hook-settings.js";
import { localSurroundings } from "../surroundings/local.js";
import { remembered } from "../surroundings/remembered.js";
import { unknownSurroundings } from "../surroundings/unknown.js";

const secretBytes = 32;

/** What the rooms around the rules come to, each made once. */
interface Wiring {
  readonly mode: Mode;
  readonly now: () => number;
  readonly folder: DataFolder;
  readonly policy: PolicyKeeper;
  readonly address: { readonly url: string };
  readonly ender: RunEnder;
  readonly reviewer: ModelReviewer;
  readonly connections: Connections;
}

/** What commands reach outside the store. */
export function outside({
  mode,
  now,
  folder,
  policy,
  address,
  ender,
  reviewer,
  connections,
}: Wiring): Omit<Outside, "snapshots" | "previewRows"> {
  const gate = (): GateParts => ({
    paths: [
      ...new Set([
        folder.path,
        dirname(policy.path),
        ...secretFiles(policy.policy()),
        defaultConfigFolder(process.env),
        defaultDataFolder(process.env),
        ...hookSettingsFiles(),
      ]),
    ],
    hosts: address.url === "" ? [] : [new URL(address.url).host],
    pids: [process.pid, process.ppid],
  });
  return {
    mode,
    policy: () => policy.policy(),
    shadow: () => policy.shadow(),
    read: readAction,
    // A remote agent's machine can't be looked at from here: what it says of paths is taken at its most cautious.
    surroundings: remembered((workspace) =>
      mode === "remote"
        ? unknownSurroundings({ workspace, gate: gate() })
        : {
            ...localSurroundings({ workspace, home: homedir(), gate: gate() }),
            isKept: keptFrom(workspace, homedir(), () => policy.policy().snapshots),
            undoes,
            undoesWhole,
            databaseAt: connections.at,
          },
    ),
    unrecorded: new UnrecordedStops(),
    signsOfLife: new SignsOfLife(now()),
    killFilePresent: () => isKillFilePresent(killFileIn(folder.path)),
    reviewer,
    newId,
    newSecret: () => randomBytes(secretBytes).toString("base64url"),
    random: randomInt,
    endProcesses: (task) => ender.end(task),
    endLeftProcesses: (task) => ender.endLeft(task),
    freezeProcesses: (task) => ender.freeze(task),
    thawProcesses: (task) => ender.thaw(task),
    lookAtProcesses: (runId, said) => ender.look(runId, said),
    isGone,
    endLost: async (runId, said) => {
      const ending = await ender.endLost(runId, said);
      return ending ? endingWords(ending) : "its processes can't be seen from here.";
    },
  };
}
