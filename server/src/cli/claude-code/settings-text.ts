import type { Json, JsonObject } from "@pullcord/sdk";
import { isOurGroup } from "./merge.js";

/** Indented as `like` is, so that only what changed looks changed; each hook of ours on one line. */
export function textOf(settings: JsonObject, like: string | null): string {
  const indent = /\n([ \t]+)"/.exec(like ?? "")?.[1] ?? "  ";
  const lines: string[] = [];
  const text = JSON.stringify(
    settings,
    (_key, value: Json) => (isOurGroup(value) ? `pullcord-line-${lines.push(JSON.stringify(value)) - 1}` : value),
    indent,
  );
  return `${text.replaceAll(/"pullcord-line-(\d+)"/g, (whole, place) => lines[Number(place)] ?? whole)}\n`;
}
