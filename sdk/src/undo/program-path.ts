import { realpathSync } from "node:fs";
import { delimiter, isAbsolute, sep } from "node:path";

/** Where every system has its programs: an empty PATH would mean the folder one stands in. */
const systemPath = ["/usr/bin", "/bin"].join(delimiter);

/**
 * Where programs that Pullcord starts by itself are looked for: a PATH without what an agent may write to. `npx` and `npm
 * start` put the workspace's `node_modules/.bin` first, and a relative folder is one of whatever folder a program stands in.
 * @param workspaces absolute folders that agents work in
 */
export function programPath(path: string | undefined, workspaces: readonly string[]): string {
  const barred = workspaces.flatMap((each) => [each, realOf(each) ?? each]);
  const isTrusted = (folder: string) => !isOfPackages(folder) && !barred.some((each) => isWithin(folder, each));
  const kept = (path ?? systemPath).split(delimiter).filter((folder) => {
    const real = isAbsolute(folder) ? realOf(folder) : null;
    return real !== null && isTrusted(folder) && isTrusted(real);
  });
  return kept.length === 0 ? systemPath : kept.join(delimiter);
}

/** Where npm puts programs of packages. */
function isOfPackages(folder: string): boolean {
  return `${folder}${sep}`.includes(`${sep}node_modules${sep}.bin${sep}`);
}

function isWithin(folder: string, workspace: string): boolean {
  return `${folder}${sep}`.startsWith(workspace.endsWith(sep) ? workspace : `${workspace}${sep}`);
}

function realOf(folder: string): string | null {
  try {
    return realpathSync(folder);
  } catch {
    return null;
  }
}
