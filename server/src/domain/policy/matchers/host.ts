import { allKnown, beginnings, fixedBeginning, type Dimension } from "../keys.js";
import { listOf } from "../values.js";
import { wildcard } from "../wildcard.js";
import type { Matcher } from "./matcher.js";

/** Hosts it speaks to, `*.example.com`, with or without a port. Names are compared without regard to case (RFC 4343). */
export const host: Matcher<string> = (patterns) => {
  const wildcards = patterns.map((pattern) => wildcard(pattern, { ignoreCase: true }));
  return ({ reading }) =>
    reading.hosts.map((name) => {
      if (name === null) return "unknown";
      return wildcards.some((one) => one.matches(name) || one.matches(bare(name))) ? "yes" : "no";
    });
};

function bare(name: string): string {
  return name.replace(/:\d+$/, "").replace(/\.$/, "");
}

/** Hosts by their labels, the last first. */
export const byHost: Dimension = {
  ofRule: ({ host: patterns }) => {
    const keys = allKnown(listOf(patterns).map((pattern) => fixedBeginning(labels(pattern), ".")));
    return keys && { keys };
  },
  ofAction: ({ reading }) => {
    if (reading.hosts.includes(null)) return "open";
    const names = reading.hosts.filter((name) => name !== null);
    return new Set(names.flatMap((name) => [...beginnings(labels(name), "."), ...beginnings(labels(bare(name)), ".")]));
  },
};

function labels(name: string): string {
  return name.toLowerCase().split(".").reverse().join(".");
}
