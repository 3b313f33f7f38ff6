import { wildcard } from "../wildcard.js";
import type { Matcher } from "./matcher.js";

/** Hosts it speaks to, `*.example.com`, with or without a port. Names are compared without regard to case (RFC 4343). */
export const host: Matcher<string> = (patterns) => {
  const wildcards = patterns.map((pattern) => wildcard(pattern, { ignoreCase: true }));
  return ({ reading }) =>
    reading.hosts.map((name) => {
      if (name === null) return "unknown";
      const bare = name.replace(/:\d+$/, "").replace(/\.$/, "");
      return wildcards.some((one) => one.matches(name) || one.matches(bare)) ? "yes" : "no";
    });
};
