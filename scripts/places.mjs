import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const toolchain = join(root, ".toolchain");
export const artefacts = join(root, "artefacts");

/** The plain JavaScript behind a command of node_modules, so that it runs with our Node on every system. */
export const tool = (path) => join(root, "node_modules", path);
