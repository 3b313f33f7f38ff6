import { auditTypes, PullcordError, type AuditEntry, type AuditQuery } from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import { exitStatus } from "../exit-status.js";
import { escapeLine } from "../screen/escape.js";
import { clockTime, parseDuration } from "../screen/time.js";
import type { Call, Verb } from "../verb.js";

/** The record: who, what, when; and whether anything in it was changed. */
export const audit: Verb = {
  usage: "audit",
  summary: "the record, newest first; --verify re-computes every hash",
  options: [
    { flags: "--verify", summary: "re-compute every hash; status 1 when something does not fit" },
    { flags: "--type <type>", summary: "only this type, for example approval.resolved", choices: auditTypes },
    { flags: "--actor <id>", summary: "only this person's or agent's" },
    { flags: "--run <run>", summary: "only this run's" },
    { flags: "--action <action>", summary: "only this action's" },
    { flags: "--since <duration>", summary: "only the newest: 2h, 7d" },
    { flags: "-n, --lines <number>", summary: "how many (default: 50, at most 200)" },
  ],
  examples: ["audit", "audit --verify", "audit --type approval.resolved --since 7d", "audit --run r7k2 --json"],
  run: async (cli, call) => {
    if (call.has("verify")) return verify(cli);
    const page = await cli.person().listAudit(queryOf(call));
    if (cli.isJson) return cli.screen.json(page);
    if (page.items.length === 0) return cli.screen.line("Nothing on record for that.");
    cli.screen.table(["NUMBER", "WHEN", "WHO", "WHAT"], page.items.map(row), 3);
    if (page.next !== null) cli.screen.line(cli.screen.paint.faint("There is more: narrow it down, or --lines 200."));
  },
};

const defaultLines = 50;

function queryOf(call: Call): AuditQuery {
  const since = call.text("since");
  const sinceMs = since === undefined ? undefined : parseDuration(since);
  if (sinceMs === null) throw new PullcordError("invalid", "since", `${since ?? ""} is no duration. Give one like 2h or 7d.`);
  return {
    type: auditTypes.find((type) => type === call.text("type")),
    actor: call.text("actor"),
    run: call.text("run"),
    action: call.text("action"),
    from: sinceMs === undefined ? undefined : Date.now() - sinceMs,
    limit: Number(call.text("lines") ?? defaultLines),
  };
}

function row({ seq, at, actor, type, runId, actionId, body }: AuditEntry): string[] {
  const about = [runId, actionId].filter((id) => id !== undefined).join(" ");
  const detail = Object.entries(body)
    .flatMap(([name, value]) => (typeof value === "string" || typeof value === "number" ? [`${name}=${value}`] : []))
    .join(" ");
  return [String(seq), clockTime(at), escapeLine(`${actor.kind} ${actor.id}`), escapeLine(`${type} ${about} ${detail}`.trim())];
}

async function verify({ person, screen, isJson, signal }: Cli): Promise<number> {
  const result = await person().verifyAudit({ signal });
  const status = result.ok ? exitStatus.ok : exitStatus.no;
  if (isJson) {
    screen.json(result);
    return status;
  }
  if (result.ok) screen.line(`The record is whole: ${result.entries} entries, every hash fits. Head ${result.head}`);
  else
    screen.line(
      screen.paint.red(`The record was changed: entry ${result.problem?.seq ?? "?"}, ${result.problem?.sentence ?? "a hash does not fit"}`),
    );
  screen.line(screen.paint.faint("Keep the head elsewhere: then even a cut tail or a rewritten record shows."));
  return status;
}
