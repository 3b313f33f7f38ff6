import type { WayBack } from "../../reading.js";
import type { Effects, Tree } from "../sql-effects.js";
import { namedIn } from "./mysql-names.js";
import type { Spelled } from "./mysql.js";

/**
 * How a statement of MySQL's could be taken back. It has to be tried in a transaction, so only what changes rows and
 * nothing else can be: MySQL commits changes of structure by itself. Every table is named, also those that are only read,
 * so that the database can say whether each of them takes back what happens to it.
 */
export function wayBackInMysql({ oddCalls, touched }: Pick<Spelled, "oddCalls" | "touched">) {
  return (kind: string, body: Tree, { writes, acts, leaves }: Effects): WayBack | null => {
    const { tables, isHarmless } = namedIn(body, oddCalls);
    if (acts || leaves || !isHarmless || writes.length > 0) return null;
    if (kind === "SelectStmt") return { kind: "none" };
    if (kind === "TransactionStmt") return /^TRANS_STMT_(?:BEGIN|START|COMMIT)$/.test(String(body["kind"])) ? { kind: "none" } : null;
    if (!/^(?:Insert|Update|Delete)Stmt$/.test(kind)) return null;
    const { relname, schemaname } = (body["relation"] ?? {}) as Tree;
    if (typeof relname !== "string") return null;
    // MySQL writes to any of the tables that it joins.
    const isJoined = body["fromClause"] !== undefined || body["usingClause"] !== undefined;
    const target = typeof schemaname === "string" ? `${schemaname}.${relname}` : relname;
    const others = [...tables].filter((table) => table !== target);
    const rows = { kind: "rows", tables: isJoined ? [target, ...others] : [target], reads: others } as const;
    return touched === undefined || isJoined ? rows : { ...rows, touched };
  };
}
