import type { Tree } from "../sql-effects.js";

/** MySQL's and MariaDB's own functions that do nothing but answer. Whatever is not among them may do anything. */
const harmless = new Set(
  `abs acos adddate addtime ascii asin atan atan2 avg bin bit_and bit_count bit_length bit_or bit_xor ceil ceiling char char_length
   character_length coalesce concat concat_ws conv convert_tz cos cot count crc32 curdate current_date current_time current_timestamp curtime
   date date_add date_format date_sub datediff day dayname dayofmonth dayofweek dayofyear degrees dense_rank elt exp field find_in_set
   first_value floor format format_bytes from_base64 from_days from_unixtime greatest group_concat hex hour if ifnull inet_aton inet_ntoa
   inet6_aton inet6_ntoa instr isnull json_array json_array_append json_array_insert json_arrayagg json_contains json_contains_path json_depth
   json_exists json_extract json_insert json_keys json_length json_merge_patch json_merge_preserve json_object json_objectagg json_quote
   json_remove json_replace json_search json_set json_type json_unquote json_valid json_value lag last_day last_insert_id last_value lcase lead
   least left length ln localtime localtimestamp locate log log10 log2 lower lpad ltrim makedate maketime max md5 microsecond mid min minute
   mod month monthname nth_value ntile now nullif oct octet_length ord percent_rank period_add period_diff pi position pow power quarter quote
   radians rand rank regexp_instr regexp_like regexp_replace regexp_substr repeat replace reverse right round row_number rpad rtrim
   sec_to_time second sha sha1 sha2 sign sin soundex space sqrt std stddev stddev_pop stddev_samp str_to_date strcmp subdate substr substring
   substring_index subtime sum sysdate tan time time_format time_to_sec timediff timestamp to_base64 to_days to_seconds trim truncate ucase
   unhex unix_timestamp upper user utc_date utc_time utc_timestamp uuid var_pop var_samp variance version week weekday weekofyear year
   yearweek current_user database schema cast`
    .trim()
    .split(/\s+/),
);

/** What a statement of MySQL's names. */
export interface Named {
  /** Tables and views, as they are named: `orders`, `shop.orders`. */
  readonly tables: ReadonlySet<string>;
  /** Nothing in it can act by being looked at. */
  readonly isHarmless: boolean;
}

/** Looks through a whole tree. `oddCalls` are functions that may be somebody's own, whatever they are called. */
export function namedIn(root: unknown, oddCalls: ReadonlySet<string>): Named {
  const tables = new Set<string>();
  let isHarmless = !oddCalls.has("cast");
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const node = stack.pop();
    if (Array.isArray(node)) stack.push(...(node as unknown[]));
    if (Array.isArray(node) || !node || typeof node !== "object") continue;
    const { relname, schemaname, catalogname, funcname, lockingClause, intoClause } = node as Tree;
    if (typeof relname === "string") tables.add(typeof schemaname === "string" ? `${schemaname}.${relname}` : relname);
    if (funcname !== undefined && !isKnown(funcname, oddCalls)) isHarmless = false;
    // Which part of `a.b.c` is the table's own name could not be told afterwards.
    if (/\./.test(`${typeof relname === "string" ? relname : ""}${typeof schemaname === "string" ? schemaname : ""}`)) isHarmless = false;
    if (catalogname !== undefined || lockingClause !== undefined || intoClause !== undefined) isHarmless = false;
    stack.push(...Object.values(node as Tree));
  }
  return { tables, isHarmless };
}

function isKnown(funcname: unknown, oddCalls: ReadonlySet<string>): boolean {
  const [only, ...more] = funcname as readonly Tree[];
  const called = String(((only?.["String"] ?? {}) as Tree)["sval"]).toLowerCase();
  return more.length === 0 && harmless.has(called) && !oddCalls.has(called);
}
