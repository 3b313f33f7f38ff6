import type { ResolvedPath, Surroundings } from "../../reading.js";

/** Links that the text being read has made by now: each new name, and where it leads; both resolved. */
export type Links = Map<string, string>;

/** The surroundings as they will be once those links are there. */
export function withLinks(surroundings: Surroundings, links: Links): Surroundings {
  return {
    ...surroundings,
    resolve: (path, from) => (links.size === 0 ? surroundings.resolve(path, from) : walk(path, from, { surroundings, links })),
  };
}

interface Known {
  readonly surroundings: Surroundings;
  readonly links: Links;
}

/** Follows a path name by name, since `..` behind a link leads out of where the link leads. */
function walk(path: string, from: string, { surroundings, links }: Known): ResolvedPath {
  let at = surroundings.resolve(path.startsWith("/") ? "/" : ".", from);
  let followed = 0;
  for (const name of path.split("/")) {
    if (name === "" || name === "." || at.path === null) continue;
    at = surroundings.resolve(name, at.path);
    // A link to a link, up to where it would be a loop.
    for (let target = links.get(at.path ?? ""); target !== undefined; target = links.get(at.path ?? "")) {
      followed += 1;
      if (followed > linkLimit) return { path: null, exists: false, kind: "absent" };
      at = surroundings.resolve(target, "/");
    }
  }
  return at;
}

/** Most links followed for one path, as Linux does (ELOOP). */
const linkLimit = 40;
