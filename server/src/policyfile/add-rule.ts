import { isSeq, LineCounter, parseDocument, stringify } from "yaml";
import type { RuleDocument } from "../domain/policy/document.js";

/** A policy's text with one more rule at its end, everything else letter for letter; and the rule as it stands there. */
export function addRule(text: string, rule: RuleDocument): { readonly text: string; readonly rule: string } {
  const written = stringify([rule], { lineWidth: 0 });
  const yaml = parseDocument(text, { lineCounter: new LineCounter() });
  const rules: unknown = yaml.get("rules", true);
  const start = isSeq(rules) && rules.flow !== true ? rules.range?.[0] : undefined;
  if (!isSeq(rules) || rules.items.length === 0)
    return { text: `${withoutEmptyRules(text).trimEnd()}\n\nrules:\n${indented(written, 2)}`, rule: written };
  if (start === undefined) {
    // Written in one line: there is no end of the list to add to, so the list is written anew.
    rules.add(yaml.createNode(rule));
    return { text: yaml.toString({ lineWidth: 0 }), rule: written };
  }
  const column = start - (text.lastIndexOf("\n", start - 1) + 1);
  const end = rules.range?.[1] ?? text.length;
  const before = text.slice(0, end).trimEnd();
  return { text: `${before}\n\n${indented(written, column)}${text.slice(before.length).replace(/^\n+/, "\n")}`, rule: written };
}

function withoutEmptyRules(text: string): string {
  return text.replace(/^rules:\s*(?:\[\s*\])?\s*$/m, "");
}

function indented(text: string, columns: number): string {
  return text.replaceAll(/^(?=.)/gm, " ".repeat(columns));
}
