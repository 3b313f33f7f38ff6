import { parseSync } from "oxc-parser";
import type { Sources } from "./imports.js";

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Where tests go by a clock: on a slow machine they fail although nothing is broken, or see what is broken too late.
 * They wait for what must come (`expect.poll`), and for what must not come until something has come that is later still.
 */
export function clocksIn(tests: Sources): string[] {
  return [...tests].flatMap(([path, text]) => {
    const { program } = parseSync(path, text);
    const lineOf = ({ start }: Node) => text.slice(0, start).split("\n").length;
    const wordsOf = ({ start, end }: Node) => text.slice(start, end);
    const found: string[] = [];
    visit(program, (node) => {
      const why = faultOf(node, wordsOf);
      if (why !== null) found.push(`${path}:${lineOf(node)} ${why}`);
    });
    return found;
  });
}

type WordsOf = (node: Node) => string;

function faultOf(node: Node, wordsOf: WordsOf): string | null {
  const words = node.type === "CallExpression" ? wordsOf(node) : "";
  if (/^\w+\.waitForTimeout\(/.test(words)) return "waits for a time: wait for what the page shows then.";
  if ("arguments" in node && /^vi\s*\.waitFor\(/.test(words) && (node.arguments as unknown[]).length < 2)
    return "waits for one second: expect.poll waits as long as the test may take.";
  if (/^expect\([^]*\b(?:Date|performance)\.now\(\)[^]*\)\.toBeLessThan(?:OrEqual)?\([^()]*\)$/.test(words))
    return "holds a clock against a limit: count work, or compare with something in the same test.";
  if ("body" in node && Array.isArray(node.body) && isSleepBeforeExpectation(node.body as Node[], wordsOf))
    return "sleeps before it looks for what must not be there: wait for something that is later still.";
  return null;
}

function isSleepBeforeExpectation(statements: readonly Node[], wordsOf: WordsOf): boolean {
  return statements.some((statement, index) => {
    const next = statements[index + 1];
    const sleeps = /^await (?:sleep|pause|delay)\(|^await new Promise[^]*\bsetTimeout\(/.test(wordsOf(statement));
    return statement.type === "ExpressionStatement" && sleeps && next !== undefined && /\bexpect\(/.test(wordsOf(next));
  });
}

function visit(value: unknown, see: (node: Node) => void): void {
  if (Array.isArray(value)) for (const each of value) visit(each, see);
  else if (typeof value === "object" && value !== null) {
    if ("type" in value && "start" in value) see(value as Node);
    for (const each of Object.values(value)) visit(each, see);
  }
}
