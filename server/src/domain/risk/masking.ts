import type { Json } from "@pullcord/sdk/protocol";
import { isSecretName, tokens } from "./secrets.js";

/** What stands in the place of a credential. */
const masked = "[secret]";

/** Where credentials stand, by what is around them; `$1` is kept. Bounded, so that no text is searched from each place to its end. */
const places: readonly RegExp[] = [
  /(?<kept>)-----BEGIN (?:[A-Z ]{1,40} )?PRIVATE KEY[^]*?(?:-----END (?:[A-Z ]{1,40} )?PRIVATE KEY-----|$)/g,
  /(?<kept>)\beyJ[\w-]{10,400}\.eyJ[\w-]{10,2000}(?:\.[\w-]{0,2000})?/g,
  /(?<kept>\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]{0,200}:)[^\s@/]{1,500}(?=@)/gi,
  /(?<kept>\b(?:Bearer|Basic|Token)\s{1,5})[\w.~+/=-]{6,}/gi,
  /(?<kept>(?:^|\s)--?(?:[a-z]{1,20}-)?(?:password|passwd|passphrase|token|secret|api-?key|access-?key|private-?key)(?:=|\s{1,5}))(?!-)[^\s$][^\s]*/gi,
];

const assignment = /\b(?<name>[A-Za-z_]\w{0,100})=(?<value>"[^"$]*"|'[^']*'|[^\s"'$&;|<>]+)/g;
const token = new RegExp(tokens.source, "g");

/**
 * The same value without what is known to be a credential, by its shape, its place or its name: for whoever may see
 * what an action is, and nothing that could be used. What nothing gives away as a secret stays.
 */
export function maskSecrets(value: Json, name = ""): Json {
  if (typeof value === "string") return isSecretName(name) && value !== "" ? masked : maskText(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => maskSecrets(item, name));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [maskText(key), maskSecrets(item, key)]));
}

function maskText(text: string): string {
  let clean = text;
  for (const place of places) clean = clean.replaceAll(place, `$<kept>${masked}`);
  clean = clean.replaceAll(assignment, (whole: string, variable: string) => (isSecretName(variable) ? `${variable}=${masked}` : whole));
  return clean.replaceAll(token, (whole) => (whole.includes(masked) ? whole : masked));
}
