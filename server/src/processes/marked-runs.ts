import { endRun, type Ending } from "./end-run.js";
import { Lookout } from "./lookout.js";

/** The variable that every process of a supervised run carries. */
const runMarker = "PULLCORD_RUN_ID";
/** The data folder of the server that the run belongs to; other servers' runs are none of ours. */
const dataMarker = "PULLCORD_DATA";

export interface RunEnding extends Ending {
  readonly runId: string;
}

/** Ends every supervised run of a data folder on this machine, without any server. Linux alone shows other processes' environment. */
export function endMarkedRuns(dataFolder: string): Promise<RunEnding[]> {
  const lookout = new Lookout();
  const runs = new Set<string>();
  for (const each of lookout.lookNow()) {
    const environment = lookout.variablesOf(each);
    const runId = environment.get(runMarker);
    if (runId !== undefined && environment.get(dataMarker) === dataFolder) runs.add(runId);
  }
  const end = (runId: string) => endRun({ marker: { name: runMarker, value: runId } }, { lookout });
  return Promise.all([...runs].map(async (runId) => ({ runId, ...(await end(runId)) })));
}
