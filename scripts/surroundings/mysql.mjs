// A real MySQL or MariaDB server for the journeys, where one is installed: nothing is ever downloaded for it.
import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { atEnd, runChild, startChild } from "../running/children.mjs";
import { freePort, unprivilegedUser, untilReady } from "./servers.mjs";

const initLimitMs = 120_000;
const programs = ["mariadbd", "mysqld"];
// Debian keeps servers where only root looks for programs.
const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
// Tests lose their data folder anyway, so the disk need not be waited for.
const settings = ["--innodb-flush-log-at-trx-commit=0", "--skip-log-bin", "--max-connections=200", "--skip-name-resolve"];

/** The server of PULLCORD_TEST_MYSQL_URL, or one that is started from what is installed. Answers its address, or why there is none. */
export async function needMysql() {
  const given = process.env.PULLCORD_TEST_MYSQL_URL;
  if (given) return { url: given };
  const program = find(programs);
  if (program === undefined) return { missing: "no mariadbd or mysqld is installed, and PULLCORD_TEST_MYSQL_URL names no server" };
  try {
    return { url: await startMysql(program) };
  } catch (failure) {
    return { missing: `${program}: ${failure.message.split("\n").slice(0, 2).join(" ")}` };
  }
}

async function startMysql(program) {
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
  await initialise(program, { data, options });

  const port = await freePort();
  const places = [`--datadir=${data}`, `--socket=${join(folder, "socket")}`, `--pid-file=${join(folder, "pid")}`, `--init-file=${begins}`];
  const flags = ["--no-defaults", ...settings, ...places, "--bind-address=127.0.0.1", `--port=${port}`];
  const server = startChild(program, flags, { ...options, stdio: "ignore", endSignal: "SIGKILL" });
  const url = `mysql://pullcord:${password}@127.0.0.1:${port}/`;
  await untilReady("MySQL", server, () => ask(url));
  return url;
}

/** MariaDB makes its data folder by a program of its own, MySQL by the server itself. */
async function initialise(program, { data, options }) {
  const installer = [join(dirname(program), "mariadb-install-db"), find(["mariadb-install-db"])].find((path) => path && existsSync(path));
  const { output: version } = await runChild(program, ["--no-defaults", "--version"], { ...options, quiet: true });
  const { status, output } =
    installer !== undefined && version.includes("MariaDB")
      ? await runChild(
          installer,
          ["--no-defaults", `--datadir=${data}`, "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"],
          { ...options, quiet: true, limitMs: initLimitMs },
        )
      : await runChild(program, ["--no-defaults", "--initialize-insecure", `--datadir=${data}`], {
          ...options,
          quiet: true,
          limitMs: initLimitMs,
        });
  if (status !== 0) throw new Error(`its data folder could not be made: ${output.trim().split("\n").at(-1)}`);
}

async function ask(url) {
  const { createConnection } = await import("mysql2/promise");
  const { hostname: host, port, username: user, password } = new URL(url);
  const connection = await createConnection({ host, port: Number(port), user, password, connectTimeout: 2_000 });
  await connection.query("select 1").finally(() => connection.destroy());
}

function find(names) {
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}
