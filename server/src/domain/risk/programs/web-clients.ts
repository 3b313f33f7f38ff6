import { wordsNameGate } from "../gate-address.js";
import { classifyHost, noteRequest } from "../network.js";
import { isSecretName } from "../secrets.js";
import type { Call } from "../shell/call.js";
import type { ShellWord } from "../shell/word.js";
import { type Given, noteOptions } from "./flags.js";
import { downloadedName } from "./outgoing.js";
import type { Usage } from "./usage.js";

/** Requests as curl, wget and httpie make them: the address, the method, what goes along and where the answer lands. */

function flagValue(given: Given, ...names: readonly string[]): ShellWord | null {
  return given.flags.findLast(({ flag }) => names.includes(flag.name))?.value ?? null;
}

const dataFlags =
  /^(?:-d|--data(?:-\w+)?|--json|-F|--form(?:-string)?|-T|--upload-file|--post-data|--post-file|--body-data|--body-file|--url-query)$/;

/** What a request would carry: known text, a file (read here), or null. */
function bodyOf(call: Call, given: Given): { body?: string | null; secret: boolean } {
  const { reader, state } = call;
  const parts = given.flags.filter(({ flag }) => dataFlags.test(flag.name));
  const secret = parts.some(({ value }) => value?.secret);
  if (parts.length === 0) return { secret };
  let body: string | null = "";
  for (const { flag, value } of parts) {
    const text = value?.text ?? null;
    const file = /^(?:-T|--upload-file|--post-file|--body-file)$/.test(flag.name)
      ? text
      : /^(?:-F|--form|--json)$|^-d$|^--data(?!-raw)/.test(flag.name)
        ? ((flag.name === "--data-urlencode" ? /^[\w.-]*@(.+)$/ : /(?:^|=)[@<]([^;]+)/).exec(text ?? "")?.[1] ?? null)
        : null;
    if (file !== null && file !== "-" && value) reader.touch("read", { ...value, text: file }, state);
    body = body === null || text === null ? null : `${body}&${text}`;
  }
  return { body, secret };
}

export function readCurl(call: Call, usage: Usage): void {
  const given = noteOptions(call, usage);
  const { reader, state, text } = call;
  const { body, secret } = bodyOf(call, given);
  const names = given.flags.map(({ flag }) => flag.name);
  if (names.includes("-K") || names.includes("--config")) reader.findings.confused("The request is in a file.", text);
  if (names.includes("-O") || names.includes("--remote-name"))
    for (const target of given.others) reader.touch("write", { ...target, text: downloadedName(target.text), pattern: false }, state);
  const named = flagValue(given, "-X", "--request");
  const asksGet = names.includes("-G") || names.includes("--get");
  const method = named
    ? named.text
    : names.includes("-I") || names.includes("--head")
      ? "HEAD"
      : body !== undefined && !asksGet
        ? "POST"
        : "GET";
  const headers = given.flags
    .filter(({ flag }) => /^(?:-H|--header|-b|--cookie)$/.test(flag.name))
    .map(({ value }) => value?.text ?? "unknown: ");
  // Without a `=` it names a file of cookies.
  for (const { flag, value } of given.flags)
    if (/^(?:-b|--cookie)$/.test(flag.name) && value?.text && !value.text.includes("=") && value.text !== "-")
      reader.touch("read", value, state);
  if (flagValue(given, "-u", "--user") || flagValue(given, "--oauth2-bearer") || names.includes("-n") || names.includes("--netrc"))
    headers.push("authorization: given");
  if (given.flags.some(({ flag, value }) => value?.secret && !dataFlags.test(flag.name))) headers.push("authorization: given");
  noteDetour(call, given);
  const targets = [...given.others, ...given.flags.filter(({ flag }) => flag.name === "--url").map(({ value }) => value)].filter(
    (word) => word !== null,
  );
  if (flagValue(given, "--unix-socket")) reader.findings.note("changes_system", text);
  const computed = given.flags.some(
    ({ flag, value }) => dataFlags.test(flag.name) && value !== null && value.text === null && !value.outside,
  );
  if (computed && targets.some((target) => target.text === null || !isHere(target.text))) reader.findings.asksComputed = true;
  if (targets.length === 0) return reader.findings.note("harmless", text);
  for (const target of targets)
    requestTo(call, target, {
      method,
      headers,
      secret: secret || carriesFile(call, given),
      ...(body === undefined || asksGet ? {} : { body }),
    });
}

/** Headers whose purpose is to carry a credential. */
const credentialHeader =
  /^(?:(?:proxy-)?authorization|private-token|x-[\w-]*(?:token|key|auth)\w*|api-?key|token|apikey|job-token|deploy-token)\s*:/i;

