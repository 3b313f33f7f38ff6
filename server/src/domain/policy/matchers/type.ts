import type { ActionType } from "@pullcord/sdk/protocol";
import type { Dimension } from "../keys.js";
import { listOf } from "../values.js";
import type { Matcher } from "./matcher.js";

/**
 * Action types. A rule that asks or denies also sees what the reading shows (a shell command that deletes a file is a
 * `file_delete`); a rule that allows goes by the proposed type.
 */
export const type: Matcher<ActionType> = (types, effect) => (subject) => {
  const shown = effect === "allow" ? [subject.proposed.type] : subject.types;
  return shown.map((one) => (types.includes(one) ? "yes" : "no"));
};

export const byType: Dimension = {
  ofRule: ({ type: types }) => (types === undefined ? null : { keys: listOf(types) }),
  ofAction: ({ types }) => types,
};
