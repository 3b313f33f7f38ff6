import type { Database } from "../sql.js";
import type { Call } from "../shell/call.js";

/** A migration file of the project by its name; anything else asks. */
export function noteSqlFile(call: Call, file: string | null, database: Database): void {
  const { findings } = call.reader;
  if (
    file === null ||
    database.production ||
    !/(?:migrations?|seeds?|fixtures?|tests?|schema)/.test(file) ||
    /drop|reset|truncate|purge/i.test(file)
  )
    return findings.confused("The SQL is in a file.", call.text, "database_unread");
  findings.note("database_writes", call.text);
}
