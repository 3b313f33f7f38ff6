import type { Call } from "../shell/call.js";
import { programNamed } from "./index.js";
import { asksHowToUse, onlyLooks } from "./conventions.js";
import { asksForHelp, readCall } from "./read-call.js";
import { wordsNameGate } from "../gate-address.js";
import { isWithin } from "../path.js";
import { mostKept, mostWords } from "../bounds.js";
import { holdsSecret } from "../secrets.js";
import { setsGateVariable } from "../gate-paths.js";
import { noteForeignParts } from "./foreign-parts.js";
import { noteExhausting } from "./exhausting.js";
import { noteRemovedPackage } from "./removed-packages.js";
import { noteScriptName } from "./script-names.js";
import { noteUnknownProgram } from "./unknown-program.js";
import { evaluating, formatted, hidesCommand } from "../shell/evaluated.js";
import type { ShellReader } from "../shell/shell-reader.js";
import type { ShellState } from "../shell/state.js";
import type { ShellWord } from "../shell/word.js";

/** Works out which program the words start, and what it does. `scope` also knows the variables set for this command alone. */
export function runWords(
  reader: ShellReader,
  words: readonly ShellWord[],
  { state, scope }: { readonly state: ShellState; readonly scope: ShellState },
): void {
  const [first, ...rest] = words;
  if (!first) return;
  const text = words.map((word) => word.source).join(" ");
  if (words.length > mostWords) return reader.findings.limit("A command has too many words.", text);
  if (first.text === null || first.pattern) {
    record(reader, { program: null, words: rest, text });
    if (/\bpullcord\b/.test(first.source)) return noteGateProgram({ program: "pullcord", words: rest, text, reader, state });
    return reader.findings.confused("Which program runs is only known when it runs.", text, "runs_unknown");
  }
  if (first.text === "") return;
  const body = isGateProgram(first.text) ? undefined : state.functions.get(first.text);
  if (body) return reader.callFunction(body, rest, state);
  const program = locate(reader, { name: first.text, text }, state);
  record(reader, { program, words: rest, text });
  noteSecretWords(reader, { program, words: rest, text });
  const call: Call = { program, words: rest, text, reader, state: scope === state || !changesShell.has(program) ? scope : state };
  if (reader.surroundings && isGateProgram(program)) return noteGateProgram(call);
  if (evaluating.has(program)) noteEvaluatedWords({ program, words: rest, text, reader, state });
  noteGateAddress(call);
  noteGateVariables(call);
  noteGateService(call);
  noteRemovedPackage(call);
  noteExhausting(call);
  const gateWords = gateProgramBehind(call);
  if (gateWords) return noteGateProgram({ ...call, words: gateWords });
  const usage = programNamed(program);
  if (usage) {
    const { runs } = reader.findings;
    readCall(call, usage);
    if (reader.findings.runs > runs) noteForeignParts(call);
    return noteForeignFolder(call);
  }
  if (asksForHelp(rest) || asksHowToUse(rest)) return reader.findings.note("harmless", text);
  noteUnknownProgram(call);
  if (!first.text.includes("/") && onlyLooks(program, rest)) return reader.findings.note("reads_network", text);
  if (!first.text.includes("/")) return reader.findings.confused(`The program ${program} is not known.`, text, "unknown_program");
}

/** A build runs the code of the folder it runs in: another project's is not this one's. */
function noteForeignFolder({ reader, state, text }: Call): void {
  const { workspace } = reader.surroundings;
  if (workspace === null || state.folder === null || isWithin(state.folder, workspace)) return;
  if (["runs_task", "runs_project", "installs_locked"].some((name) => reader.findings.has(name as "runs_task")))
    reader.findings.note("runs_outside", text);
}

/** Builtins evaluate some of their words; `printf -v` and `mapfile` fill a variable that may be evaluated later. */
function noteEvaluatedWords({ program, words, text, reader, state }: Call): void {
  for (const word of words)
    reader.noteEvaluated(word.text, text, hidesCommand(word.text) || (program === "let" && state.hiding.has(word.text ?? "")));
  const texts = words.map((word) => word.text);
  if (program === "printf" && texts[0] === "-v") reader.noteEvaluated(formatted(texts.slice(2)), text);
  if (/^(?:mapfile|readarray)$/.test(program) && state.input.kind === "text") reader.noteEvaluated(state.input.text, text);
}

const changesShell = new Set([
  "cd",
  "pushd",
  "popd",
  "export",
  "readonly",
  "declare",
  "typeset",
  "local",
  "unset",
  "read",
  "mapfile",
  "readarray",
  "eval",
  "source",
  ".",
  "set",
  "alias",
  "builtin",
  "command",
]);
const systemFolder = /^(?:\/usr)?(?:\/local)?\/s?bin\/[^/]+$/;

