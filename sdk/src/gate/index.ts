/** Beside the agent: asks before each action, and enforces the answer. */
export { connect, type ConnectOptions } from "./connect.js";
export { Gate, type RunOpening } from "./gate.js";
export { GateRun, type ActOptions, type Execute } from "./gate-run.js";
export type { DatabaseUndo, DatabaseWork, PostgresDatabase, SqliteDatabase } from "./database-undo.js";
export type { Held, HeldChange } from "./held-state.js";
export type { UndoHandler, UndoOf } from "./undo-handlers.js";
export type { PostgresClient } from "../undo/database/postgres.js";
export { defaultConfigFolder, defaultDataFolder, defaultPort, defaultUrl, isKillFilePresent, killFileIn } from "./places.js";
