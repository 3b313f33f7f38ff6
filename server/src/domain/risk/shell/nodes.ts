import type { AndOr, ArithmeticExpression, For, HereDoc, Pipeline, Redirected, Select, Statement, TestExpression } from "unbash";
import { mostRounds } from "../bounds.js";
import { noteAssignment } from "./assignment.js";
import type { ShellReader } from "./shell-reader.js";
import type { ShellInput, ShellNode, ShellState } from "./state.js";
import { isWithin } from "../path.js";
import { spawnsWithoutEnd } from "./endless-loop.js";
import { hidesCommand } from "./evaluated.js";
import { listedBelow } from "./listing.js";
import { expandText, type ShellWord, type Value } from "./word.js";

/** Programs whose output comes from another machine. */
const fetching = /^(?:curl|wget|http|https|xh|aria2c|lynx|nc|ncat|ssh|scp)$/;
const computed: Value = { text: null, secret: false, outside: false };

/** Walks one node of the syntax tree: whatever could run below it is read. */
export function walkNode(reader: ShellReader, node: ShellNode, state: ShellState): void {
  if (!reader.steps.take()) return;
  switch (node.type) {
    case "Statement":
      return walkStatement(reader, node, state);
    case "Command":
      return reader.readCommand(node, state);
    case "Pipeline":
      return walkPipeline(reader, node, state);
    case "AndOr":
      return walkAndOr(reader, node, state);
    case "CompoundList":
      for (const statement of node.commands) walkNode(reader, statement, state);
      return;
    case "BraceGroup":
      return walkNode(reader, node.body, state);
    case "Subshell":
      return walkNode(reader, node.body, state.copy());
    case "If":
      walkNode(reader, node.clause, state);
      walkBranch(reader, node.then, state);
      for (const elif of node.elif) {
        walkNode(reader, elif.clause, state);
        walkBranch(reader, elif.then, state);
      }
      if (node.else) walkBranch(reader, node.else, state);
      return;
    case "While":
      if (spawnsWithoutEnd(node.kind === "until" ? "until" : "while", node.clause, node.body))
        reader.findings.note("bomb", "a loop without end that starts something each time");
      return walkLoop(reader, [node.clause, node.body], state);
    case "For":
    case "Select":
      return walkFor(reader, node, state);
    case "ArithmeticFor":
      for (const part of [node.initialize, node.test, node.update]) if (part) walkArithmetic(reader, part, state);
      if (!node.test && spawnsWithoutEnd("while", null, node.body))
        reader.findings.note("bomb", "a loop without end that starts something each time");
      return walkLoop(reader, [node.body], state);
    case "Function":
      if (node.name.value === "pullcord") reader.findings.gate("Puts something else in the place of Pullcord's command.", node.name.value);
      state.functions.set(node.name.value, node.body);
      return;
    case "Case":
      reader.expand(node.word, state);
      for (const item of node.items) {
        reader.expandAll(item.pattern, state);
        walkBranch(reader, item.body, state);
      }
      return;
    case "Coproc":
      return walkNode(reader, node.body, state.copy());
    case "Redirected":
      return walkRedirected(reader, node, state);
    case "TestCommand":
      return walkTest(reader, node.expression, state);
    case "ArithmeticCommand":
      if (node.expression) walkArithmetic(reader, node.expression, state);
      else if (/\$\(|`/.test(node.body)) reader.findings.confused("An arithmetic command could not be read.", node.body);
      return;
  }
}

function walkStatement(reader: ShellReader, node: Statement, state: ShellState): void {
  if (!node.background) return walkNode(reader, node.command, state);
  reader.spawning += 1;
  walkNode(reader, node.command, state.copy());
  reader.spawning -= 1;
}

function walkRedirected(reader: ShellReader, node: Redirected, state: ShellState): void {
  const input = state.input;
  reader.redirects(node.redirects, state);
  walkNode(reader, node.command, state);
  state.input = input;
}

function walkPipeline(reader: ShellReader, node: Pipeline, state: ShellState): void {
  if (node.commands.length > 1) reader.spawning += 1;
  const first = reader.findings.commands.length;
  let input: ShellInput = state.input;
  for (const [index, command] of node.commands.entries()) {
    // Each part runs in its own shell; the last one may run in this one (`lastpipe`).
    const scope = node.commands.length > 1 ? state.copy() : state;
    scope.input = input;
    scope.narrowed = narrows(node.commands[index + 1]);
    const seen = reader.findings.commands.length;
    walkNode(reader, command, scope);
    input = outputOf(reader, command, { state: scope, seen });
  }
  if (node.commands.length > 1) reader.spawning -= 1;
  noteHandedShell(reader, first);
}

/** A shell between two ends of a connection is somebody else's: `nc … | sh | nc …`, `cat fifo | sh -i | nc …`. */
function noteHandedShell({ findings }: ShellReader, first: number): void {
  const programs = findings.commands.slice(first).map(({ program, words }) => ({ name: program ?? "", words }));
  const shell = programs.findIndex(
    ({ name, words }) => /^(?:ba|da|z|k|c|tc|fi)?sh$/.test(name) && words.every((word) => word !== null && /^-[^c]*$/.test(word)),
  );
  if (shell < 0) return;
  const talks = ({ name, words }: (typeof programs)[number]): boolean =>
    (/^(?:nc|ncat|netcat|socat|telnet)$/.test(name) || (name === "openssl" && words[0] === "s_client")) &&
    !words.some((word) => word !== null && /^(?:localhost|127\.[\d.]+|::1)$/.test(word));
  if (programs.some((program, index) => index !== shell && talks(program))) findings.note("remote_shell", "a shell in a connection");
}

/** Whether the next part of the pipe keeps only lines that hold no secret: `env | grep '^NODE_'`. */
function narrows(next: ShellNode | undefined): boolean {
  if (next?.type !== "Command" || !/^(?:grep|egrep|rg)$/.test(next.name?.value ?? "")) return false;
  const words = next.args.map((word) => (word.type === "Word" ? word.value : "-v"));
  if (words.some((word) => /^-\w*[vczL]|^--invert/.test(word))) return false;
  const pattern = words.find((word) => !word.startsWith("-")) ?? "";
  return /[A-Za-z]{3}/.test(pattern) && !/secret|token|pass|key|cred|auth|pwd|dsn|database|url|aws|stripe/i.test(pattern);
}

/** What the next part of a pipe gets to read. */
function outputOf(
  reader: ShellReader,
  node: ShellNode,
  { state, seen }: { readonly state: ShellState; readonly seen: number },
): ShellInput {
  const command = node;
  const incoming = state.input.kind === "pipe" ? state.input.below : undefined;
  const below = listedBelow(reader.findings.commands.slice(seen), state, { surroundings: reader.surroundings, incoming });
  const fetched = reader.findings.commands.slice(seen).some((run) => run.program !== null && fetching.test(run.program));
  if (command.type !== "Command") return { kind: "pipe", fetched, below };
  const name = command.name?.value;
  if (name === "echo" || name === "printf") {
    const words = reader.argumentsOf(command, state).filter((word, index) => !(index === 0 && /^-[neE]+$/.test(word.text ?? "")));
    if (words.some((word) => word.text === null)) return { kind: "text", text: null };
    // `printf '%s\0' /*`: each word by itself.
    if (name === "printf" && words.length > 1 && /^%s(?:\\[n0t]|[ \n])?$/.test(words[0]?.text ?? ""))
      return {
        kind: "text",
        text: words
          .slice(1)
          .map((word) => word.text)
          .join("\n"),
      };
    if (name === "printf" && words.length > 1) return { kind: "text", text: null };
    const text = words.map((word) => word.text).join(" ");
    return { kind: "text", text: text.includes("%") && name === "printf" ? null : text.replaceAll("\\n", "\n") };
  }
  const hereDocument = command.redirects.find((redirect) => redirect.type === "HereDoc");
  if (name === "cat" && command.args.length === 0 && hereDocument) return { kind: "text", text: hereText(reader, hereDocument, state) };
  return { kind: "pipe", fetched, below };
}

/** A here-document as the program reads it; null when an expansion in it is unknown. */
export function hereText(reader: ShellReader, document: HereDoc, state: ShellState): string | null {
  return expandText(document.body.parts, document.body.text, reader.expander(state)).text;
}

function walkAndOr(reader: ShellReader, node: AndOr, state: ShellState): void {
  const [first, ...rest] = node.commands;
  if (first) walkNode(reader, first, state);
  // Inside the chain each part sees what the one before it did; after it, nobody knows how far it came.
  const chain = state.copy();
  rest.forEach((command, index) => {
    if (node.operators[index] === "||") walkBranch(reader, command, chain);
    else walkNode(reader, command, chain);
  });
  state.mergeBranch(chain);
}

function walkBranch(reader: ShellReader, node: ShellNode, state: ShellState): void {
  const branch = state.copy();
  walkNode(reader, node, branch);
  state.mergeBranch(branch);
}

/** A body that may run again sees what it changed itself: read once with the first values, once with those unknown. */
function walkLoop(reader: ShellReader, bodies: readonly ShellNode[], state: ShellState): void {
  const first = state.copy();
  for (const body of bodies) walkNode(reader, body, first);
  const changes =
    first.folder !== state.folder || [...first.variables].some(([name, value]) => state.variables.get(name)?.text !== value.text);
  state.mergeBranch(first);
  if (!changes) return;
  const again = state.copy();
  for (const body of bodies) walkNode(reader, body, again);
  state.mergeBranch(again);
}

function walkFor(reader: ShellReader, node: For | Select, state: ShellState): void {
  const words = reader.expandAll(node.wordlist ?? [], state);
  const known =
    node.type === "For" && words.length > 0 && words.length <= mostRounds && words.every((word) => word.text !== null && !word.pattern);
  const name = node.name.value;
  noteAssignment({ name, value: computed, exported: false }, reader.findings);
  for (const word of words) reader.noteEvaluated(word.text, word.source);
  if (!known) {
    // A long list is not walked name by name: one of Pullcord's parts must not hide in it.
    if (words.some((word) => /pullcord|\.claude/.test(word.text ?? word.prefix)))
      reader.findings.limit("A loop goes over more names than are read.", node.name.value);
    const secret = words.some((word) => word.secret);
    // `for x in /*`: one after the other it comes to the whole pattern.
    for (const word of words.slice(0, mostRounds)) {
      if (!word.pattern || word.text === null) continue;
      const once = state.copy();
      once.variables.set(name, { text: word.text, secret: word.secret, outside: false });
      reader.apart(() => walkNode(reader, node.body, once));
    }
    // `for f in src/*.ts`: names below a folder that is known.
    state.variables.set(name, { ...computed, secret, below: belowAll(reader, words, state) });
    return walkLoop(reader, [node.body], state);
  }
  for (const word of words) {
    state.variables.set(name, { text: word.text, secret: word.secret, outside: false });
    walkBranch(reader, node.body, state);
  }
}

/** `for f in src/*.ts`: the workspace, when every name is certain to lie in it. */
function belowAll({ surroundings }: ShellReader, words: readonly ShellWord[], { folder }: ShellState): string | undefined {
  const { workspace } = surroundings;
  if (workspace === null || folder === null || words.length === 0) return undefined;
  const inside = words.every((word) => {
    if (word.text === null) return word.below !== undefined;
    const fixed = word.pattern ? word.text.replace(/[^/]*[*?[{(][^]*$/, "") : word.text;
    const { path } = surroundings.resolve(fixed === "" ? "." : fixed, folder);
    return path !== null && isWithin(path, workspace) && !/\.\.|\.e?[*?[]/.test(word.text);
  });
  return inside ? workspace : undefined;
}

function walkTest(reader: ShellReader, test: TestExpression, state: ShellState): void {
  switch (test.type) {
    case "TestUnary":
      reader.noteEvaluated(reader.expandWhole(test.operand, state).text, test.operand.text);
      return;
    case "TestBinary":
      // `-eq` and its like evaluate their words as arithmetic, which may hold commands in an index.
      for (const side of [test.left, test.right]) {
        const { text } = reader.expandWhole(side, state);
        if (!/^-(?:eq|ne|lt|le|gt|ge)$/.test(test.operator)) continue;
        reader.noteEvaluated(text, side.text);
        reader.noteEvaluated(side.text, side.text, hidesCommand(side.text) || state.hiding.has(side.text.replace(/[^\w]/g, "")));
      }
      return;
    case "TestLogical":
      for (const operand of test.operands) walkTest(reader, operand, state);
      return;
    case "TestNot":
      return walkTest(reader, test.operand, state);
    case "TestGroup":
      return walkTest(reader, test.expression, state);
  }
}

export function walkArithmetic(reader: ShellReader, expression: ArithmeticExpression, state: ShellState): void {
  switch (expression.type) {
    case "ArithmeticBinary":
      walkArithmetic(reader, expression.left, state);
      return walkArithmetic(reader, expression.right, state);
    case "ArithmeticUnary":
      return walkArithmetic(reader, expression.operand, state);
    case "ArithmeticTernary":
      for (const part of [expression.test, expression.consequent, expression.alternate]) walkArithmetic(reader, part, state);
      return;
    case "ArithmeticGroup":
      return walkArithmetic(reader, expression.expression, state);
    case "ArithmeticWord": {
      const expander = reader.expander(state);
      reader.noteEvaluated(expandText(expression.parts, expression.value, expander).text, expression.value);
      // A variable's text is evaluated in its turn.
      const [, name] = /^\$?(\w+)$/.exec(expression.value) ?? [];
      if (name !== undefined) reader.noteEvaluated(expander.variable(name).text, expression.value);
      if (name !== undefined && state.hiding.has(name)) reader.noteEvaluated(null, expression.value, true);
      return;
    }
    case "ArithmeticCommandExpansion":
      if (expression.script) reader.walkScript(expression.script, expression.text, state.copy());
      else reader.findings.confused("A command substitution could not be read.", expression.text);
  }
}
