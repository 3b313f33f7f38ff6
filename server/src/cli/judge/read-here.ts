import { homedir } from "node:os";
import { join } from "node:path";
import type { RiskAssessment } from "@pullcord/sdk";
import type { Surroundings } from "../../domain/reading.js";
import { prepareReading, readAction } from "../../domain/risk/read-action.js";
import { localSurroundings } from "../../surroundings/local.js";
import type { Cli } from "../cli.js";

/** What a command would do here, read without a server. */
export async function readCommandHere(cli: Cli, command: readonly string[]): Promise<RiskAssessment> {
  await prepareReading();
  return readAction({ type: "command_execute", arguments: { argv: command } }, thisMachine(cli)).assessment;
}

/** This machine, as a server on this account would see it. */
export function thisMachine({ settings, surroundings }: Cli): Surroundings {
  const { workingDirectory } = surroundings;
  const hooks = [workingDirectory, homedir()].map((folder) => join(folder, ".claude", "settings.json"));
  return localSurroundings({
    workspace: workingDirectory,
    home: homedir(),
    gate: {
      paths: [settings.dataFolder, settings.configFolder, join(workingDirectory, ".pullcord"), ...hooks],
      hosts: [new URL(settings.server).host],
      pids: [],
    },
  });
}
