import { allProcesses } from "./all-processes.js";
import { endRun, type Ending } from "./end-run.js";
import { environmentOf } from "./proc.js";

/** The variable that every process of a supervised run carries. */
const runMarker = "PULLCORD_RUN_ID";
/** The data folder of the server that the run belongs to; other servers' runs are none of ours. */
const dataMarker = "PULLCORD_DATA";

export interface RunEnding extends Ending {
  readonly runId: string;
}

/** Ends every supervised run of a data folder on this machine, without any server. Linux alone shows other processes' environment. */
export function endMarkedRuns(dataFolder: string): Promise<RunEnding[]> {
  const runs = new Set<string>();
  for (const { pid } of allProcesses()) {
    const environment = environmentOf(pid);
    const runId = environment.get(runMarker);
    if (runId !== undefined && environment.get(dataMarker) === dataFolder) runs.add(runId);
  }
  return Promise.all([...runs].map(async (runId) => ({ runId, ...(await endRun({ marker: { name: runMarker, value: runId } })) })));
}
