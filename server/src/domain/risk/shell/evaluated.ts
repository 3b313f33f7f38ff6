/**
 * Text that bash runs where it takes it for a number or for a variable's name: `a[$(…)]`, however it was quoted. Told
 * apart in one pass, since an agent chooses how long the text is.
 */
export function hidesCommand(text: string | null): boolean {
  if (text === null) return false;
  const runs = Math.max(text.lastIndexOf("$("), text.lastIndexOf("`"));
  const index = runs < 0 ? -1 : text.search(/\w\[/);
  return index >= 0 && index < runs;
}

/** Programs whose output is another spelling of what they were given. */
const decodes =
  /\$\([^]*(?:\b(?:base64|basenc|base32|xxd|rev|uudecode|openssl|gunzip|zcat|perl|python3?)\b|\bprintf\b[^]*(?:\\[xuU0]|%b))|`[^`]*(?:base64|xxd|rev|printf)/;
/** `${b:-x[$(…)]}` */
const hidesInDefault = /\$\{\w+:?[-=+][^}]*\w\[[^}]*(?:\$\(|`)/;

/** Whether what is assigned may hold a command in an index, though nobody can see it here. */
export function mayHide(source: string): boolean {
  return decodes.test(source) || hidesInDefault.test(source);
}

/** `printf -v name format words…`: the text that the variable gets, as far as `%s` goes. */
export function formatted(words: readonly (string | null)[]): string {
  const [format = "", ...values] = words.map((word) => word ?? "");
  let next = 0;
  return format.replace(/%[sbq]/g, () => values[next++] ?? "");
}

/** Builtins that take some of their words for numbers or for names of variables. */
export const evaluating: ReadonlySet<string> = new Set(
  "test [ [[ let unset read mapfile readarray printf getopts wait export declare typeset local readonly exit return shift break continue".split(
    " ",
  ),
);
