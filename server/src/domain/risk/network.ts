import type { Surroundings } from "../reading.js";
import { type Findings, keep } from "./findings.js";
import { classifyHost } from "./host-class.js";
import { type Address, isGateAddress } from "./gate-address.js";
import { holdsSecret } from "./secrets.js";
import { type Scene, touch } from "./touch.js";

export { classifyHost } from "./host-class.js";

export interface Request {
  readonly url: string | null;
  readonly method: string | null;
  /** Null when only known while it runs. */
  readonly body?: string | null;
  readonly headers?: readonly string[];
  /** Part of the request is a secret, by where it came from. */
  readonly secret?: boolean;
  readonly evidence?: string;
}

/** Records what a request means. */
export function noteRequest(request: Request, findings: Findings, surroundings: Surroundings): void {
  const evidence = request.evidence ?? request.url ?? "a request";
  const url = request.url === null ? null : parseUrl(request.url);
  if (url?.protocol === "file:") return touch("read", { text: decode(url.pathname), from: null }, { findings, surroundings });
  if (url === null) {
    keep(findings.hosts, null);
    return findings.note(isRead(request) ? "reads_unknown_host" : "sends_data", evidence);
  }
  keep(findings.hosts, url.host);
  const place = surroundings.facts?.isProductionHost?.(url.hostname) === true ? "production" : classifyHost(url.hostname);
  if (aimsAtGate(url, surroundings)) return noteGateRequest(url, { ...request, evidence }, findings);
  // `gopher://`, `dict://`: what is sent there is no question of the web's.
  if (!/^(?:https?|wss?):$/.test(url.protocol)) return findings.note("sends_data", evidence);
  if (place === "this_machine") return findings.note(isRead(request) ? "reads_local" : "local_request", evidence);
  const parts = [decode(url.href), request.body ?? "", ...(request.headers ?? [])];
  noteSecrets({ ...request, evidence }, { url, parts }, findings);
  if (place === "metadata") return findings.note("reads_metadata", evidence);
  if (isRead(request) && !hasEffect(url))
    return findings.note(place === "public" || place === "production" ? "reads_network" : "reads_unknown_host", evidence);
  findings.sendsOut ||= request.body !== undefined || !isRead(request);
  if (grantsAccess(url)) findings.note("grants_access", evidence);
  findings.note(place === "production" ? "production" : "sends_data", evidence);
}

function noteSecrets(
  { secret, evidence }: Request,
  { url, parts }: { readonly url: URL; readonly parts: readonly string[] },
  findings: Findings,
): void {
  if (secret) findings.note("sends_secret", evidence);
  else if (parts.slice(0, 2).some(holdsSecret)) findings.note(url.username ? "sends_credential" : "sends_secret", evidence);
  else if (url.password !== "" || parts.slice(2).some((header) => /^(?:authorization|cookie|x-api-key|private-token)\s*:/i.test(header)))
    findings.note("sends_credential", evidence);
  else if (/[?&](?:token|key|api_?key|secret|password|access_token|sig)=/i.test(url.search)) findings.note("sends_credential", evidence);
}

function parseUrl(text: string): URL | null {
  const full = /^(?:[a-z][a-z0-9+.-]*:\/\/|file:)/i.test(text) ? text : `http://${text}`;
  return URL.canParse(full) ? new URL(full) : null;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isRead(request: Request): boolean {
  const isOverridden = request.headers?.some((header) => /^x-(?:http-)?method(?:-override)?\s*:/i.test(header)) === true;
  return request.method !== null && /^(?:GET|HEAD|OPTIONS)$/i.test(request.method) && request.body === undefined && !isOverridden;
}

/** A GET that asks for an effect by its own words. */
function hasEffect(url: URL): boolean {
  return (
    /\/(?:delete|remove|send|trigger|deploy|unsubscribe|logout|reset|approve|purge|publish|hooks?|webhooks?)(?:\/|$)|[?&](?:action|cmd|do|op)=(?:delete|remove|send|deploy|reset|drop|purge)/i.test(
      url.pathname + url.search,
    ) && !/^(?:docs?|developer|developers|wiki|www|help|support)\./.test(url.hostname)
  );
}

/** Keys and members at a forge: lasting access. */
function grantsAccess(url: URL): boolean {
  return (
    /\/(?:user|users\/[^/]+|repos\/[^/]+\/[^/]+|projects\/[^/]+)\/(?:(?:ssh[_-])?(?:signing[_-])?keys|gpg[_-]keys|deploy[_-]keys|collaborators|members|default-reviewers)(?:\/|$)/.test(
      url.pathname,
    ) && /github|gitlab|bitbucket|gitea|forge/.test(url.hostname)
  );
}

function aimsAtGate(url: URL, surroundings: Surroundings): boolean {
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return isGateAddress({ host: url.hostname, port }, surroundings);
}

function noteGateRequest(url: URL, request: Request, findings: Findings): void {
  const { evidence } = request;
  if (isRead(request) && !/\/(?:resol\w+|approve|deny|break-?glass|stop|override|confirm)(?:\/|$)/i.test(url.pathname))
    return findings.note("local_request", evidence);
  findings.gate("Sends a request to Pullcord's own API that only people may send.", evidence);
}

/** Data that goes to a host by other ways than a web request (`/dev/tcp`, `nc`, `scp`, mail). */
export function sendsTo({ host, port }: Address, { findings, surroundings }: Scene, evidence: string): void {
  keep(findings.hosts, host);
  if (isGateAddress({ host, port }, surroundings)) return findings.gate("Connects to Pullcord's own API past its client.", evidence);
  const place = host === null ? "unknown" : classifyHost(host);
  if (place === "this_machine") return findings.note("local_request", evidence);
  findings.sendsOut = true;
  findings.note(place === "metadata" ? "reads_metadata" : "sends_data", evidence);
}
