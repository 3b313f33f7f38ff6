import type { Effect } from "@pullcord/sdk/protocol";
import type { Test } from "../subject.js";

/**
 * One condition of a rule: compiles its values (any of which may fit) into a test. A room of its own for each: to add
 * one, write its file, its entry in `index.ts`, its key in the document and its schema.
 */
export type Matcher<Value> = (values: readonly Value[], effect: Effect) => Test;
