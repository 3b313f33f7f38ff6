/** Folders of the system, and what holds other people's work. An agent names its own working directory, so these are never "its" workspace. */
const neverWorkspaces = ["/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/opt", "/proc", "/run", "/sbin", "/sys", "/usr"];
const neverThemselves = ["/", "/home", "/root", "/tmp", "/var", "/Users", "/private", "/srv", "/mnt", "/media"];

/** The workspace, or null where a run opened itself in a place that is no project: then nothing counts as inside. */
export function ownWorkspace(path: string | null, home: string): string | null {
  if (path === null || path === home || home.startsWith(`${path}/`) || neverThemselves.includes(path)) return null;
  return neverWorkspaces.some((folder) => path === folder || path.startsWith(`${folder}/`)) ? null : path;
}