/** The base name of a program, after what its place means has been noted. */
function locate(reader: ShellReader, { name, text }: { readonly name: string; readonly text: string }, state: ShellState): string {
  const slash = name.lastIndexOf("/");
  const base = name.slice(slash + 1);
  if (slash < 0) return base;
  const { workspace } = reader.surroundings;
  const path = name.startsWith("/") || state.folder !== null ? reader.surroundings.resolve(name, state.folder ?? "/").path : null;
  if (systemFolder.test(name) && !name.includes("..")) return base;
  if (path !== null && systemFolder.test(path)) return path.slice(path.lastIndexOf("/") + 1);
  if (path !== null && reader.findings.writes.has(path))
    reader.findings.confused("It runs a file that it has just written.", text, "runs_unknown");
  if (path !== null && workspace !== null && isWithin(path, workspace)) {
    if (/\/(?:node_modules\/\.bin|\.?venv\/bin|vendor\/bin)\/[^/]+$/.test(path) || /\/node_modules\/\.bin\/[^/]+$/.test(name)) return base;
    if (reader.findings.unpacked && reader.surroundings.isCommitted(path) !== true) reader.findings.note("runs_foreign", text);
    reader.findings.note("runs_project", text);
    noteScriptName(base, reader.findings, text);
    return base;
  }
  if (/\/(?:node_modules\/\.bin|\.?venv\/bin)\/[^/]+$/.test(name) && !name.startsWith("/")) return base;
  reader.findings.note("runs_outside", text);
  return base;
}

interface Started<Name> {
  readonly program: Name;
  readonly words: readonly ShellWord[];
  readonly text: string;
}

function record(reader: ShellReader, { program, words, text }: Started<string | null>): void {
  if (reader.findings.commands.length < mostKept) reader.findings.commands.push({ program, words: words.map((word) => word.text), text });
}

