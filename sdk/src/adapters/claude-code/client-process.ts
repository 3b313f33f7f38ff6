import { readdir, readFile, readlink } from "node:fs/promises";

/** The TCP connection that a hook call came over, seen from the server. */
export interface Connection {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly localPort?: number | undefined;
}

const loopback = /^(?:127\.|::1$|::ffff:127\.)/;
const localAddressColumn = 1;
const remoteAddressColumn = 2;
const inodeColumn = 9;

/** The process at the other end of a loopback connection; undefined where the system does not tell (only Linux does). */
export async function findClientProcess({ remoteAddress, remotePort, localPort }: Connection): Promise<number | undefined> {
  if (process.platform !== "linux" || remotePort === undefined || !loopback.test(remoteAddress ?? "")) return undefined;
  const inode = await socketInode(remotePort, localPort);
  if (inode === undefined) return undefined;
  const wanted = `socket:[${inode}]`;
  const pids = (await readdir("/proc")).map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  // A client is younger than most of what runs.
  for (const pid of pids.sort((a, b) => b - a)) if (await holds(pid, wanted)) return pid;
  return undefined;
}

async function socketInode(clientPort: number, serverPort: number | undefined): Promise<string | undefined> {
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    const rows = (await readFile(table, "utf8").catch(() => "")).split("\n").slice(1);
    const row = rows.map((line) => line.trim().split(/\s+/)).find((columns) => isFrom(columns, clientPort, serverPort));
    if (row) return row[inodeColumn];
  }
  return undefined;
}

function isFrom(columns: readonly string[], clientPort: number, serverPort: number | undefined): boolean {
  const port = (column: number) => Number.parseInt(columns[column]?.split(":")[1] ?? "", 16);
  return port(localAddressColumn) === clientPort && (serverPort === undefined || port(remoteAddressColumn) === serverPort);
}

async function holds(pid: number, link: string): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  // Processes of other users can't be looked into, and any may end meanwhile.
  const names = await readdir(folder).catch(() => []);
  const targets = await Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => "")));
  return targets.includes(link);
}
