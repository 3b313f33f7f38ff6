/** A file whose content is kept. */
export interface FileEntry {
  readonly kind: "file";
  /** SHA-256 of the content, hex: its name in the blob store. */
  readonly hash: string;
  /** Permission bits. */
  readonly mode: number;
  /** In bytes. */
  readonly size: number;
  /** Of a git index: SHA-256 of what it says, without the file times that every `git status` refreshes in it. */
  readonly meaning?: string;
}

/** A large file among git's objects, which is never written to again: kept as it is, not by its content (`sealed-files.ts`). */
export interface SealedEntry {
  readonly kind: "sealed";
  /** SHA-256 of what it says of itself, hex: its name among the sealed files. */
  readonly hash: string;
  readonly mode: number;
  readonly size: number;
}

/** What stands at a path. A link is kept as a link: where it leads is never looked at. */
export type Entry =
  | FileEntry
  | SealedEntry
  | { readonly kind: "link"; readonly target: string }
  | { readonly kind: "folder"; readonly mode: number }
  /** Too large to keep, or not readable: it can be seen to change, not be brought back. */
  | { readonly kind: "unkept"; readonly size: number; readonly changedMs: number }
  /** What holds no content of its own: it can be taken away, not be made again. */
  | { readonly kind: "special"; readonly what: "pipe" | "socket" | "device" };

/** Null: nothing stands there. */
export type Standing = Entry | null;

/** One path, before and after something happened to it. */
export interface Change {
  /** From the root of its workspace, with `/`. */
  readonly path: string;
  readonly before: Standing;
  readonly after: Standing;
}

/** Whether two standings are the same for whoever looks: content, permission bits, where a link points. */
export function isSame(one: Standing, other: Standing): boolean {
  return isSameContent(one, other) && modeOf(one) === modeOf(other);
}

export function isSameContent(one: Standing, other: Standing): boolean {
  if (one === null || other === null) return one === other;
  switch (one.kind) {
    case "file":
      return other.kind === "file" && (one.hash === other.hash || (one.meaning !== undefined && one.meaning === other.meaning));
    case "sealed":
      return other.kind === "sealed" && one.hash === other.hash;
    case "link":
      return other.kind === "link" && one.target === other.target;
    case "folder":
      return other.kind === "folder";
    case "special":
      return other.kind === "special" && one.what === other.what;
    case "unkept":
      return other.kind === "unkept" && one.size === other.size && one.changedMs === other.changedMs;
  }
}

export function modeOf(standing: Standing): number | null {
  return standing === null || !("mode" in standing) ? null : standing.mode;
}

export function isFolder(standing: Standing): standing is Extract<Entry, { kind: "folder" }> {
  return standing?.kind === "folder";
}
