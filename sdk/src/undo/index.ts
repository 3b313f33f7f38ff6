/** Keeps what stood before an action, and brings it back. One folder a kind of thing that can be undone. */
export { SnapshotKeeper, type KeeperOptions, type Part, type Selection } from "./keeper.js";
export type { UndoEnd } from "./file/carry-out.js";
export type { ActionKey } from "./file/ledger.js";
export type { Reach, Workspace } from "./file/workspace.js";
