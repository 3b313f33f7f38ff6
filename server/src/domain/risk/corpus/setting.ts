import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseSetting, settingSurroundings as surroundingsOf } from "../../../surroundings/setting.js";

const read = parseSetting(readFileSync(resolve(import.meta.dirname, "setting.json"), "utf8"));
if ("problem" in read) throw new Error(read.problem);

/** The fixed setting that the labelled actions are judged in (a Linux laptop with a git repository). For tests only. */
export const settingSurroundings = surroundingsOf(read.setting, { gatePids: [4242] });
