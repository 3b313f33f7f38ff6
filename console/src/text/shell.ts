/** A stretch of shell text with what it is, for colour only: it decides nothing. */
export interface ShellSpan {
  readonly kind: "plain" | "program" | "flag" | "string" | "variable" | "operator" | "comment";
  readonly text: string;
}

/** In this order at each place; a text that fits nowhere is plain. Every alternative is linear. */
const lexemes =
  /(?<comment>(?<=^|\s)#[^\n]*)|(?<string>'[^']*'?|"(?:[^"\\]|\\[^])*"?)|(?<variable>\$\{[^}\n]*\}?|\$[A-Za-z_]\w*|\$[0-9?!#@*$-])|(?<operator>&&|\|\|?|;;?|&|\$\(|[()<>`{}]|>>)|(?<flag>(?<=\s)--?[A-Za-z0-9][\w-]*)|(?<word>[^\s'"$|;&()<>`{}\\]+|\\[^])|(?<space>\s+|[^])/gu;

/** Words after which a new command begins. */
const opening = new Set([
  "do",
  "then",
  "else",
  "elif",
  "if",
  "while",
  "until",
  "!",
  "sudo",
  "env",
  "nohup",
  "time",
  "xargs",
  "exec",
  "command",
]);

/** Colours shell text lightly. Joined, the spans are the text. */
export function shellSpans(text: string): readonly ShellSpan[] {
  const out: ShellSpan[] = [];
  let expectsProgram = true;
  for (const match of text.matchAll(lexemes)) {
    const found = match[0];
    const groups = match.groups ?? {};
    if (groups["space"] !== undefined) {
      if (found.includes("\n") && !endsWithBackslash(out)) expectsProgram = true;
      push(out, "plain", found);
    } else if (groups["word"] !== undefined) {
      const assignment = expectsProgram && /^\w+=/u.test(found);
      push(out, expectsProgram && !assignment ? "program" : "plain", found);
      if (!assignment) expectsProgram = opening.has(found);
    } else {
      const kind = (["comment", "string", "variable", "operator", "flag"] as const).find((name) => groups[name] !== undefined) ?? "plain";
      push(out, kind, found);
      if (kind === "operator") expectsProgram = !/[<>)}]/u.test(found);
      else if (kind !== "comment") expectsProgram = false;
    }
  }
  return out;
}

function push(out: ShellSpan[], kind: ShellSpan["kind"], text: string): void {
  const last = out.at(-1);
  if (last?.kind === kind) out[out.length - 1] = { kind, text: last.text + text };
  else out.push({ kind, text });
}

function endsWithBackslash(out: readonly ShellSpan[]): boolean {
  return out.at(-1)?.text.endsWith("\\") ?? false;
}
