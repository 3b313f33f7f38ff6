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

/** Builtins that take some of their words for numbers or for names of variables. */
export const evaluating: ReadonlySet<string> = new Set(
  "test [ [[ let unset read mapfile readarray printf getopts wait export declare typeset local readonly exit return shift break continue".split(
    " ",
  ),
);
