// Real MySQL and MariaDB servers for the journeys, where they are installed: nothing is ever downloaded for them.
import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { atEnd, runChild, startChild } from "../running/children.mjs";
import { freePort, unprivilegedUser, untilReady } from "./servers.mjs";

const initLimitMs = 120_000;
// Each by the program that serves it. Where MariaDB is installed, `mysqld` may be another name for it.
const kinds = [
  { name: "MariaDB", program: "mariadbd" },
  { name: "MySQL", program: "mysqld" },
];
// Debian keeps servers where only root looks for programs.
const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];

// Tests lose their data folder anyway, so the disk need not be waited for; MySQL's other protocol would listen everywhere.
const settings = [
  "--innodb-flush-log-at-trx-commit=0",
  "--skip-log-bin",
  "--max-connections=200",
  "--skip-name-resolve",
  "--loose-mysqlx=OFF",
];

/** The servers of PULLCORD_TEST_MYSQL_URLS, or what is installed, started. Answers their addresses, and by name what is missing and why. */
export async function needMysql() {
  const given = (process.env.PULLCORD_TEST_MYSQL_URLS ?? "").split(" ").filter((url) => url !== "");
  if (given.length > 0) return { urls: given, missing: [] };
  const urls = [];
  const missing = [];
  for (const { name, program } of kinds) {
    const path = find(program, name);
    if (path === undefined) {
      missing.push(`${name}: no ${program} is installed, and PULLCORD_TEST_MYSQL_URLS names no server`);
      continue;
    }
    try {
      urls.push(await startMysql(path, name));
    } catch (failure) {
      missing.push(`${path}: ${failure.message.split("\n").slice(0, 2).join(" ")}`);
    }
  }
  return { urls, missing };
}

async function startMysql(program, name) {
  const user = unprivilegedUser("mysql");
  const folder = mkdtempSync(join(tmpdir(), "pullcord-mysql-"));
  atEnd(async () => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o700);
  const data = join(folder, "data");
  mkdirSync(data, { mode: 0o700 });
  const password = randomBytes(16).toString("hex");
  const account = "'pullcord'@'127.0.0.1'";
  const begins = join(folder, "begins.sql");
  writeFileSync(begins, `CREATE USER ${account} IDENTIFIED BY '${password}';\nGRANT ALL ON *.* TO ${account} WITH GRANT OPTION;\n`, {
    mode: 0o600,
  });
  for (const path of [folder, data, begins]) if (user.uid !== undefined) chownSync(path, user.uid, user.gid);
  const options = { ...user, cwd: folder, env: { ...process.env, LC_ALL: "C", TZ: "UTC", HOME: folder } };
  await initialise(program, { name, data, options });

  const port = await freePort();
  const places = [
    `--datadir=${data}`,
    `--socket=${join(folder, "socket")}`,
    `--pid-file=${join(folder, "pid")}`,
    `--init-file=${begins}`,
    filesOnlyIn(folder),
  ];
  const flags = ["--no-defaults", ...settings, ...places, "--bind-address=127.0.0.1", `--port=${port}`];
  const server = startChild(program, flags, { ...options, stdio: "ignore", endSignal: "SIGKILL" });
  const url = `mysql://pullcord:${password}@127.0.0.1:${port}/`;
  await untilReady("MySQL", server, () => ask(url));
  return url;
}

/** Where a distribution says that files may be read from may not be there for a server that was only unpacked. */
function filesOnlyIn(folder) {
  return `--secure-file-priv=${folder}`;
}

/** MariaDB makes its data folder by a program of its own, MySQL by the server itself. */
async function initialise(program, { name, data, options }) {
  const given = { ...options, quiet: true, limitMs: initLimitMs };
  const flags =
    name === "MariaDB"
      ? ["--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"]
      : ["--initialize-insecure", filesOnlyIn(options.cwd)];
  const maker = name === "MariaDB" ? installerBeside(program) : program;
  const { status, output } = await runChild(maker, ["--no-defaults", `--datadir=${data}`, ...flags], given);
  if (status !== 0) throw new Error(`its data folder could not be made: ${output.trim().split("\n").at(-1)}`);
}

function installerBeside(program) {
  const found = [dirname(program), ...folders].map((folder) => join(folder, "mariadb-install-db")).find((path) => existsSync(path));
  if (found === undefined) throw new Error("there is no mariadb-install-db");
  return found;
}

async function ask(url) {
  const { createConnection } = await import("mysql2/promise");
  const { hostname: host, port, username: user, password } = new URL(url);
  const connection = await createConnection({ host, port: Number(port), user, password, connectTimeout: 2_000 });
  await connection.query("select 1").finally(() => connection.destroy());
}

/** The program by this name that is no other one's second name. */
function find(program, name) {
  const paths = folders.map((folder) => join(folder, program)).filter((path) => existsSync(path));
  return paths.find((path) => name !== "MySQL" || !realpathSync(path).includes("mariadb"));
}
