import { bounds, type PolicyProblem } from "@pullcord/sdk/protocol";
import { LineCounter, parseDocument, type Document } from "yaml";
import type { z } from "zod";
import type { PolicyDocument } from "../domain/policy/document.js";
import type { PolicyLines } from "../domain/policy/policy.js";
import { firstFault, type Fault } from "./fault.js";
import { policyLines } from "./policy-lines.js";
import { policyJsonSchema, policySchema } from "./schema.js";

/** Most times aliases may stand for something, so that a small file cannot unfold into a huge one. */
const mostAliases = 100;

/** A policy file that was read and found right, not compiled yet. */
export interface CheckedPolicy {
  readonly document: PolicyDocument;
  readonly lines: PolicyLines;
}

interface ReadYaml<Value> {
  readonly value: Value;
  readonly yaml: Document.Parsed;
  readonly counter: LineCounter;
}

/**
 * Reads a policy file's text. Written by people the server trusts, yet parsed as if they were not: unknown and doubled
 * keys, aliases that unfold, odd tags and a second document are refused, with the line and the column.
 */
export function readPolicy(text: string, fileName: string): { readonly ok: CheckedPolicy } | { readonly problem: PolicyProblem } {
  const read = readYaml(text, fileName, { schema: policySchema, jsonSchema: policyJsonSchema });
  if ("problem" in read) return read;
  const { value, yaml, counter } = read.ok;
  return { ok: { document: value satisfies PolicyDocument, lines: policyLines(yaml, counter) } };
}

/** The document of a text that is known to be a policy; an empty one where it is not. */
export function documentOf(text: string, fileName: string): PolicyDocument {
  const read = readPolicy(text, fileName);
  return "ok" in read ? read.ok.document : { version: 1 };
}

/** A YAML text, read and held against a schema. */
export function readYaml<Schema extends z.ZodType>(
  text: string,
  fileName: string,
  { schema, jsonSchema }: { readonly schema: Schema; readonly jsonSchema: () => object },
): { readonly ok: ReadYaml<z.output<Schema>> } | { readonly problem: PolicyProblem } {
  const lines = new LineCounter();
  const refuse = ({ offset, sentence }: Fault) => {
    const place = offset === null ? null : lines.linePos(offset);
    return { problem: { file: fileName, line: place?.line ?? null, column: place?.col ?? null, sentence } };
  };
  if (text.length > bounds.policyTextLength)
    return refuse({ offset: null, sentence: `The file is larger than ${bounds.policyTextLength} characters.` });
  try {
    const yaml = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, version: "1.2", strict: true });
    const fault = yamlFault(yaml);
    if (fault) return refuse(fault);
    const checked = schema.safeParse(yaml.toJS({ maxAliasCount: mostAliases }));
    if (!checked.success) return refuse(firstFault(checked.error.issues, { yaml, schema: jsonSchema }));
    return { ok: { value: checked.data, yaml, counter: lines } };
  } catch (error) {
    // The YAML reader throws for aliases that unfold too far and for nesting that is too deep.
    const sentence =
      error instanceof ReferenceError
        ? "The file uses too many aliases (*name). Write the values out."
        : "The file is nested too deeply to be read.";
    return refuse({ offset: null, sentence });
  }
}

function yamlFault({ errors, warnings, contents }: Document.Parsed): Fault | null {
  const [first] = [...errors, ...warnings];
  if (first) return { offset: first.pos[0], sentence: yamlSentences[first.code] ?? `This is not YAML that can be read: ${first.message}.` };
  return contents === null ? { offset: 0, sentence: "The file is empty. Its first line has to be: version: 1" } : null;
}

const yamlSentences: Partial<Record<string, string>> = {
  DUPLICATE_KEY: "This key is there twice. Keep one of them.",
  TAG_RESOLVE_FAILED: "Tags (!…) are not used in a policy file.",
  MULTIPLE_DOCS: "The file holds a second document (---). Keep one.",
  BAD_ALIAS: "This alias (*name) stands for nothing.",
};
