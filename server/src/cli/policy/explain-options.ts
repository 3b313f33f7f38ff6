import { actionTypes, autonomyLevels, trustTiers } from "@pullcord/sdk";
import type { VerbOption } from "../verb.js";

/** What `policy explain` is told of the action; apart from it, since every command knows all options. */
export const explainOptions: readonly VerbOption[] = [
  { flags: "--policy <file>", summary: "by this policy file instead of the one in force" },
  { flags: "--type <type>", summary: "what the action is; default: command_execute", choices: actionTypes },
  { flags: "--path <path>", summary: "the path of a file action" },
  { flags: "--arguments <json>", summary: "its arguments as JSON" },
  { flags: "--agent <agent>", summary: "the agent's name" },
  { flags: "--environment <name>", summary: "the environment it names" },
  { flags: "--autonomy <level>", summary: "the dial", choices: autonomyLevels },
  { flags: "--trust <tier>", summary: "what the agent has earned; default: standard", choices: trustTiers },
];
