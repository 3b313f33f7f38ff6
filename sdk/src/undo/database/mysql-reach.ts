import type { MysqlTable } from "./mysql-tables.js";
import type { DatabaseSession } from "./session.js";

/** All that statements on some tables may reach, by what fires and cascades. */
interface Reach {
  readonly tables: ReadonlySet<string>;
  /** Why a rollback might not take all of it back; null when it does. */
  readonly refusal: string | null;
}

/** The one engine whose changes a rollback takes back. */
const transactional = "InnoDB";

/** Follows triggers and cascades from these tables, as they are named, to wherever they lead. */
export function reachOf(named: readonly string[], all: readonly MysqlTable[]): Reach {
  const found = new Set<string>();
  const waiting = [...named];
  let refusal: string | null = null;
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const tables = tablesNamed(name, all);
    if (tables.length === 0) refusal ??= `${name} is no table of this database. (A view would do what nobody has read.)`;
    for (const table of tables) {
      if (found.has(table.name)) continue;
      found.add(table.name);
      refusal ??= refusalOf(table);
      waiting.push(...table.cascadesTo, ...(table.fires ?? []));
    }
  }
  return { tables: found, refusal };
}

/** Whether names that differ in case alone are one table is the server's setting; here they are, so that none is left out. */
function tablesNamed(name: string, all: readonly MysqlTable[]): MysqlTable[] {
  return all.filter((table) => table.name.toLowerCase() === name.toLowerCase());
}

function refusalOf({ name, engine, fires, cascadesOut }: MysqlTable): string | null {
  if (engine !== transactional) return `The table ${name} is kept by ${engine || "no engine"}, which takes nothing back; only InnoDB does.`;
  if (fires === null) return `A trigger or an expression of ${name} may do more than change rows.`;
  return cascadesOut === null ? null : `Rows of ${cascadesOut}, in another database, would go along with rows of ${name}.`;
}

/**
 * Refuses what a rollback would not take back, before anything is tried.
 * @throws Error with the reason
 */
export async function requireReach(
  session: Pick<DatabaseSession, "rows">,
  named: readonly string[],
  all: readonly MysqlTable[],
): Promise<void> {
  if (!(await seesTriggers(session)))
    throw new Error("The account may not see triggers: it needs the right TRIGGER on the database itself, granted to it directly.");
  const { refusal } = reachOf(named, all);
  if (refusal !== null) throw new Error(refusal);
}

/** Triggers are shown to those only who may make them. */
async function seesTriggers(session: Pick<DatabaseSession, "rows">): Promise<boolean> {
  const [revokes] = await session.rows("SHOW VARIABLES LIKE 'partial_revokes'");
  const takesAway = Object.values(revokes ?? {}).includes("ON");
  // Where rights can be taken from single databases, a name stands for itself alone, and what was taken shows only here.
  if (takesAway && (await session.rows("SHOW GRANTS")).some((grant) => Object.values(grant)[0]?.startsWith("REVOKE "))) return false;
  const own = takesAway ? "TABLE_SCHEMA = DATABASE()" : "DATABASE() LIKE TABLE_SCHEMA ESCAPE '\\'";
  return (await session.rows(`${seesTriggersQuery} AND ${own}`)).length > 0;
}

const seesTriggersQuery = `
SELECT 1 AS found FROM information_schema.USER_PRIVILEGES WHERE PRIVILEGE_TYPE = 'TRIGGER' AND GRANTEE = ${grantee()}
UNION SELECT 1 FROM information_schema.SCHEMA_PRIVILEGES WHERE PRIVILEGE_TYPE = 'TRIGGER' AND GRANTEE = ${grantee()}`;

/** As the server spells it there: `'name'@'host'`. */
function grantee(): string {
  return "concat('''', substring_index(CURRENT_USER(), '@', 1), '''@''', substring_index(CURRENT_USER(), '@', -1), '''')";
}
