export * from "./client/index.js";
export * from "./gate/index.js";
export * from "./protocol/index.js";
export { actionDigest } from "./protocol/digest.js";
