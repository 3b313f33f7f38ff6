import { exactOnly, type Dimension } from "../keys.js";
import { statementVerb, type Subject } from "../subject.js";
import { listOf } from "../values.js";
import { wildcard } from "../wildcard.js";
import type { Matcher } from "./matcher.js";

/** Stands for a write that no condition narrows: `delete from users`. */
const unbounded = "unbounded";

/**
 * SQL statements by their verb: `drop`, `truncate`, `update`; by the parser's own name for them, `AlterTableStmt`; or
 * `unbounded`, a write to every row.
 */
export const sql: Matcher<string> = (verbs) => {
  const wildcards = verbs.map((verb) => wildcard(verb, { ignoreCase: true }));
  return (subject) => {
    if (isUnreadSql(subject)) return ["unknown"];
    return subject.reading.statements.map((statement) =>
      namesOf(statement).some((name) => wildcards.some((one) => one.matches(name))) ? "yes" : "no",
    );
  };
};

function namesOf({ kind, bounded }: Subject["reading"]["statements"][number]): readonly string[] {
  return bounded ? [statementVerb(kind), kind] : [statementVerb(kind), kind, unbounded];
}

/** SQL that no parser took apart. */
export function isUnreadSql({ proposed, reading }: Subject): boolean {
  const isSql = proposed.type === "database_read" || proposed.type === "database_modify";
  return isSql && reading.statements.length === 0 && !reading.assessment.understood;
}

export const bySql: Dimension = {
  ofRule: ({ sql: verbs }) => {
    const keys = exactOnly(listOf(verbs).map((verb) => verb.toLowerCase()));
    return keys && { keys };
  },
  ofAction: (subject) => (isUnreadSql(subject) ? "open" : subject.reading.statements.flatMap(namesOf).map((name) => name.toLowerCase())),
};
