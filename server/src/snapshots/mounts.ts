import { readFileSync } from "node:fs";

/**
 * Where disks, folders of others, and other machines are mounted below a folder (proc(5), "mountinfo"); none where the system
 * has no such list. Told from the list alone: a file system whose program hangs would hang whoever asks it.
 * @param root absolute and resolved
 */
export function mountsBelow(root: string, list = mountList()): string[] {
  const points = list.split("\n").flatMap((line) => {
    const point = line.split(" ")[4];
    return point === undefined ? [] : [point.replaceAll(/\\([0-7]{3})/g, (_all, octal: string) => String.fromCharCode(parseInt(octal, 8)))];
  });
  return [...new Set(points.filter((point) => root !== "/" && point.startsWith(`${root}/`)))];
}

function mountList(): string {
  try {
    return readFileSync("/proc/self/mountinfo", "utf8");
  } catch {
    return "";
  }
}
