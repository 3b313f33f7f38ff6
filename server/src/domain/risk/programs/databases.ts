import { type Database, noteSql } from "../sql.js";
import { noteForbiddenText } from "./hidden-commands.js";
import { readByTable } from "./read-call.js";
import type { Call } from "../shell/call.js";
import { literal } from "../shell/word.js";
import { sortWords } from "./flags.js";
import { noteSqlFile } from "./sql-file.js";
import { readSqlite } from "./sqlite.js";
import type { Programs, Usage } from "./usage.js";

const psqlFlags =
  "-c= --command= -f=read --file=read -d= --dbname= -h= --host= -p= --port= -U= --username= -w -W -X -A -t -q -x -a -b -e -E -1 -s -S -z -0 -l:shows --list:shows -F= -P= -R= -v= -T= -o=write --output=write -L=write --log-file=write --csv -H --html --no-psqlrc --tuples-only --no-align --quiet --set= --variable= --pset= --single-transaction --field-separator= --expanded --echo-all --no-password -At -Atc= -tAc= -V:shows";

/** Database clients: what they run is read as SQL. */
export const databases: Programs = {
  psql: { flags: psqlFlags, read: readPsql },
  "mysql mariadb": {
    flags:
      "-e= --execute= -h= --host= -u= --user= -p? --password? -P= --port= -D= --database= -N -B -s -t -v --batch --silent --table --skip-column-names -r --raw -S= --socket= --protocol=",
    read: readPsql,
  },
  "sqlite3 sqlite duckdb litecli": {
    flags:
      "-cmd=!runs_unknown -init=!runs_unknown -readonly -header -csv -json -column -line -list -box -markdown -table -noheader -batch -bail -separator= -c= -s= -version:shows",
    words: true,
    read: readSqlite,
  },
  "redis-cli valkey-cli keydb-cli": {
    read: readRedis,
    flags:
      "-h= -p= -n= -a=!sends_credential -u= -r= -i= --scan --pattern= --raw --no-raw --csv --json -c --stat --latency --bigkeys --memkeys --hotkeys --user= --pass=!sends_credential --no-auth-warning -2 -3 --tls --count= -x -X= -s= --eval=!database_effects --pipe!database_writes --rdb=write!database_effects --functions-rdb=write --intrinsic-latency=",
  },
  "mongo mongosh": { flags: "--eval= --quiet --host= --port= --norc", read: readMongo },
  "pg_dump pg_dumpall mysqldump mongodump mariadb-dump": {
    flags:
      "-f=write --file=write -r=write --result-file=write -o=write --out=write -h= -U= -u= -p? -d= -t= -n= -s --schema-only --no-data -F= *",
    // The structure alone holds nobody's data.
    read: (call, { read: _own, ...table }) => {
      const isStructure = call.words.some((word) => /^(?:-s|--schema-only|--no-data)$/.test(word.text ?? "")) && !isProduction(call.text);
      readByTable(call, { ...table, does: isStructure ? "database_reads" : "reads_personal" });
    },
  },
  "pg_restore mongorestore mysqlimport mongoimport": {
    flags: "-l:shows --list:shows -d= --dbname= -h= --host= --db= --uri= -f=write *",
    does: "database_drops",
    read: restoreDatabase,
  },
  mongoexport: { flags: "-o=write --out=write *", does: "reads_personal" },
  createdb: { flags: "*", does: "database_writes" },
  dropdb: { flags: "-h= --host= -p= --port= -U= --username= -w -W -f --force -i -e --if-exists *", read: dropDatabase },
  dropuser: { flags: "*", does: "database_drops" },
  createuser: { flags: "-s!superuser --superuser!superuser *", does: "database_rights" },
  "pg_isready mysqladmin-status pg_config pg_lsclusters": { flags: "*", does: "harmless" },
  mysqladmin: {
    flags: "-h= --host= -u= --user= -P= --port= -S= --protocol= *",
    read: (call, { read: _own, ...table }) => {
      readByTable(call, table);
      if (/\bdrop\b/.test(call.text) && isProduction(call.text)) call.reader.findings.note("wipes_production", call.text);
    },
    verbs: {
      "status ping version extended-status processlist variables": { flags: "*", does: "harmless" },
      drop: { flags: "*", does: "database_drops" },
    },
    otherVerbs: { flags: "*", does: "changes_system" },
  },
  pg_ctl: { flags: "*", verbs: { status: { flags: "*", does: "harmless" } }, otherVerbs: { flags: "*", does: "changes_system" } },
  prisma: {
    verbs: {
      "generate validate format version studio": { flags: "*", does: "runs_task" },
      migrate: {
        verbs: {
          "status diff": { flags: "*", does: "database_reads" },
          dev: { flags: "*", does: "database_writes" },
          "deploy resolve": { flags: "*", does: "database_writes" },
          reset: { flags: "*", does: "database_drops" },
        },
      },
      db: {
        verbs: {
          pull: { flags: "*", does: "database_reads" },
          push: {
            flags: "--accept-data-loss!database_drops --force-reset!database_drops --skip-generate --schema=",
            does: "database_writes",
          },
          seed: { flags: "*", does: "database_writes" },
          execute: { flags: "*", does: "database_effects" },
        },
      },
    },
  },
  alembic: {
    flags: "-c=read -n= -x= --raiseerr",
    verbs: {
      "current history heads branches show check": { flags: "*", does: "database_reads" },
      "revision merge": { flags: "*", does: "writes_workspace" },
      "upgrade stamp": { flags: "--sql *", does: "database_writes" },
      downgrade: { flags: "--sql:shows *", does: "database_drops" },
    },
  },
  "knex sequelize typeorm drizzle-kit flyway liquibase dbmate migrate mikro-orm node-pg-migrate": { read: readMigration },
};