/** A secret on a command line is shown to every process list; sending it is judged where it is sent. */
function noteSecretWords(reader: ShellReader, { program, words, text }: Started<string>): void {
  // Web clients tell a credential in a header from a secret in what they send.
  if (/^(?:curl|wget|wget2|http|https|xh)$/.test(program)) return;
  if (words.some((word) => word.text !== null && word.text.length < wordJudged && holdsSecret(word.text)))
    reader.findings.holdsSecret = true;
  const elsewhere =
    databaseClients.test(program) && /(?:\s-h\s*|--host[= ]|:\/\/(?:[^@/\s]*@)?)(?!localhost|127\.|\[?::1|\/)[\w.-]+/.test(text);
  if ((carriers.test(program) || elsewhere) && words.some((word) => word.secret)) reader.findings.sendsOut = true;
  // Whoever searches for keys by their look finds keys.
  if (/^(?:grep|egrep|fgrep|rg|ag|ack|git)$/.test(program) && words.some((word) => searchesKeys.test(word.text ?? "")))
    reader.findings.holdsSecret = true;
  if (!words.some((word) => word.secret)) return;
  reader.findings.holdsSecret = true;
  if (program === "echo" || program === "printf") reader.findings.note("reads_secret", text);
}

const searchesKeys = /sk_live|\bAKIA|BEGIN[\s\w.*]*PRIVATE|ghp_|glpat-|xox[abp]-|aws_secret|_SECRET(?:_|\b)|SECRET_KEY/;

const databaseClients = /^(?:psql|mysql|mariadb|mongosh|mongo|redis-cli|valkey-cli|sqlcmd|clickhouse-client|influx)$/;

/** Programs that take what their words say to other people or machines. */
const carriers =
  /^(?:gh|glab|hub|tea|slack|slackcat|slack-cli|telegram-send|signal-cli|discord|ntfy|apprise|twilio|stripe|aws|gcloud|az|heroku|vercel|netlify|fly|flyctl|wrangler|http|https|xh|ping|ping6|traceroute|nmap|logger)$/;

/** Programs that open a connection to where their words say, or a way to it. */
const connects =
  /^(?:nc|ncat|netcat|nc\.\w+|socat|telnet|ftp|tftp|lftp|openssl|gnutls-cli|websocat|wscat|grpcurl|grpc_cli|ssh|autossh|sshuttle|chisel|corkscrew|proxytunnel|ab|wrk|hey|siege|k6|vegeta|bombardier|oha|autocannon|lynx|w3m|links|elinks|ngrok|cloudflared|localtunnel|lt|bore|frpc|zrok|tailscale|iptables|nft)$/;

/** Pullcord's API by another way than a web request that is read as one. */
function noteGateAddress({ program, words, reader, text }: Call): void {
  if (!connects.test(program) && programNamed(program)) return;
  // A port that is only looked at: `nc -z localhost 7420`.
  if (/^(?:nc|ncat|netcat)$/.test(program) && words.some((word) => /^-[vnw]*z[vnw]*$/.test(word.text ?? ""))) return;
  const texts = words.map((word) => word.text);
  if (wordsNameGate(texts, reader.surroundings)) reader.findings.gate("Connects to Pullcord's own API past its client.", text);
}

/** Programs whose words are only looked at, shown or searched for. */
const looks =
  /^(?:grep|egrep|fgrep|rg|ag|ack|echo|printf|git|gh|glab|test|\[|\[\[|cat|sed|awk|jq|yq|find|fd|ls|head|tail|diff|wc|sort|printenv|which|type|man|tee|ed|ex|sponge)$/;

/** A variable of Pullcord's that is set for others: `systemctl set-environment PULLCORD_X=…`, `docker run -e PULLCORD_X`. */
function noteGateVariables({ program, words, reader, state, text }: Call): void {
  if (looks.test(program)) {
    const given = state.input.kind === "text" ? (state.input.text ?? "") : "";
    if (setsGateVariable.test(given) || words.some((word) => setsGateVariable.test(word.text ?? word.prefix)))
      reader.findings.saysGateVariable = true;
    return;
  }
  if (words.some((word) => /^(?:--?[\w-]+=)?PULLCORD_[A-Z]\w*(?:=|$)/.test(word.text ?? word.prefix)))
    reader.findings.gate("Sets a variable that steers Pullcord.", text);
}

/** Pullcord under the care of a program that runs others: `pm2 delete pullcord`, `docker rm -f pullcord`. */
function noteGateService({ program, words, reader, text }: Call): void {
  if (
    !/^(?:pm2|supervisorctl|forever|overmind|docker|podman|nerdctl|launchctl|s6-svc|sv|svc|monit|nomad|rc-service|initctl)$/.test(program)
  )
    return;
  const [verb] = words.filter((word) => !(word.text ?? "").startsWith("-"));
  if (
    !/^(?:stop|rm|kill|pause|restart|delete|unload|remove|disable|down|scale|update|bootout|unmonitor|exec|rename|container|compose)$/.test(
      verb?.text ?? "stop",
    )
  )
    return;
  if (words.some((word) => /(?:^|\/)pullcord(?:[-.@_]\w*)*$/.test(word.text ?? "")))
    reader.findings.gate("Ends or changes Pullcord's own service.", text);
}

/** Longest word that is looked through for a secret, in UTF-16 code units. */
const wordJudged = 20_000;

/** Programs that run another package's command. */
const packageRunners = /^(?:npx|npm|pnpm|pnpx|yarn|yarnpkg|bun|bunx|corepack|node|nodejs|tsx|ts-node|deno|volta|mise|asdf|fnm)$/;
/** Words of theirs that say no more than that a command follows. */
const runnerVerb = /^(?:-.*|exec|x|dlx|run|run-script|create|npx|npm|pnpm|yarn|bun|node)$/;
const gatePackage = /^(?:npm:)?pullcord(?:@[^/]*)?$|(?:^|\/)pullcord(?:\.[cm]?js)?$|(?:^|\/)node_modules\/pullcord(?:\/|$)/;

/** Pullcord's own command under another name (`yarn pullcord`, `node node_modules/pullcord/…`): the words behind it. */
function gateProgramBehind({ program, words }: Call): Call["words"] | null {
  if (!packageRunners.test(program)) return null;
  const at = words.findIndex((word) => gatePackage.test(word.text ?? word.source.replace(/^"|"$/g, "")));
  return at >= 0 && words.slice(0, at).every((word) => runnerVerb.test(word.text ?? "")) ? words.slice(at + 1) : null;
}

function isGateProgram(program: string): boolean {
  return program === "pullcord";
}

const readingVerbs =
  /^(?:status|ps|log|logs|explain|show|inbox|doctor|verify|judge|help|version|whoami|docs|confirm|--help|--version|-h|-V)$/;

/** The gate's own command: agents may look, only people may act. */
function noteGateProgram({ words, reader, state, text }: Call): void {
  const verbs = words.filter((word) => !(word.text ?? "").startsWith("-"));
  const verb = verbs[0]?.text ?? words[0]?.text ?? null;
  const sub = verbs[1]?.text;
  // A hold that a program holds is nobody's.
  if (/^(?:confirm|inbox)$/.test(verb ?? "") && state.input.kind !== "none")
    return reader.findings.gate("Answers Pullcord's question in a person's place.", text);
  if (verb !== null && readingVerbs.test(verb)) return reader.findings.note("harmless", text);
  if (verb === "policy" && /^(?:show|list|get|check|explain|test)$/.test(sub ?? "")) return reader.findings.note("harmless", text);
  reader.findings.gate(`Runs pullcord ${verb ?? ""}, which only people may.`, text);
}
