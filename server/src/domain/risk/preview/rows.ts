import type { PreviewItem } from "@pullcord/sdk/protocol";
import { statementVerb } from "../../policy/subject.js";
import type { Reading, ReadStatement } from "../../reading.js";
import { affectedShown } from "../bounds.js";
import { countAll, countingSelect } from "./counting-select.js";

/** What SQL does to rows, as far as its text tells, and the SELECT that would tell how many (E36). */
export function rows({ statements, rowsToTry }: Reading): readonly PreviewItem[] {
  const items = statements.flatMap((statement) => {
    const verb = statementVerb(statement.kind);
    if (verb === "select" && statement.bounded) return [];
    return [(byVerb[verb] ?? otherwise)(statement)];
  });
  const isUntried = rowsToTry !== undefined && "why" in rowsToTry && items.length > 0;
  return isUntried ? [...items, item(`Which rows these are is not previewed: ${rowsToTry.why}.`)] : items;
}

type Tell = (statement: ReadStatement) => PreviewItem;

const byVerb: Readonly<Record<string, Tell>> = {
  update: (statement) => narrowed(statement, "Changes", "change"),
  delete: (statement) => narrowed(statement, "Deletes", "delete"),
  insert: ({ tables: [target = "a table"] }) => item(`Adds rows to ${target}.`),
  truncate: (statement) => counted(`Empties ${names(statement) || "tables"}: every row is lost.`, statement),
  drop: (statement) => counted(`Drops ${names(statement) || "what it names"}, with everything in it.`, statement),
};

function otherwise(statement: ReadStatement): PreviewItem {
  const on = names(statement);
  const verb = statementVerb(statement.kind);
  return item(`SQL ${verb}${on && ` on ${on}`}${statement.bounded ? "." : ": every row may be affected."}`);
}

function narrowed({ tables: [target = "a table"], bounded, text }: ReadStatement, does: string, doing: string): PreviewItem {
  const query = text === undefined ? null : countingSelect(text);
  if (bounded) return item(`${does} rows of ${target} that its WHERE chooses; how many is known only by counting.`, query);
  if (query?.includes(" WHERE ")) return item(`May ${doing} every row of ${target}: its WHERE does not surely narrow it.`, query);
  return item(`${does} every row of ${target}: no WHERE narrows it.`, query);
}

function counted(sentence: string, { tables }: ReadStatement): PreviewItem {
  const [only, ...others] = tables;
  return item(sentence, only !== undefined && others.length === 0 ? countAll(only) : null);
}

function item(sentence: string, query: string | null = null): PreviewItem {
  return { about: "rows", sentence, ...(query === null ? {} : { query }) };
}

function names({ tables }: ReadStatement): string {
  const more = tables.length - affectedShown;
  return `${tables.slice(0, affectedShown).join(", ")}${more > 0 ? ` and ${more} others` : ""}`;
}
