import type { Verb } from "../verb.js";
import { agents } from "./agents.js";
import { approve } from "./approve.js";
import { audit } from "./audit.js";
import { autonomy } from "./autonomy.js";
import { breakGlass } from "./break-glass.js";
import { completionFor } from "./completion.js";
import { confirm } from "./confirm.js";
import { connect } from "./connect.js";
import { deny } from "./deny.js";
import { diff } from "./diff.js";
import { disconnect } from "./disconnect.js";
import { doctor } from "./doctor.js";
import { drill } from "./drill.js";
import { dryRun } from "./dry-run.js";
import { explain } from "./explain.js";
import { grant } from "./grant.js";
import { here } from "./here.js";
import { inbox } from "./inbox.js";
import { judge } from "./judge.js";
import { log } from "./log.js";
import { pause } from "./pause.js";
import { policy } from "./policy.js";
import { ps } from "./ps.js";
import { redo } from "./redo.js";
import { resume } from "./resume.js";
import { run } from "./run.js";
import { show } from "./show.js";
import { signIn } from "./sign-in.js";
import { start } from "./start.js";
import { status } from "./status.js";
import { stop } from "./stop.js";
import { tell } from "./tell.js";
import { token } from "./token.js";
import { trust } from "./trust.js";
import { undo } from "./undo.js";
import { watch } from "./watch.js";

const setUp = [start, signIn, connect, disconnect, doctor, drill];
const look = [status, watch, ps, inbox, show, explain, log, diff, audit];
const act = [stop, pause, resume, tell, approve, deny, breakGlass, undo, redo];
const put = [run, dryRun, confirm, here];
const settle = [autonomy, trust, agents, grant, token, policy, judge];

/** Every subcommand, in the order `--help` lists them. One more: a file here and its entry. */
export const verbs: readonly Verb[] = (() => {
  const own = [...setUp, ...look, ...act, ...put, ...settle];
  return [...own, completionFor(own)];
})();