/** `shop_prod`, `db.prod.internal`. */
function isProduction(text: string): boolean {
  return /(?:^|[\s/@_.:=-])prod(?:uction)?(?:$|[\s/:_.?-])/i.test(text);
}

/** What is known of a database by its name and host. */
function databaseNamed({ reader }: Call, name: string | null, host: string | null): Database {
  const kind = reader.surroundings.facts?.database?.(name, host) ?? null;
  return { name, kind, production: kind === "production" || (kind === null && isProduction(`${name ?? ""} ${host ?? ""}`)) };
}

function restoreDatabase(call: Call, usage: Usage): void {
  const { read: _own, ...table } = usage;
  readByTable(call, table);
  const value = (pattern: RegExp): string | null =>
    sortWords(call.words, table).flags.findLast(({ flag }) => pattern.test(flag.name))?.value?.text ?? null;
  const database = databaseNamed(call, value(/^(?:-d|--dbname|--db)$/), value(/^(?:-h|--host|--uri)$/));
  if (database.kind === "gate" || database.name === "pullcord") call.reader.findings.gate("Overwrites Pullcord's own database.", call.text);
  if (database.production) call.reader.findings.note("production", call.text);
}

function dropDatabase(call: Call, usage: Usage): void {
  const given = sortWords(call.words, usage);
  const host = given.flags.findLast(({ flag }) => /^(?:-h|--host)$/.test(flag.name))?.value?.text ?? null;
  const database = databaseNamed(call, given.others[0]?.text ?? null, host);
  const { findings } = call.reader;
  if (database.production) findings.note("wipes_production", call.text);
  if (database.kind === "gate") findings.gate("Drops Pullcord's own database.", call.text);
  const throwAway = database.kind === null ? /(?:^|_)test(?:$|_)/.test(database.name ?? "") : database.kind === "throwaway";
  findings.note(throwAway && !database.production ? "database_writes" : "database_drops", call.text);
}

