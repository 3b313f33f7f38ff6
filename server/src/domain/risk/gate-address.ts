import type { Surroundings } from "../reading.js";
import { classifyHost } from "./host-class.js";

/** Where a connection goes; null where that is only known while it runs. */
export interface Address {
  readonly host: string | null;
  readonly port: string | null;
}

/** Longest text that is searched for addresses, in UTF-16 code units. */
const searchLimit = 4_096;
const portCount = 65_536;

/** Whether a connection reaches Pullcord's API: its port on this machine, or on a host that nobody can know here. */
export function isGateAddress({ host, port }: Address, { gate }: Surroundings): boolean {
  const place = host === null ? "unknown" : classifyHost(host);
  return gate.hosts.some((known) => {
    if (port === null || !coversPort(port, portOf(known))) return false;
    return host === nameOf(known) || ((place === "this_machine" || place === "unknown") && classifyHost(nameOf(known)) === "this_machine");
  });
}

/** Whether the words of a program that connects name Pullcord's API, however they spell it (`TCP:127.1:7420`, `0 7420`). */
export function wordsNameGate(words: readonly (string | null)[], surroundings: Surroundings): boolean {
  const pieces = words.flatMap((word) => (word === null ? [null] : word.slice(0, searchLimit).split(/[\s,=@/]+/)));
  const tokens = pieces.flatMap((piece) => (piece === null ? [null] : [piece.replace(/^\[|\]$/g, ""), ...piece.split(/[:[\]]+/)]));
  return surroundings.gate.hosts.some((known) => {
    if (!tokens.some((token) => token !== null && coversPort(token, portOf(known)))) return false;
    // A bare number is a port; zero, and one too large for a port, is an address.
    const names = tokens.filter((token) => token !== null && token !== "" && !/^\+?0*[1-9]\d{0,4}(?:-\d*)?$/.test(token));
    const here = names.some((token) => token === nameOf(known) || (token !== null && classifyHost(token) === "this_machine"));
    return here || !names.some((token) => token !== null && isElsewhere(token));
  });
}

/** Whether code that is not read holds the address, or the port as a number of its own. */
export function codeNamesGate(code: string, { gate }: Surroundings): boolean {
  return gate.hosts.some((known) => {
    const ownMachine = classifyHost(nameOf(known)) === "this_machine";
    return code.includes(known) || (ownMachine && new RegExp(`(?<![\\w.])${portOf(known)}(?!\\w)`).test(code));
  });
}

/** A port of Pullcord's API. */
export function isGatePort(port: string, { gate }: Surroundings): boolean {
  return gate.hosts.some((known) => coversPort(port, portOf(known)));
}

function isElsewhere(token: string): boolean {
  const place = classifyHost(token);
  return place === "public" || place === "bare_address" || place === "production" || (place === "private" && /[.:]/.test(token));
}

/** `7420`, `007420`, `7000-8000`; the C library cuts a number off at 16 bits. */
function coversPort(text: string, port: string): boolean {
  const range = /^\+?(\d{1,9})(?:-(\d{1,9}))?$/.exec(text.trim());
  if (!range) return false;
  const [first, last] = [Number(range[1]), Number(range[2] ?? range[1])];
  return range[2] === undefined ? first % portCount === Number(port) : first <= Number(port) && Number(port) <= last;
}

function portOf(known: string): string {
  return known.slice(known.lastIndexOf(":") + 1);
}

function nameOf(known: string): string {
  return known.slice(0, known.lastIndexOf(":")).replace(/^\[|\]$/g, "");
}
