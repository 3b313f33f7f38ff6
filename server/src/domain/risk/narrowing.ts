import type { Tree } from "./sql-effects.js";

/** Whether a condition surely leaves rows out: `true`, `1 = 1`, `id > 0` and a plain join do not. */
export function narrows(condition: unknown): boolean {
  if (!condition || typeof condition !== "object") return false;
  const [kind, body] = Object.entries(condition as Tree)[0] ?? [];
  const tree = (body ?? {}) as Tree;
  if (kind === "BoolExpr") {
    const parts = (tree["args"] ?? []) as unknown[];
    if (tree["boolop"] === "AND_EXPR") return parts.some(narrows);
    if (tree["boolop"] === "OR_EXPR") return parts.every(narrows) && !coversAll(parts);
    return false;
  }
  if (kind === "A_Expr") return comparisonNarrows(tree);
  if (kind === "NullTest") return tree["nulltesttype"] === "IS_NULL";
  if (kind === "SubLink") return subqueryNarrows(tree);
  if (kind === "BooleanTest") return true;
  if (kind === "ColumnRef") return true;
  return false;
}

/** `id IN (SELECT id FROM carts)` keeps every row; a condition or a limit inside keeps some. */
function subqueryNarrows(tree: Tree): boolean {
  const select = ((tree["subselect"] ?? {}) as Tree)["SelectStmt"] as Tree | undefined;
  if (!select) return false;
  return select["limitCount"] !== undefined || narrows(select["whereClause"]) || select["op"] !== "SETOP_NONE";
}

function comparisonNarrows(tree: Tree): boolean {
  const left = JSON.stringify(tree["lexpr"] ?? null, withoutPlace);
  const right = JSON.stringify(tree["rexpr"] ?? null, withoutPlace);
  if (left === right) return false;
  const columns = [left, right].filter((side) => side.includes("ColumnRef"));
  if (columns.length === 0) return false;
  // Two columns of different tables only join; a subquery narrows.
  if (
    columns.length === 2 &&
    !/SelectStmt/.test(left + right) &&
    tree["kind"] === "AEXPR_OP" &&
    left.startsWith('{"ColumnRef') &&
    right.startsWith('{"ColumnRef')
  )
    return false;
  if (tree["kind"] === "AEXPR_LIKE" || tree["kind"] === "AEXPR_ILIKE") return !/"sval":"%*"/.test(right);
  const operator = JSON.stringify(tree["name"] ?? "");
  // `id > 0`, `id >= 1`, `id <> 0` hit every row of a usual table.
  if (/"(?:>|>=|<>|!=)"/.test(operator) && /^\{"A_Const":\{"ival":\{(?:"ival":-?[01])?\}/.test(right)) return false;
  if (/"<>"/.test(operator) && /"sval":\{\}|"sval":""/.test(right)) return false;
  return true;
}

function withoutPlace(key: string, value: unknown): unknown {
  return key === "location" ? undefined : value;
}

/** `x IS NULL OR x IS NOT NULL`. */
function coversAll(parts: readonly unknown[]): boolean {
  const tests = parts.map((part) => (part as Tree)["NullTest"] as Tree | undefined);
  if (!tests.every((test) => test !== undefined)) return false;
  return new Set(tests.map((test) => test?.["nulltesttype"])).size > 1;
}
