import type { Intervention, StopReceipt } from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import { removeKillFile } from "../kill-file.js";
import { refuseAgent } from "../person-only.js";
import { escapeLine } from "../screen/escape.js";
import { scopeOf, scopeOptions } from "../scope.js";
import type { Verb } from "../verb.js";
import { sayIntervened } from "./intervene.js";

/** Lets go on what was paused, or takes the kill file away. What was stopped stays stopped. */
export const resume: Verb = {
  usage: "resume [run]",
  summary: "let a paused or stopped run go on; with --offline, remove the kill file",
  options: [
    ...scopeOptions,
    { flags: "--offline", summary: "remove the kill file, without asking any server" },
    { flags: "--reason <text>", summary: "why, for the record" },
    { flags: "--dry-run", summary: "only show what would be done" },
  ],
  examples: ["resume", "resume r7k2", "resume --all", "resume --offline"],
  run: async (cli, call) => {
    refuseAgent(cli, "let agents go on");
    if (call.has("offline")) return resumeOffline(cli, call.has("dryRun"));
    const person = cli.person();
    const scope = await scopeOf(call, person);
    if (call.has("dryRun"))
      return cli.isJson
        ? cli.screen.json({ wouldResume: scope })
        : cli.screen.line(`Would resume ${scope.kind === "everything" ? "everything" : scope.id}`);
    const reason = call.text("reason");
    const before = scope.kind === "run" ? await person.getRun(scope.id) : null;
    const made = await person.intervene({ kind: "resume", scope, ...(reason === undefined ? {} : { reason }) });
    if (before?.state.status !== "stopped") return sayIntervened(cli, made, "Resumed");
    sayGoesOn(cli, made, await person.stopReceipt(before.state.interventionId));
  },
};

/** What was stopped stays stopped; the agent's next run takes over from there. */
function sayGoesOn({ screen, isJson }: Cli, made: Intervention, { runs }: StopReceipt): void {
  const [runId] = made.runIds;
  const howTo = runs.find((run) => run.runId === runId)?.resume.replace(/^.*?, then:? /, "");
  if (isJson) return screen.json({ ...made, howTo });
  screen.sentence(`Run ${runId} stays stopped, and may be gone on with. Now ${escapeLine(howTo ?? "start the agent again")}`);
  screen.line(screen.paint.faint("It is told what was done, what was cut short and what never began."));
}

function resumeOffline({ settings, screen, isJson }: Cli, isDryRun: boolean): void {
  if (isDryRun)
    return isJson ? screen.json({ wouldRemove: settings.killFile }) : screen.line(`Would remove the kill file ${settings.killFile}`);
  const wasThere = removeKillFile(settings.killFile);
  if (isJson) return screen.json({ offline: true, killFile: settings.killFile, removed: wasThere });
  if (!wasThere) return screen.line(`There is no kill file at ${settings.killFile}.`);
  screen.line(`Removed the kill file ${settings.killFile}. New runs may start; what was stopped stays stopped.`);
}