/** What a file of secrets says, in a header, a cookie or a name: no login is made of that. */
function carriesFile({ state }: Call, given: Given): boolean {
  // A variable that was filled from a file of secrets, and is not named like a credential.
  const filled = (source: string): boolean =>
    [...source.matchAll(/\$\{?(\w+)/g)].some(([, name = ""]) => state.variables.get(name)?.secret === true && !isSecretName(name));
  return given.flags.some(({ flag, value }) => {
    const computed = /\$\(|`/.test(value?.source ?? "") || filled(value?.source ?? "");
    if (!value?.secret || !computed || /^(?:-u|--user|--oauth2-bearer|--password)$/.test(flag.name)) return false;
    return !(/^(?:-H|--header)$/.test(flag.name) && credentialHeader.test(value.text ?? value.prefix));
  });
}

/** `--connect-to`, `--resolve`, a proxy or a socket: another way to Pullcord's API. */
function noteDetour({ reader, text }: Call, given: Given): void {
  const detours = given.flags.filter(({ flag }) =>
    /^(?:--connect-to|--resolve|-x|--proxy|--unix-socket|--abstract-unix-socket)$/.test(flag.name),
  );
  if (detours.some(({ value }) => wordsNameGate([value?.text ?? null], reader.surroundings)))
    reader.findings.gate("Connects to Pullcord's own API past its client.", text);
}

function requestTo(
  call: Call,
  target: ShellWord,
  request: { method: string | null; headers: string[]; secret: boolean; body?: string | null },
): void {
  const { reader, state, text } = call;
  const file = /^file:(?:\/\/(?:localhost|127\.0\.0\.1)?)?(\/.*)$/i.exec(target.text ?? "");
  if (file) return reader.touch("read", { ...target, text: file[1] ?? "" }, state);
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(target.text ?? target.prefix)?.[1]?.toLowerCase();
  if (scheme && !/^https?$/.test(scheme)) {
    if (wordsNameGate([target.text], reader.surroundings)) reader.findings.gate("Connects to Pullcord's own API past its client.", text);
    reader.findings.note("sends_data", text);
    reader.findings.sendsOut ||= request.body !== undefined;
    return;
  }
  // Part of the address is computed: the host may still be known.
  const host = target.text === null ? /^(?:https?:\/\/)?([\w.-]+(?::\d+)?)\//.exec(target.prefix)?.[1] : undefined;
  const url = target.text ?? (host ? `http://${host}/` : null);
  const here = url !== null && isHere(url);
  if (!here && target.text === null && !target.outside) reader.findings.asksComputed = true;
  noteRequest(
    { url, ...request, secret: !here && (request.secret || target.secret), evidence: text },
    reader.findings,
    reader.surroundings,
  );
}

export function isHere(url: string): boolean {
  const full = /^[a-z]+:\/\//i.test(url) ? url : `http://${url}`;
  return URL.canParse(full) && classifyHost(new URL(full).hostname) === "this_machine";
}

export function readWget(call: Call, usage: Usage): void {
  // `-nc`, `-np`, `-nv` and their like are one option each.
  const words = call.words.filter((word) => !/^-n[cdpvH]$/.test(word.text ?? ""));
  const given = noteOptions({ ...call, words }, usage);
  const { reader, state, text } = call;
  const { body, secret } = bodyOf(call, given);
  const method = flagValue(given, "--method")?.text ?? (body === undefined ? "GET" : "POST");
  const headers = given.flags.filter(({ flag }) => flag.name === "--header").map(({ value }) => value?.text ?? "unknown: ");
  if (flagValue(given, "--password")) headers.push("authorization: given");
  if (!flagValue(given, "-O", "--output-document") && given.others[0])
    reader.touch("write", { ...given.others[0], text: downloadedName(given.others[0].text), pattern: false }, state);
  for (const target of given.others)
    requestTo(call, target, { method, headers, secret: secret || carriesFile(call, given), ...(body === undefined ? {} : { body }) });
  if (given.others.length === 0) reader.findings.note("harmless", text);
}

export function readHttpie(call: Call, usage: Usage): void {
  const given = noteOptions(call, usage);
  const [first, ...rest] = given.others;
  if (!first) return call.reader.findings.note("harmless", call.text);
  const method = /^(?:get|head|options|post|put|patch|delete)$|^[A-Z]+$/.test(first.text ?? "") ? (first.text ?? "").toUpperCase() : null;
  const target = method ? rest[0] : first;
  const items = method ? rest.slice(1) : rest;
  const data = call.state.input.kind !== "none" || items.some((word) => !/^[\w-]+(?:==|:)/.test(word.text ?? ""));
  for (const item of items)
    if (/@/.test(item.text ?? "")) call.reader.touch("read", { ...item, text: (item.text ?? "").split("@")[1] ?? "" }, call.state);
  if (target)
    requestTo(
      call,
      { ...target, text: target.text?.replace(/^:(?=\d|\/)/, "localhost:") ?? null },
      { method: method ?? (data ? "POST" : "GET"), headers: [], secret: false, ...(data ? { body: null } : {}) },
    );
}
