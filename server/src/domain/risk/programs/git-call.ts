import { type Place, placeOf } from "../path.js";
import type { Call } from "../shell/call.js";
import { sortWords } from "./flags.js";
import { noteForbiddenText } from "./hidden-commands.js";
import { notePatch } from "./overwriting.js";
import { readByTable } from "./read-call.js";
import type { Usage } from "./usage.js";

/** Settings that `-c` may give without making git run anything. */
const harmlessSettings =
  /^(?:user\.(?:name|email)|core\.(?:pager=(?:cat|less|)$|quotepath|autocrlf|filemode|abbrev|ignorecase|longpaths|bare)|color\.\w+|advice\.\w+|init\.defaultbranch|log\.\w+|diff\.(?:renames|algorithm|context|noprefix|mnemonicprefix|colormoved)|merge\.(?:conflictstyle|ff)|pull\.(?:rebase|ff)|push\.(?:default|autosetupremote)|rebase\.(?:autostash|autosquash)|commit\.gpgsign=false|tag\.gpgsign=false|gc\.auto|fetch\.\w+|status\.\w+|pager\.\w+=(?:false|cat)|column\.ui|http\.(?:postbuffer|lowspeed\w*)|safe\.directory|protocol\.version|core\.editor=(?:true|:|cat)$|sequence\.editor=(?:true|:|cat)$)/i;

/** git: its global `-c`, then the verb by the table. */
export function readGit(call: Call, usage: Usage): void {
  const { findings } = call.reader;
  const { flags, others } = sortWords(call.words, { ...usage, stopsEarly: true });
  for (const { flag, value, source } of flags) {
    if (flag.name === "-c") noteForbiddenText(call, value?.text?.replace(/^[^=]*=!?/, ""));
    if (flag.name === "-c" && !harmlessSettings.test(value?.text ?? "")) findings.note("git_guarded", source);
  }
  noteVerb(call, others);
  const { read: _own, ...table } = usage;
  readByTable(call, table);
}

/** What a verb's words mean that its table cannot say. */
function noteVerb(call: Call, others: Call["words"]): void {
  const { findings } = call.reader;
  const [verb, ...rest] = others;
  const words = rest.map((word) => word.text ?? "");
  if (verb?.text === "config" && words.some((word) => /^(?!-)/.test(word)) && setsValue(words)) findings.note("git_guarded", call.text);
  if (verb?.text === "checkout" || verb?.text === "restore" || verb?.text === "switch") {
    if (discards(verb.text, words)) {
      findings.note("git_discards", call.text);
    }
  }
  if (/^(?:diff|show|log|blame|cat-file|hash-object|grep)$/.test(verb?.text ?? ""))
    for (const word of rest.filter((_, index) => rest[index - 1]?.text !== "-L"))
      if (word.text !== null && /^(?:\/|~|\.\.)/.test(word.text)) call.reader.touch("read", word, call.state);
  if (words.includes("--no-index")) for (const word of rest) if (!word.text?.startsWith("-")) call.reader.touch("read", word, call.state);
  if (/^(?:checkout|restore|rm|mv|clean|apply|reset|stash|update-index|sparse-checkout|filter-branch)$/.test(verb?.text ?? ""))
    for (const word of rest) noteGatePath(call, word);
  if (/^(?:apply|am)$/.test(verb?.text ?? "") && !words.some((word) => /^--(?:check|stat|numstat|summary|abort|quit|show)/.test(word)))
    notePatch(call, call.state.input.kind === "text" && words.every((word) => word.startsWith("-")) ? call.state.input.text : null);
  if (/^(?:add|stage)$/.test(verb?.text ?? "")) for (const word of rest) noteStaged(call, word);
  if (verb?.text === "commit" && rest.some((word) => word.secret)) findings.commitsSecret = true;
  // A secret that was copied into the work tree may be what is committed.
  if (/^(?:add|stage)$/.test(verb?.text ?? "") && findings.holdsSecret) findings.commitsSecret = true;
  if (verb?.text === "push" && findings.commitsSecret) findings.sendsOut = true;
  if (/^(?:show|cat-file|archive|diff)$/.test(verb?.text ?? "")) for (const word of rest) noteOldFile(call, word);
  if (words.some((word) => /(?:^|:)ext::/.test(word))) findings.note("runs_hidden", call.text);
}

function placed({ reader, state }: Call, word: Call["words"][number]): Place | null {
  if (word.text === null || word.text.startsWith("-") || state.folder === null) return null;
  return placeOf(reader.surroundings.resolve(word.text, state.folder).path, reader.surroundings);
}

/** git writes files, too. */
function noteGatePath(call: Call, word: Call["words"][number]): void {
  if (placed(call, word)?.gate === "inside")
    call.reader.findings.gate(`Lets git change ${word.source}, which belongs to Pullcord.`, call.text);
}

/** What is committed stays in the history, and goes out with the next push. */
function noteStaged(call: Call, word: Call["words"][number]): void {
  if (placed(call, word)?.secret !== true) return;
  call.reader.findings.commitsSecret = true;
  call.reader.findings.note("reads_secret", call.text);
}

/** `HEAD:.env`: a file as it once was. */
function noteOldFile(call: Call, word: Call["words"][number]): void {
  const path = /^[^:/]*:(?:\.\/)?([^:]+)$/.exec(word.text ?? "")?.[1];
  if (path) call.reader.touch("read", { ...word, text: path }, call.state);
}

function setsValue(words: readonly string[]): boolean {
  if (words.some((word) => /^(?:--get(?:-all|-regexp|-urlmatch)?|--list|-l|get|list|--name-only)$/.test(word))) return false;
  const plain = words.filter((word) => !word.startsWith("-"));
  if (words.some((word) => /^--(?:unset|unset-all|remove-section|rename-section|edit|add|replace-all)$|^(?:set|unset|edit|-e)$/.test(word)))
    return true;
  const name = plain[0] ?? "";
  if (plain.length < 2) return false;
  const global = words.some((word) => /^--(?:global|system|file)/.test(word));
  return (
    global ||
    !/^(?:user\.(?:name|email)|core\.(?:autocrlf|filemode|quotepath|ignorecase)|pull\.(?:rebase|ff)|branch\..+\.(?:description|merge|remote)|init\.defaultbranch|push\.\w+|merge\.conflictstyle|diff\.(?:algorithm|renames)|rerere\.enabled|color\..+|advice\..+|rebase\.\w+)$/i.test(
      name,
    )
  );
}

/** Whether these words throw away changes in files. */
function discards(verb: string, words: readonly string[]): boolean {
  const has = (pattern: RegExp): boolean => words.some((word) => pattern.test(word));
  if (verb === "switch") return has(/^(?:-f|--force|--discard-changes|-C|--force-create)$/);
  if (verb === "restore") return !has(/^(?:--staged|-S)$/) || has(/^(?:--worktree|-W|-SW|-WS)$/);
  if (has(/^(?:-f|--force|-B|-p|--patch|--ours|--theirs)$/) || has(/^--$/) || has(/^\.$|^:\/|^\.\/|\/$/)) return true;
  const plain = words.filter((word) => !word.startsWith("-"));
  if (has(/^(?:-b|--orphan|--track|-t|--detach|-d)$/)) return false;
  // `git checkout name` is a branch unless it looks like a file; with a second name, files are taken back.
  return plain.length > 1 || plain.some((word) => /\.[a-z]{1,5}$/.test(word) && !/^(?:v?\d|release|feat)/.test(word));
}
