import type { RunAccount } from "@pullcord/sdk/protocol";
import { accountOf } from "../domain/run-account.js";
import { listActions } from "../store/actions.js";
import { listRequests, withAction } from "../store/approvals.js";
import { listInterventions } from "../store/interventions.js";
import type { StoredRun } from "../store/runs.js";
import type { Reader } from "../store/transaction.js";

/** Most actions of a run that an account goes through, the newest first. */
const mostActions = 10_000;
const mostRequests = 1_000;
const mostInterventions = 1_000;

/** What a run came to, from what is on record. */
export async function readAccount(reader: Reader, run: StoredRun): Promise<RunAccount> {
  const [actions, requests, interventions] = await Promise.all([
    listActions(reader, { runId: run.id, limit: mostActions }),
    listRequests(reader, { run: run.id, limit: mostRequests }),
    listInterventions(reader, { run: run.id, limit: mostInterventions }),
  ]);
  const asked = await Promise.all(requests.map((request) => withAction(reader, request)));
  return accountOf({ run, actions: actions.toReversed(), requests: asked.toReversed(), interventions: interventions.toReversed() });
}
