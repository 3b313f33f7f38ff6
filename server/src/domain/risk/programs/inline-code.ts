import { codeNamesGate } from "../gate-address.js";
import { isWithin } from "../path.js";
import type { Call } from "../shell/call.js";
import { namedFiles, touchNamed } from "./code-files.js";
import { containedFiles } from "./contained-files.js";
import { knownCalls } from "./known-calls.js";
import { namesSecretFile, noteForbiddenCalls } from "./code-calls.js";

/** Calls that only compute or print; anything else in inline code is not read. */
const harmlessCode = /^[\s\w.,:;+\-*/%<>=!?&|()[\]{}"'`#@\\$^~]*$/u;
/** Longest inline code that is read, in UTF-16 code units; nobody reads more at a glance. */
const codeLimit = 4_000;
const acting =
  /\b(?:exec|spawn|system|popen|subprocess|child_process|eval|Function|compile|__import__|importlib|os|shutil|pathlib|socket|http|https|urllib|requests|fetch|axios|net|dgram|tls|writeFile\w*|appendFile\w*|rm|rmSync|unlink\w*|rename\w*|mkdir\w*|rmdir\w*|truncate\w*|copyFile\w*|createWriteStream|symlink\w*|chmod\w*|chown\w*|kill|fork|process\.(?:kill|exit|env|binding|dlopen)|open|write|remove|delete|ctypes|pty|smtplib|ftplib|telnetlib|pickle|marshal|globals|getattr|setattr|vars|builtins|input|qx|backtick|IO|File|Dir|Kernel|Process|require_relative|load|send|constantize|fs|global|globalThis|Reflect|Proxy|constructor|import)\b|`/;

/** Code handed to an interpreter on its command line: not understood unless it plainly only computes. */
export function noteCode(call: Call, code: string | null): void {
  const { findings } = call.reader;
  const seen = (code ?? call.text).slice(0, codeLimit);
  noteForbiddenCalls(call, seen);
  const forbidden = noteShapes(call, seen);
  if (code === null) return findings.confused("It runs code that is only known when it runs.", call.text, "runs_unknown");
  if (code.length > codeLimit) return findings.confused("It runs more inline code than can be read.", call.text, "runs_code");
  if (call.program === "perl" && !forbidden && onlyEdits(code)) return findings.note("harmless", call.text);
  // Languages whose functions are too many to know are not read at all.
  const readable = /^(?:node|nodejs|tsx|ts-node|python[\d.]*|py|pypy3?)$/.test(call.program);
  // Printing a fixed text is no more than that, whatever the text says.
  if (/^\s*(?:print|console\.(?:log|error|info|warn))\s*\((["'])[^"'`\\$]*\1\)[;\s]*$/.test(code))
    return findings.note("harmless", call.text);
  if (readable && isHarmless(code)) return findings.note("runs_task", call.text);
  const files = readable ? namedFiles(code) : null;
  if (files && isHarmless(files.rest)) {
    touchNamed(call, files);
    return findings.note("runs_task", call.text);
  }
  if (readable && noteKnown(call, code)) return findings.note("runs_task", call.text);
  if (mentionsGate(code, call)) return findings.gate("Runs code that reaches for Pullcord.", code);
  findings.confused("It runs inline code that cannot be read as safe.", call.text, "runs_code");
}

/** Code of known calls and of files that stay in the workspace; tells whether that is all of it. */
function noteKnown(call: Call, code: string): boolean {
  if (mentionsGate(code, call)) return false;
  const { rest, apply } = knownCalls(call, code);
  const contained = containedFiles(rest);
  const { workspace } = call.reader.surroundings;
  const { folder } = call.state;
  const isInside = workspace !== null && folder !== null && isWithin(folder, workspace);
  if (!contained || !isInside || !isHarmless(contained.rest)) return false;
  apply();
  call.reader.findings.note(contained.writes ? "writes_workspace" : "reads_workspace", call.text);
  return true;
}

