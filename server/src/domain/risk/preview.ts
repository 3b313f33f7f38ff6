import type { Reading, Surroundings } from "../reading.js";
import { behindRunner } from "./alternatives.js";
import { affectedShown } from "./limits.js";
import { placeOf } from "./path.js";

/** Most folders looked into for one preview. */
const foldersShown = 5;

/** What a person should see before saying yes: files (E34), services (E35), SQL (E36), what is lost and what undo would do (E37). */
export function previewOf(reading: Reading, surroundings: Surroundings): readonly string[] {
  return [
    ...files("Deletes", reading.deletes, surroundings),
    ...files("Writes", reading.writes, surroundings),
    ...services(reading),
    ...statements(reading),
    ...wayBack(reading, surroundings),
  ];
}

function files(verb: string, paths: readonly (string | null)[], surroundings: Surroundings): string[] {
  const known = paths.filter((path) => path !== null);
  const lines: string[] = [];
  for (const folder of known.slice(0, foldersShown)) {
    const below = verb === "Deletes" ? (surroundings.facts?.below?.(folder) ?? null) : null;
    if (below && below.paths.length > 0) lines.push(`${verb} in ${folder}: ${counted(below.paths, below.complete)}.`);
  }
  if (known.length > 0 && lines.length === 0) lines.push(`${verb} ${counted(known, true)}.`);
  if (known.length < paths.length) lines.push(`${verb} something that is only known when it runs.`);
  return lines;
}

/** The first five, and how many there are. */
function counted(names: readonly string[], complete: boolean): string {
  const first = names.slice(0, affectedShown).join(", ");
  if (names.length <= affectedShown && complete) return first;
  return `${first} and ${complete ? "" : "more than "}${names.length - affectedShown} others`;
}

const serviceCalls: readonly (readonly [program: RegExp, sentence: (words: readonly string[]) => string | null])[] = [
  [
    /^(?:systemctl|service)$/,
    (words) =>
      words.some((word) => /^(?:status|show|is-|list-|cat)/.test(word))
        ? null
        : `Services: ${words.filter((word) => !word.startsWith("-")).join(" ")}.`,
  ],
  [
    /^(?:kubectl|helm)$/,
    (words) =>
      /^(?:apply|delete|scale|rollout|patch|upgrade|install|uninstall|rollback|drain)$/.test(
        words.find((word) => !word.startsWith("-")) ?? "",
      )
        ? `Cluster: ${words.join(" ")}.`
        : null,
  ],
  [/^(?:prisma|alembic|knex|flyway|sequelize|typeorm)$/, (words) => `Migration: ${words.join(" ")}.`],
];

function services({ commands }: Reading): string[] {
  return commands.map(behindRunner).flatMap(({ program, words }) => {
    const call = serviceCalls.find(([name]) => program !== null && name.test(program));
    const line = call?.[1](words.map((word) => word ?? "…")) ?? null;
    return line === null ? [] : [line];
  });
}

function statements({ statements: found }: Reading): string[] {
  return found.flatMap(({ kind, tables, bounded }) => {
    if (/^(?:SelectStmt|select|show)/.test(kind) && bounded) return [];
    const name = kind.replace(/Stmt$/, "");
    const on = tables.length > 0 ? ` on ${tables.slice(0, affectedShown).join(", ")}` : "";
    return [`SQL: ${name}${on}, ${bounded ? "bounded" : "not bounded: every row may be affected"}.`];
  });
}

function wayBack({ assessment, deletes, writes }: Reading, surroundings: Surroundings): string[] {
  if (assessment.reversibility === "read_only") return [];
  if (assessment.reversibility === "externally_reversible") return ["Undo: another action has to make it good; Pullcord cannot."];
  if (assessment.reversibility === "irreversible") return ["Undo: nothing brings back what is lost here."];
  const paths = [...deletes, ...writes].filter((path) => path !== null);
  if (paths.length > 0 && paths.every((path) => placeOf(path, surroundings).recreatable))
    return ["Undo: a build or an install makes it again."];
  return ["Undo: git, or the snapshot that the gate takes before files change, brings it back."];
}
