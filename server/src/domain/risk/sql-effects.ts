/** A node of PostgreSQL's syntax tree. */
export type Tree = Readonly<Record<string, unknown>>;

/** Tables of persons, by their usual names. */
export const people =
  /^(?:customers?|users?|accounts?|people|persons?|patients?|employees?|contacts?|subscribers?|members?|clients?|addresses|profiles?|leads?|payments?|cards?|invoices?)$/i;

export interface Effects {
  /** Whole rows are shown: `SELECT *`. */
  star: boolean;
  readonly tables: Set<string>;
  readonly writes: { readonly kind: string; readonly body: Tree }[];
  acts: boolean;
  leaves: boolean;
  secret: boolean;
  /** Drops by the catalogue's own list: everything there is. */
  dropsAll: boolean;
  hashes: boolean;
  personal: boolean;
}

const actingFunctions =
  /^(?:pg_(?:terminate_backend|cancel_backend|reload_conf|rotate_logfile|read_file|read_binary_file|ls_dir|stat_file|write_file|file_write|switch_wal|promote|advisory_.*|drop_replication_slot|create_.*|logical_.*|replication_.*|(?:set|clear|restore)_.*stats|stat_reset.*|backup_.*|(?:start|stop)_backup|wal_replay_.*|try_advisory_.*|file_.*|notify|sleep.*)|lo_(?!get$).*|lowrite|ts_(?:stat|rewrite)|crosstab.*|connectby|set_config|setval|nextval|(?:query|database|schema|table|cursor)_to_xml.*|xp_cmdshell|load_extension|load_file|writefile|edit|fts3_tokenizer|url|openrowset|opendatasource|openquery|sys_exec|sys_eval|pg_notify|http_.*|http|net_.*|cron.*|schedule)$/i;

/** Functions of one's own that say by their name that they act. */
const actingNames =
  /(?:^|_)(?:send|delete|purge|reset|drop|refund|pay|charge|publish|notify|remove|truncate|archive|cleanup|insert|update|upsert|create|grant|revoke|process|expire|anonymi[sz]e|wipe|kill)(?:_|$)/i;

/** Looks through a whole statement for tables, writes in CTEs, and functions that act. */
export function effectsOf(root: unknown): Effects {
  const effects: Effects = {
    star: false,
    tables: new Set(),
    writes: [],
    acts: false,
    leaves: false,
    secret: false,
    dropsAll: false,
    hashes: false,
    personal: false,
  };
  const stack: unknown[] = [root];
  let seen = 0;
  while (stack.length > 0) {
    const node = stack.pop();
    seen += 1;
    if (seen > nodeLimit) {
      effects.acts = true;
      break;
    }
    if (Array.isArray(node)) stack.push(...(node as unknown[]));
    else if (node && typeof node === "object") visit(node as Tree, effects, stack);
  }
  return effects;
}

/** Most syntax nodes of one statement that are looked at. */
const nodeLimit = 200_000;

function visit(node: Tree, effects: Effects, stack: unknown[]): void {
  for (const [key, value] of Object.entries(node)) {
    if (/^(?:Insert|Update|Delete|Merge)Stmt$/.test(key)) effects.writes.push({ kind: key, body: value as Tree });
    if (typeof (node as { relname?: unknown }).relname === "string") noteTable((node as { relname: string }).relname, effects);
    if (key === "A_Star") effects.star = true;
    if (key === "funcname") noteFunction(value, effects);
    if (key === "sval" && typeof value === "string") {
      noteColumn(value, effects);
      // The text of a DO block.
      effects.dropsAll ||= /\bexecute\b[^;]*\bdrop\s+(?:schema|database)\b/i.test(value);
      effects.dropsAll ||=
        value.length > 20 &&
        /\bexecute\b[^;]*\b(?:drop|truncate)\b/i.test(value) &&
        /pg_tables|information_schema|pg_class|pg_namespace/i.test(value);
    }
    stack.push(value);
  }
}

function noteTable(name: string, effects: Effects): void {
  effects.tables.add(name);
  if (/^pg_(?:authid|shadow|user_mapping)$/.test(name)) effects.hashes = true;
  if (/secret|token|api_keys?|credential/i.test(name)) effects.secret = true;
}

function noteFunction(value: unknown, effects: Effects): void {
  const parts = (value as readonly Tree[]).map((part) => ((part["String"] ?? {}) as Tree)["sval"]);
  const name = String(parts.at(-1) ?? "");
  if (/^dblink(?:_|$)|^http_(?:post|put|get)$|^http$/.test(name)) effects.leaves = true;
  else if (actingFunctions.test(name) || actingNames.test(name) || parts[0] === "cron" || parts[0] === "net") effects.acts = true;
}

function noteColumn(name: string, effects: Effects): void {
  if (/^(?:rolpassword|passwd|password(?:_hash|_digest)?|pass_hash|pwd_hash|encrypted_password)$/i.test(name)) effects.hashes = true;
  if (/^(?:email|phone(?:_number)?|address|ssn|iban|birth_?date|date_of_birth|card_number|first_name|last_name|full_name)$/i.test(name))
    effects.personal = true;
}