/** Shapes of code that are forbidden whatever stands around them; tells whether there was one. */
function noteShapes(call: Call, code: string): boolean {
  const { findings } = call.reader;
  const opensShell =
    (connects.test(code) && handsOver.test(code)) || (dials.test(code) && (runsWhatComes.test(code) || namesShell.test(code)));
  const leaks = sends.test(code) && !/localhost|127\.0\.0\.1/.test(code) && (secretPlaces.test(code) || namesSecretFile(call, code));
  const spread = code.replaceAll("\\n", "\n");
  const multiplies = forks.test(code) || forks.test(spread);
  if (multiplies) findings.note("bomb", code);
  else if (opensShell) findings.note("remote_shell", code);
  else if (leaks) findings.note("sends_secret", code);
  return multiplies || opensShell || leaks;
}

/** A process that multiplies without end. */
const forks =
  /\bfork\b[^\n]*\bfork\b|(?:\bwhile\b|\bloop\b|\buntil\b|for\s*\(\s*;\s*;)[^\n]*(?:\b|pcntl_)fork\b|\bfork\b[^\n]*\b(?:while|until)\b|\bwhile\s+(?:True|1)\s*:\s*\n?\s*(?:os|posix)\.fork|(?:\bwhile\b|\bfor\s*\(\s*;\s*;)[^\n]*(?:spawn|exec|fork|Popen)\w*\([^)\n]*(?:process\.(?:execPath|argv)|__filename|__file__|sys\.executable)/;
/** Names of secret files, or the whole environment; and ways out. */
const secretPlaces =
  /\.env\b(?!\.)|\.ssh\/|\.aws\/|\bid_(?:rsa|ed25519)\b|\.netrc|stringify\(process\.env\)|dict\(os\.environ\)|(?:data|json|params|files)\s*=\s*(?:dict\()?os\.environ\b|str\(os\.environ\)/;
const sends =
  /requests\.(?:post|put|patch|request|get)|urllib|\brequest\s*\(|\bdns\b[^]{0,200}(?:lookup|resolve)\w*\(|URI\.(?:open|parse)|open-uri|\.(?:post|put)\s*\(|Invoke-(?:WebRequest|RestMethod)|file_get_contents\(\s*["']https?:|fsockopen|stream_socket_client|\bmail\(|sendmail|ftp_put|ftplib|\.sendto\(|\bfetch\(|https?\.request|axios|\bcurl\b|\bsocket\b|smtplib|Net::HTTP|LWP|\bget(?:store)?\(\s*["']https?:|HTTP::Tiny|urlopen|httpx|aiohttp/i;
/** A connection, and a shell or a process handed to it. */
const connects =
  /\b(?:Deno|Bun)\.(?:connect|listen)\b|TcpClient|TCPClient|TcpListener|\bsocket\b|fsockopen|TCPSocket|TCPServer|\bnet\.(?:connect|createConnection|Socket)|IO::Socket|\/inet\/tcp|stream_socket_client|net\.Dial|\bSocket\b|require\(["'](?:node:)?(?:net|tls)["']\)/;
const handsOver =
  /\biex\b|Invoke-Expression|Deno\.Command|Start-Process|exec\.Command|\/bin\/(?:ba|da|z|k|c)?sh\b|\bpty\b|dup2|cmd\.exe|powershell|\bspawn\b|proc_open|shell_exec|\bexec\b/;

/** A connection that is surely opened to another machine, and a shell that runs what comes from it. */
const namesShell = /["'`](?:\/(?:usr\/)?bin\/)?(?:ba|da|z|k)?sh(?:\s+-[il]+)?["'`]/;
const dials = /\bnew Socket\(|\bconnect\s*\(|create_connection|fsockopen|TCPSocket|IO::Socket|stream_socket_client|net\.Dial/;
const runsWhatComes =
  /\b(?:io\.popen|os\.execute|popen|system)\b[^\n]*(?:receive|recv|read|gets|<)|(?:receive|recv|read|gets|<)[^\n]*\b(?:io\.popen|os\.execute|popen|system)\b/;

/** perl that only replaces or prints matching lines: `s/old/new/g`, `print if /x/`, `print "$.: $_"`. */
function onlyEdits(code: string): boolean {
  if (/[`]|@\{|\$\{|\(\?\??\{/.test(code)) return false;
  const edit =
    /^(?:(?:s|tr|y)([/|#,!])(?:\\.|(?!\1)[^\\\n])*\1(?:\\.|(?!\1)[^\\\n])*\1[gimsxd]*|print(?: "(?:[^"\\$@[\]{}>]|\\[ntr"]|\$(?:[_.]|\d|ARGV)(?![[{(]))*")?(?: (?:if|unless) \/(?:\\.|[^\\/])*\/i?)?)$/;
  return code
    .split(/;(?=\s*(?:s|tr|y|print)\b|\s*$)/)
    .map((part) => part.trim())
    .every((part) => part === "" || edit.test(part));
}

/** Code that is not read but names Pullcord's own parts. */
function mentionsGate(code: string, call: Call): boolean {
  const { gate } = call.reader.surroundings;
  return (
    /\bpullcord\b|PULLCORD_|\.claude\/settings/.test(code) ||
    codeNamesGate(code, call.reader.surroundings) ||
    gate.paths.some((path) => code.includes(path))
  );
}

/** `x["con" + "structor"](…)`: what is called is only known when it runs. */
const computedCall = /\]\s*\(/;

/** Private and hidden parts, through which a library leads to everything else: `_os.posix_spawn`, `__dict__`, `sys.modules`. */
const reaches = /\._(?!_(?:name|version|file|doc)__)|\bmodules\b|__(?!name__|version__|file__|doc__|main__)\w+__/;

function isHarmless(code: string): boolean {
  const stripped = code
    .replace(/\brequire\((["'])\.\/[\w./-]+\.json\1\)/g, "data")
    .replace(/\brequire\((["'])(?:node:)?(?:path|util|assert|url|querystring|os|crypto|zlib|semver)\1\)/g, "data")
    .replace(/\bimport\s[\w{}\s,*]{1,300}\sfrom\s{1,20}(["'])(?:\.\.?\/[\w./-]+|node:(?:path|util|assert|url))\1/g, "data")
    .replace(
      /\bimport\s+(?:json|sys|math|re|datetime|time|collections|itertools|platform|string|random|statistics|decimal|fractions|functools|textwrap|fastapi|uvicorn|pytest|csv|ast|pprint|typing|enum|uuid|hashlib|base64)\b(?:\s*,\s*(?:json|sys|math|re|datetime|time|csv|ast|collections))*/g,
      "data",
    )
    .replace(
      /\bfrom\s+(?:collections|datetime|time|math|re|json|itertools|functools|statistics|decimal|fractions|string|textwrap|typing|dataclasses)\s+import\s+\w+(?:\s*,\s*\w+)*/g,
      "data",
    )
    .replace(/\bopen\((["'])[\w./-]+\.(?:json|txt|csv|md|ya?ml|toml)\1\s*(?:,\s*(["'])r\2)?\)/g, "data")
    .replace(/\bjson\.(?:loads?|dumps?)\b|\bJSON\.(?:parse|stringify)\b/g, "data")
    .replace(
      /\brequire\((["'])(?:node:)?fs\1\)\.readFileSync\((["'])(?!\/|[^"']*(?:\.\.|secret|credential))[\w./-]+\.(?:json|txt|csv|md|ya?ml|toml)\2(?:,\s*(["'])utf-?8\3)?\)/g,
      "data",
    )
    .replace(/\bos\.(?:getcwd|path\.\w+|sep|cpus|platform|EOL|version)\b/g, "data")
    .replace(/\bprocess\.(?:version|versions|platform|arch|cwd|argv|memoryUsage|uptime)\b/g, "data");
  return harmlessCode.test(stripped) && !acting.test(stripped) && !computedCall.test(stripped) && !reaches.test(stripped);
}
