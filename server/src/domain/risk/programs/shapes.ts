import { readByTable } from "./read-call.js";
import { noteScriptName } from "./script-names.js";
import type { Programs, Usage } from "./usage.js";

/** What the small programs of many families have in common; a program that does more has an entry of its own. */

/** Shows or computes something, whatever its options. */
export const shows: Usage = { flags: "*", does: "harmless" };
/** Reads what it is given and prints; files it is told of are read. */
export const reads: Usage = { flags: "*", takes: "read..." };
/** Turns one file into another: whatever it names may be read or written, so it is judged as written. */
export const converts: Usage = { flags: "-o=write --output=write --out=write *", takes: "write...", does: "runs_task" };
/** Builds or checks the project; what it is told to do is judged by its name, as scripts are (`hexo deploy`). */
export const builds: Usage = {
  flags: "-o=write --output=write *",
  does: "runs_task",
  read: (call, { read: _own, ...table }) => {
    for (const { text } of call.words) if (/^[a-z][\w:-]*$/.test(text ?? "")) noteScriptName(text ?? "", call.reader.findings, call.text);
    readByTable(call, { ...table, takes: "write..." });
  },
};
/** Asks a public service by its own words, which is a way off the machine for a secret. */
export const asks: Usage = {
  flags: "*",
  read: (call, { read: _own, ...table }) => {
    readByTable(call, { ...table, does: "reads_network" });
    call.reader.findings.sendsOut = true;
  },
};
/** A game, a window, a widget: nothing is lost, and everybody at the screen sees it at once. */
export const opens: Usage = {
  flags:
    "--eval=!runs_code --execute=!runs_code --script=!runs_hidden --python=!runs_hidden --python-expr=!runs_code -P=!runs_hidden --macro=!runs_hidden *",
  takes: "read...",
};

/** A tool with many subcommands of which these only look; the others ask, unless said otherwise. */
export const looking = (extra: string, others: Usage | null = null): Usage => ({
  flags: "*",
  bare: "harmless",
  verbs: {
    [`list ls status st show info version help get search describe query check logs log diff tree history stats whoami view ${extra}`.trim()]:
      shows,
  },
  ...(others ? { otherVerbs: others } : {}),
});

/** One usage for many names. */
export const keyed = (lists: readonly string[], usage: Usage): Programs => Object.fromEntries(lists.map((names) => [names, usage]));