function readPsql(call: Call, usage: Usage): void {
  const { reader, text } = call;
  const given = sortWords(call.words, usage);
  for (const word of given.unknown)
    reader.findings.confused(`The option ${word.source} of ${call.program} is not known.`, text, "unknown_option");
  const value = (...names: string[]): string | null => given.flags.findLast(({ flag }) => names.includes(flag.name))?.value?.text ?? null;
  const isMysql = /^(?:mysql|mariadb)$/.test(call.program);
  const name = value("-d", "--dbname", "-D", "--database") ?? given.others[0]?.text ?? null;
  const host = value("-h", "--host");
  const named = /^[a-z]+:\/\/(?:[^@/]*@)?([^/:?]+)/.exec(name ?? "")?.[1] ?? host;
  const database = {
    ...databaseNamed(call, name?.replace(/^.*\//, "").replace(/\?.*$/, "") ?? null, named),
    ...(isMysql ? { dialect: "mysql" as const } : {}),
    shell: (text: string) => noteForbiddenText(call, text),
  };
  // `?host=`, `?options=-csearch_path=`: another server, another schema than it seems.
  if (/^[a-z]+:\/\/[^?]*\?/.test(name ?? "") && !leadsThere(name ?? ""))
    reader.findings.confused("Parameters of the address lead elsewhere.", text, "database_unread");
  if (/:\/\/[^:/@\s]+:[^@\s]+@/.test(name ?? "")) reader.findings.note("sends_credential", text);
  for (const { flag, value: word } of given.flags) if (word && flag.role === "write") reader.touch("write", word, call.state);
  const before = reader.findings.statements.length;
  readScripts(call, given, database);
  if (!database.name || name === null) return;
  // `-p` is MySQL's for a password.
  const port = /^[a-z]+:\/\/[^/]*:(\d+)(?:[/?]|$)/.exec(name)?.[1] ?? (isMysql ? value("-P", "--port") : value("-p", "--port"));
  // What does not go by TCP goes to a server that no address names.
  const isElsewhere = isMysql && (value("-S", "--socket") !== null || !/^tcp$/i.test(value("--protocol") ?? "tcp"));
  const dialect = isMysql ? "mysql" : "postgres";
  const place = { kind: "server", dialect, name: database.name, host: isElsewhere ? null : (named ?? null), port } as const;
  reader.findings.sqlRuns.push({ place, statements: reader.findings.statements.slice(before) });
}

/** Whether no parameter of an address says which server, database or settings are meant. */
function leadsThere(address: string): boolean {
  const parameters = new URLSearchParams(address.slice(address.indexOf("?") + 1));
  return [...parameters.keys()].every((name) =>
    /^(?:ssl\w*|connect_timeout|application_name|channel_binding|gssencmode|target_session_attrs)$/.test(name),
  );
}

/** The SQL of its options, or what is piped into it. */
function readScripts(call: Call, given: ReturnType<typeof sortWords>, database: Database): void {
  const { reader, text } = call;
  const scripts = given.flags.filter(({ flag }) => /^(?:-c|--command|-e|--execute|-Atc|-tAc)$/.test(flag.name));
  for (const { value: word } of scripts) readStatement(call, word?.text ?? null, database);
  if (given.flags.some(({ flag }) => /^(?:-f|--file)$/.test(flag.name)))
    return noteSqlFile(call, given.flags.find(({ flag }) => /^(?:-f|--file)$/.test(flag.name))?.value?.text ?? null, database);
  if (scripts.length > 0 || given.flags.some(({ flag }) => flag.mark === "shows")) return reader.findings.note("database_reads", text);
  const { input } = call.state;
  // psql puts them in for `:name`, also where SQL has a colon of its own (`list[1:name]`).
  const setsVariables = given.flags.some(({ flag, value }) => value && /^(?:-v|--set|--variable)$/.test(flag.name));
  if (setsVariables && input.kind === "text" && /:["'{\w]/.test(input.text ?? ""))
    return reader.findings.confused("The SQL holds variables that are put in when it runs.", text, "database_unread");
  if (input.kind !== "text") return reader.findings.confused("The SQL comes from elsewhere.", text, "database_unread");
  if (input.text === null && input.file) return noteSqlFile(call, input.file, database);
  readStatement(call, input.text, database);
}

/** psql's own commands begin with a backslash: `\d` shows, `\!` and `\copy … program` run. */
function readStatement(call: Call, sql: string | null, database: Database): void {
  const { findings } = call.reader;
  if (sql !== null && /^\s*\\/.test(sql)) {
    if (
      database.dialect !== "mysql" &&
      /^\s*\\(?:d\w*\+?|l\+?|conninfo|dt\+?|timing|x|encoding|sf|sv|z|pset|echo|c\s+shop_dev)(?:[^\S\n][^`|\n]*)?\s*$/.test(sql)
    )
      return findings.note("database_reads", sql);
    const rows = /^\s*\\copy\s+(?:\(([^]+)\)|([\w."]+)(?:\s*\([^)]*\))?)\s+to\b/i.exec(sql);
    if (rows) noteSql(rows[1] ?? `SELECT * FROM ${rows[2] ?? ""}`, database, findings);
    const program = /\bprogram\s+'((?:[^']|'')*)'/i.exec(sql)?.[1] ?? /^\s*\\!\s*([^]+)$/.exec(sql)?.[1];
    noteForbiddenText(call, program?.replaceAll("''", "'"));
    const file = /\bto\s+(?!std(?:out|in)\b|program\b)'?([\w./~-]+)'?/i.exec(sql)?.[1];
    if (rows && file && !program) return call.reader.touch("write", literal(file), call.state);
    if (/^\s*\\copy\s*\(?\s*select/i.test(sql) && !/program/i.test(sql)) return findings.note("database_effects", sql);
    return findings.confused("A psql command could not be read.", sql, "database_effects");
  }
  noteSql(sql, database, findings);
}

const redisReads =
  /^(?:get|mget|hget|hgetall|hmget|hkeys|hvals|hlen|keys|scan|hscan|sscan|zscan|lrange|llen|lindex|smembers|scard|sismember|zrange|zrangebyscore|zcard|zscore|zrank|exists|ttl|pttl|type|info|dbsize|ping|time|strlen|getrange|memory|object|client|slowlog|latency|lastsave|echo|command|randomkey|xrange|xlen|xinfo|pubsub|role|monitor-not|help|json\.get|ft\.search|bitcount|geopos|srandmember|hexists)$/i;
const redisBounded =
  /^(?:set|setex|setnx|del|unlink|hset|hdel|expire|persist|incr|incrby|decr|decrby|lpush|rpush|lpop|rpop|sadd|srem|zadd|zrem|mset|append|getset|rename|hincrby|xadd|ltrim|publish|select)$/i;

function readRedis(call: Call, usage: Usage): void {
  const { reader, text } = call;
  const given = sortWords(call.words, { ...usage, stopsEarly: true });
  for (const word of given.unknown)
    reader.findings.confused(`The option ${word.source} of ${call.program} is not known.`, text, "unknown_option");
  for (const { flag, source } of given.flags) if (flag.does) reader.findings.note(flag.does, source);
  const verb = given.others[0]?.text ?? "";
  if (/^acl$/i.test(verb) && /\+@all|allcommands/i.test(text)) reader.findings.note("superuser", text);
  if (isProduction(text)) reader.findings.note(verb === "" || redisReads.test(verb) ? "database_reads" : "production", text);
  if (verb === "" && given.flags.some(({ flag }) => /^--(?:scan|stat|latency|bigkeys|memkeys|hotkeys)/.test(flag.name)))
    return reader.findings.note("database_reads", text);
  if (redisReads.test(verb)) return reader.findings.note("database_reads", text);
  if (redisBounded.test(verb) && given.others.every((word) => word.text !== null)) return reader.findings.note("database_writes", text);
  if (/^flush(?:all|db)$/i.test(verb) && isProduction(text)) reader.findings.note("wipes_production", text);
  if (/^flush(?:all|db)$/i.test(verb)) return reader.findings.note("database_drops", text);
  reader.findings.note("database_effects", text);
}

function readMongo(call: Call, usage: Usage): void {
  const { reader, text } = call;
  const code = sortWords(call.words, usage).flags.find(({ flag }) => flag.name === "--eval")?.value?.text ?? null;
  if (
    code !== null &&
    /^\s*(?:db\.(?:\w+\.)?(?:find|findOne|countDocuments|estimatedDocumentCount|distinct|stats|getIndexes|getCollectionNames|version|serverStatus|runCommand\(\{\s*ping)\b[^;$]*|show \w+)\s*;?\s*$/.test(
      code,
    ) &&
    !/\$(?:out|merge|where|function)/.test(code)
  )
    return reader.findings.note("database_reads", text);
  if (
    code !== null &&
    /createUser|grantRolesToUser|updateUser/.test(code) &&
    /["'](?:root|userAdminAnyDatabase|dbAdminAnyDatabase|readWriteAnyDatabase|dbOwner|__system)["']/.test(code)
  )
    reader.findings.note("superuser", text);
  if (isProduction(text) && /dropDatabase/.test(code ?? "")) reader.findings.note("wipes_production", text);
  if (code !== null && /drop(?:Database|\b)|deleteMany\(\s*\{\s*\}\s*\)|\.remove\(\s*\{\s*\}\s*\)/.test(code))
    return reader.findings.note("database_drops", text);
  reader.findings.confused("It runs database code that is not read.", text, "database_effects");
}

function readMigration(call: Call): void {
  const { words, reader, text } = call;
  const verb = words.find((word) => !(word.text ?? "").startsWith("-"))?.text ?? "";
  if (/(?:status|info|list|validate|version|check|generate|create|make|new|diff|current|history)$/.test(verb))
    return reader.findings.note("database_reads", text);
  if (/(?:down|rollback|reset|clean|drop|undo|fresh|wipe|force|redo|revert)/.test(verb) || /\b(?:down|drop|reset)\b/.test(text))
    return reader.findings.note("database_drops", text);
  reader.findings.note(isProduction(text) ? "production" : "database_writes", text);
}
