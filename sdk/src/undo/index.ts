/** Keeps what stood before an action, and brings it back. One folder a kind of thing that can be undone. */
export { SnapshotKeeper, type PlannedPart } from "./keeper.js";
export type { ActionKey } from "./kind.js";
export { isGitObject } from "./file/git-objects.js";
export { isGitState, isLeftOutPath, usualRules, type KeepRules } from "./file/left-out.js";
export { isTakenBackWhole, placesNamed } from "./command/places.js";
export type { DatabaseDrivers, KeptStatements } from "./database/database-kind.js";
export type { MysqlClient } from "./database/mysql.js";
export type { SeenCommand } from "./command/family.js";
export type { Workspace } from "./file/workspace.js";
export { programPath } from "./program-path.js";
export { startRefOf } from "./file/git-start.js";
export type { CommittedFile, Onto } from "./file/plan-onto.js";
export { previewFileRows } from "./database/preview.js";
export { shownValue, type Row } from "./database/session.js";
export type { RowStep } from "./database/step.js";
export type { Statement } from "./database/statement.js";
export type { Trial } from "./database/try-out.js";
