import type { Json } from "@pullcord/sdk/protocol";
import { exactOnly, type Dimension } from "../keys.js";
import { argumentsOf, type Fit, type Subject } from "../subject.js";
import { listOf } from "../values.js";
import { wildcard } from "../wildcard.js";
import { isUnreadSql } from "./sql.js";
import type { Matcher } from "./matcher.js";

/** Resources by name: the tables of its SQL, and what its arguments call `resource` or `resources`. */
export const resource: Matcher<string> = (patterns, effect) => {
  const wildcards = patterns.map((pattern) => wildcard(pattern, { ignoreCase: effect !== "allow" }));
  return (subject): readonly Fit[] => {
    const fits = resourcesOf(subject).map((name) => (wildcards.some((one) => one.matches(name)) ? ("yes" as const) : ("no" as const)));
    return isUnreadSql(subject) ? [...fits, "unknown"] : fits;
  };
};

function resourcesOf(subject: Subject): readonly string[] {
  const named = argumentsOf(subject).flatMap((object) => [...texts(object["resource"]), ...texts(object["resources"])]);
  return [...subject.reading.statements.flatMap(({ tables }) => tables), ...named];
}

function texts(value: Json | undefined): readonly string[] {
  const values: readonly (Json | undefined)[] = Array.isArray(value) ? value : [value];
  return values.filter((one) => typeof one === "string");
}

export const byResource: Dimension = {
  ofRule: ({ resource: patterns }) => {
    const keys = exactOnly(listOf(patterns).map((name) => name.toLowerCase()));
    return keys && { keys };
  },
  ofAction: (subject) => (isUnreadSql(subject) ? "open" : resourcesOf(subject).map((name) => name.toLowerCase())),
};
