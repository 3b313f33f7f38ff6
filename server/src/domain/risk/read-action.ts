import type { ActionType, Json, ProposedAction, RiskAssessment } from "@pullcord/sdk/protocol";
import type { Read, Reading, SqlPlace, Surroundings } from "../reading.js";
import { alternativesFor } from "./alternatives.js";
import { noteOtherAction } from "./other-actions.js";
import { programNamed } from "./programs/index.js";
import { runWords } from "./programs/run.js";
import { Findings } from "./findings.js";
import { withKeptRows } from "./kept-rows.js";
import { noteRequest } from "./network.js";
import { ShellReader } from "./shell/shell-reader.js";
import { ShellState } from "./shell/state.js";
import { literal } from "./shell/word.js";
import { noteSql, prepareReading } from "./sql.js";
import { longestText } from "./bounds.js";
import { previewOf, reversibilityHere } from "./preview/preview.js";
import { type Scene, touch } from "./touch.js";
import { noteContent } from "./file-content.js";

export { prepareReading };

type ReadType = (proposed: ProposedAction, findings: Findings, surroundings: Surroundings) => void;

/** Reads an action: what it would do, how risky that is, and whether it can be taken back. Never throws. */
export const readAction: Read = (proposed, surroundings) => {
  const findings = new Findings();
  try {
    const read = byType[proposed.type] ?? noteOtherAction;
    read(proposed, findings, surroundings);
  } catch {
    // A reader that fails has not read: closed.
    findings.limit("Reading the action failed.");
  }
  noteClaim(proposed, findings);
  const reading = withKeptRows(findings.toReading(), surroundings);
  return { ...reading, assessment: { ...reading.assessment, ...advice(proposed, reading, surroundings) } };
};

/** Safer ways, each weighed by this same reader and kept only when it is less risky; what a person should see, and whether undo is the way back. */
function advice(proposed: ProposedAction, reading: Reading, surroundings: Surroundings): Partial<RiskAssessment> {
  const { score } = reading.assessment;
  const ways = score < askScore ? [] : alternativesFor(reading.commands);
  const alternatives = ways.flatMap((way) => {
    const weighed = new Findings();
    new ShellReader(weighed, surroundings, { runWords, programNamed }).readText(way.text, new ShellState(surroundings.workspace));
    const risk = weighed.toReading().assessment.score;
    return risk < score ? [{ ...way, score: risk }] : [];
  });
  const preview = previewOf(proposed, reading, surroundings);
  return { alternatives, ...(preview.length > 0 ? { preview } : {}), reversibility: reversibilityHere(reading, surroundings) };
}

const byType: Partial<Record<ActionType, ReadType>> = {
  file_read: (proposed, findings, surroundings) => touchPath("read", proposed, { findings, surroundings }),
  file_write: (proposed, findings, surroundings) => {
    touchPath("write", proposed, { findings, surroundings });
    noteContent(proposed, findings);
  },
  file_delete: (proposed, findings, surroundings) => touchPath("delete", proposed, { findings, surroundings }),
  command_execute: readCommand,
  network_request: readRequest,
  database_read: readSql,
  database_modify: readSql,
};

function folderOf(proposed: ProposedAction, surroundings: Surroundings): string | null {
  const named = proposed.workingDirectory ?? surroundings.workspace;
  return named === null ? null : surroundings.resolve(named, "/").path;
}

function touchPath(kind: "read" | "write" | "delete", proposed: ProposedAction, { findings, surroundings }: Scene): void {
  const path = proposed.arguments["path"];
  if (typeof path !== "string" || path === "") return findings.confused("The action names no path.");
  const from = folderOf(proposed, surroundings);
  // Tools expand `~` themselves, so it is read as they would.
  const text = path === "~" || path.startsWith("~/") ? surroundings.home + path.slice(1) : path;
  // A whole folder goes with `file_delete`, whatever it holds.
  const recursive =
    kind === "delete" && (text.startsWith("/") || from !== null) && surroundings.resolve(text, from ?? "/").kind === "directory";
  touch(kind, { text, from, recursive }, { findings, surroundings });
}

function readCommand(proposed: ProposedAction, findings: Findings, surroundings: Surroundings): void {
  const state = new ShellState(folderOf(proposed, surroundings));
  const reader = new ShellReader(findings, surroundings, { runWords, programNamed });
  const { command, argv } = proposed.arguments;
  if (typeof command === "string") return reader.readText(command, state);
  if (!isTextList(argv) || argv.length === 0) return findings.confused("The action names no command.");
  if (argv.reduce((length, word) => length + word.length, 0) > longestText) return findings.limit("The command is too long to be read.");
  reader.runWords(
    argv.map((word) => literal(word)),
    state,
  );
}

function isTextList(value: Json | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((word) => typeof word === "string");
}

function readRequest(proposed: ProposedAction, findings: Findings, surroundings: Surroundings): void {
  const { url, method, body, headers } = proposed.arguments;
  if (typeof url !== "string") return findings.confused("The request names no address.");
  const texts =
    headers && typeof headers === "object" && !Array.isArray(headers)
      ? Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`)
      : [];
  noteRequest(
    {
      url,
      method: typeof method === "string" ? method : "GET",
      headers: texts,
      ...(body === undefined || body === null ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    },
    findings,
    surroundings,
  );
}

function readSql(proposed: ProposedAction, findings: Findings, surroundings: Surroundings): void {
  const { sql, database } = proposed.arguments;
  const name = typeof database === "string" ? database : null;
  const kind = surroundings.facts?.database?.(name, null) ?? null;
  const production =
    kind === "production" ||
    proposed.environment === "production" ||
    (kind === null && /(?:^|[_.-])prod(?:uction)?(?:$|[_.-])/i.test(name ?? ""));
  const shell = (text: string): void => {
    const program = new Findings();
    program.holdsPeople = findings.holdsPeople;
    new ShellReader(program, surroundings, { runWords, programNamed }).readText(text, new ShellState(surroundings.workspace));
    if (program.isForbidden()) findings.absorb(program, true);
  };
  const before = findings.statements.length;
  const place = name === null ? null : placeNamed(name, proposed, surroundings);
  const dialect = place && surroundings.databaseAt?.(place)?.dialect;
  const read = { name, production, kind, shell, ...(dialect && dialect !== "postgres" ? { dialect } : {}) };
  noteSql(typeof sql === "string" ? sql : null, read, findings);
  // Whether a tool keeps references is not known: cascades that were tried and did not happen leave nothing out.
  if (place !== null) findings.sqlRuns.push({ place, keepsReferences: true, statements: findings.statements.slice(before) });
}

/** A file that is there, or the name that a person gave a database. */
function placeNamed(name: string, proposed: ProposedAction, surroundings: Surroundings): SqlPlace {
  const { path, kind } = surroundings.resolve(name, folderOf(proposed, surroundings) ?? "/");
  return kind === "file" && path !== null ? { kind: "file", path } : { kind: "named", name };
}

/** What the agent says can raise the risk and never lower it (requirements, "Settled"). */
function noteClaim(proposed: ProposedAction, findings: Findings): void {
  const { claim } = proposed;
  if (!claim) return;
  if (typeof claim.risk === "number" && claim.risk > 0) findings.note("claimed", claim.description, Math.min(100, claim.risk));
  if (typeof claim.confidence === "number" && claim.confidence < unsureBelow)
    findings.note("claimed", "The agent is not sure of itself.", askScore);
}

/** Below this confidence an action is escalated (P18, P23). */
const unsureBelow = 0.3;
/** The least score that asks under the default thresholds. */
const askScore = 50;
