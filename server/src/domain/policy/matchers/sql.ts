import { statementVerb, type Subject } from "../subject.js";
import { wildcard } from "../wildcard.js";
import type { Matcher } from "./matcher.js";

/** SQL statements by their verb: `drop`, `truncate`, `update`; or by the parser's own name for them, `AlterTableStmt`. */
export const sql: Matcher<string> = (verbs) => {
  const wildcards = verbs.map((verb) => wildcard(verb, { ignoreCase: true }));
  return (subject) => {
    if (isUnread(subject)) return ["unknown"];
    return subject.reading.statements.map(({ kind }) =>
      wildcards.some((one) => one.matches(statementVerb(kind)) || one.matches(kind)) ? "yes" : "no",
    );
  };
};

/** SQL that no parser took apart. */
function isUnread({ proposed, reading }: Subject): boolean {
  const isSql = proposed.type === "database_read" || proposed.type === "database_modify";
  return isSql && reading.statements.length === 0 && !reading.assessment.understood;
}
