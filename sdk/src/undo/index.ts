/** Keeps what stood before an action, and brings it back. One folder a kind of thing that can be undone. */
export { SnapshotKeeper, type Part } from "./keeper.js";
export type { Workspace } from "./file/workspace.js";
