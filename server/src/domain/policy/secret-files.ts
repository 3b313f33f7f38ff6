import type { Policy } from "./policy.js";

/** Files in which a policy says that secrets are: the key of a model, addresses of databases. Nobody's but Pullcord's. */
export function secretFiles({ review, databases }: Policy): string[] {
  return [review?.key, ...databases.values()].flatMap((place) => (place?.from === "file" ? [place.name] : []));
}
