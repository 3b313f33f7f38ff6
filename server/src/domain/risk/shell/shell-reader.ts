import type { Assignment, Command, ParsedScript, Redirection, Word, WordPart } from "unbash";
import { parse } from "unbash";
import type { Surroundings } from "../../reading.js";
import { Findings } from "../findings.js";
import { mostCommands, deepestNesting, longestText, mostWords } from "../bounds.js";
import { type Touch, touch } from "../touch.js";
import { isSecretName } from "../secrets.js";
import type { Usage } from "../programs/usage.js";
import { noteAssignment, type Setting } from "./assignment.js";
import { hidesCommand, mayHide } from "./evaluated.js";
import { listedBelow } from "./listing.js";
import { walkArithmetic, walkNode } from "./nodes.js";
import { type Links, withLinks } from "./links.js";
import { isCostly } from "./parse-cost.js";
import { plainOutput } from "./plain-output.js";
import { readRedirects } from "./redirect.js";
import { fixedVariable, type ShellNode, type ShellState } from "./state.js";
import { Steps } from "./steps.js";
import { asParameter, type Expander, expandText, expandWord, type ShellWord, type Value } from "./word.js";

/** What is known of programs; handed in, so that the walk and the knowledge need not import each other. */
export interface Knowledge {
  /** `scope` also knows the variables set for this command alone. */
  runWords(reader: ShellReader, words: readonly ShellWord[], shell: { readonly state: ShellState; readonly scope: ShellState }): void;
  programNamed(name: string): Usage | undefined;
}

/** Walks every command that a shell text could run, and records what each would do. */
export class ShellReader {
  private commandsSeen = 0;
  readonly steps = new Steps(() => this.findings.limit("There is too much to be read."));
  /** A file of secrets was loaded into the shell: any variable may be one. */
  loadedSecrets = false;
  /** What an earlier command chose for later ones: a cluster's context, a workspace, a project. */
  readonly chosen: string[] = [];
  /** Functions being walked, to see those that call themselves. */
  readonly calling: ShellNode[] = [];
  /** Project scripts being read, to see those that call themselves. */
  readonly scripts: string[] = [];
  /** Links made by what was read so far. */
  readonly links: Links = new Map();
  /** As they are once what was read so far has run. */
  readonly surroundings: Surroundings;

  constructor(
    private found: Findings,
    surroundings: Surroundings,
    private readonly knowledge: Knowledge,
  ) {
    this.surroundings = withLinks(surroundings, this.links);
  }

  get findings(): Findings {
    return this.found;
  }

  /** Reads something whose findings are weighed apart from the rest. */
  within(findings: Findings, read: () => void): void {
    const outer = this.found;
    this.found = findings;
    try {
      read();
    } finally {
      this.found = outer;
    }
  }

  /** Reads what is not certain to run, or runs where other rules hold, and takes from it only what must never run. */
  apart(read: () => void): void {
    const found = new Findings();
    this.within(found, read);
    if (found.isForbidden()) this.findings.absorb(found, true);
  }

  /** Reads words as a command of the shell in `state`. */
  runWords(words: readonly ShellWord[], state: ShellState): void {
    this.knowledge.runWords(this, words, { state, scope: state });
  }

  programNamed(name: string): Usage | undefined {
    return this.knowledge.programNamed(name);
  }

  /** Reads shell text as the shell would: parse, then walk. */
  readText(text: string, state: ShellState): void {
    if (text.length > longestText) return this.findings.limit("The text is too long to be read.");
    if (state.depth > deepestNesting) return this.findings.limit("Commands are nested too deeply.");
    if (isCostly(text)) return this.findings.limit("The text holds too much to be read.");
    // bash drops NUL bytes where other programs stop at them; no honest command holds one.
    if (text.includes("\u0000")) this.findings.confused("The text holds a NUL byte.");
    state.depth += 1;
    this.walkScript(parse(text), text, state);
    state.depth -= 1;
    this.walkUncalled(state);
  }

  walkScript(script: ParsedScript, source: string, state: ShellState): void {
    if (script.errors?.length) this.findings.limit(`The shell text does not parse: ${script.errors[0]?.message ?? ""}.`, source);
    for (const statement of script.commands) walkNode(this, statement, state);
  }

  /** Functions that nobody called here may still be called later. */
  private walkUncalled(state: ShellState): void {
    if (state.depth > 0) return;
    for (const body of state.functions.values()) {
      if (!this.called.has(body)) this.callFunction(body, [], state);
    }
  }

  readonly called = new Set<ShellNode>();
  callFunction(body: ShellNode, words: readonly ShellWord[], state: ShellState): void {
    this.called.add(body);
    // The same name may be given another body while it runs: what counts is the body.
    if (this.calling.includes(body)) {
      if (this.calling.at(-1) === body && this.spawning > 0) this.findings.note("bomb");
      return;
    }
    this.calling.push(body);
    const before = new Map(state.variables);
    words.forEach((word, index) => state.variables.set(String(index + 1), asParameter(word)));
    const whole = words.length === 1 && words[0] ? asParameter(words[0]) : { text: null, secret: false, outside: false };
    for (const name of ["@", "*"]) state.variables.set(name, whole);
    state.depth += 1;
    if (state.depth > deepestNesting) this.findings.limit("Functions call each other too deeply.");
    else walkNode(this, body, state);
    state.depth -= 1;
    for (let index = 1; index <= Math.max(words.length, 1); index += 1) {
      const old = before.get(String(index));
      if (old) state.variables.set(String(index), old);
      else state.variables.delete(String(index));
    }
    this.calling.pop();
  }

  /** Above zero inside pipes and background lists: a function that calls itself there multiplies. */
  spawning = 0;

  readCommand(command: Command, state: ShellState): void {
    this.commandsSeen += 1;
    if (this.commandsSeen > mostCommands) {
      if (this.commandsSeen === mostCommands + 1) this.findings.limit("There are too many commands to be read.");
      return;
    }
    const { args, prefix, redirects } = command;
    if (args.length > mostWords) return this.findings.limit("A command has too many words.");
    if (!this.steps.take(args.length + prefix.length + redirects.length)) return;
    const outer = state.input;
    const wasConnected = state.connected;
    readRedirects(this, redirects, state);
    const name = command.name ? this.expandAll([command.name], state) : [];
    const words = [...name, ...this.argumentsOf(command, state)];
    const assignments = prefix.filter((item) => item.type === "Assignment");
    const scope = words.length > 0 && assignments.length > 0 ? state.copy() : state;
    for (const assignment of assignments) this.assign(assignment, scope, words.length > 0);
    // zsh hands a lone `< file` to a pager, which can run anything.
    if (words.length === 0 && assignments.length === 0 && redirects.some(({ operator }) => operator === "<"))
      this.findings.note("runs_unknown", "<");
    if (words.length > 0) this.knowledge.runWords(this, words, { state, scope });
    state.input = outer;
    state.connected = wasConnected;
  }

  /** The words after the name; `name=value` there is a word like any other. */
  argumentsOf(command: Command, state: ShellState): ShellWord[] {
    const words: ShellWord[] = [];
    for (const item of command.args) {
      if (item.type === "Word") words.push(...this.expandAll([item], state));
      else words.push(this.assignmentWord(item, state));
    }
    return words;
  }

  private assignmentWord(item: Assignment, state: ShellState): ShellWord {
    const value = this.assignedValue(item, state);
    const sign = item.append ? "+=" : "=";
    const text = value.text === null ? null : `${item.name}${sign}${value.text}`;
    return { text, source: item.text, pattern: false, prefix: text ?? `${item.name}${sign}`, outside: value.outside, secret: value.secret };
  }

  private assignedValue(item: Assignment, state: ShellState): Value {
    if (item.index) this.noteEvaluated(expandText(item.index.parts, item.index.value, this.expander(state)).text, item.text);
    if (item.value.type === "Word") return this.expandWhole(item.value, state);
    this.expandAll(item.value.elements, state);
    return { text: null, secret: false, outside: false };
  }

  redirects(redirects: readonly Redirection[], state: ShellState): void {
    readRedirects(this, redirects, state);
  }

  expandAll(words: readonly Word[], state: ShellState): ShellWord[] {
    const expander = this.expander(state);
    const out: ShellWord[] = [];
    for (const word of words) for (const expanded of expandWord(word, expander)) out.push(expanded);
    return out;
  }

  expand(word: Word, state: ShellState): Value {
    const [first, ...more] = expandWord(word, this.expander(state));
    if (!first || more.length > 0) return { text: first ? null : "", secret: false, outside: false };
    return { text: first.pattern ? null : first.text, secret: first.secret, outside: first.outside };
  }

  /** Expands without splitting and wildcards, as in `"…"` and assignments. */
  expandWhole(word: Word, state: ShellState): Value {
    const value = expandText(word.parts, word.value, this.expander(state));
    if (!word.text.startsWith("~") || value.text === null) return value;
    return { ...value, text: value.text.replace(/^~(?=\/|$)/, this.surroundings.home) };
  }

  assign(assignment: Assignment, state: ShellState, exported: boolean): void {
    const given = this.assignedValue(assignment, state);
    if (mayHide(assignment.text)) state.hiding.add(assignment.name);
    if (assignment.append) this.noteEvaluated(`x${given.text ?? ""}`, assignment.text);
    this.setVariable(
      { name: assignment.name, value: assignment.append || assignment.index ? { ...given, text: null } : given, exported },
      state,
    );
  }

  /** A text that the shell takes for a number or a name, here or later. */
  noteEvaluated(text: string | null, source: string, hides = hidesCommand(text)): void {
    if (hides) this.findings.confused("It hides a command in the index of a variable.", source, "runs_unknown");
  }

  setVariable({ name, value, exported }: Setting, state: ShellState): void {
    noteAssignment({ name, value, exported }, this.findings);
    this.noteEvaluated(value.text, name);
    if (/(?:PAGER|EDITOR|VISUAL|BROWSER|_COMMAND|ASKPASS|LESSOPEN|LESSCLOSE|_RSH|_SSH|BASH_ENV)$/.test(name))
      this.apart(() => this.readText((/\s/.test(value.text ?? "") ? (value.text ?? "") : "").replace(/^\|?-?\s*/, ""), state.copy()));
    state.variables.set(name, { ...value, outside: false, secret: value.secret || (isSecretName(name) && value.text === null) });
  }

  touch(kind: Touch, word: ShellWord, state: ShellState): void {
    this.touchTarget(kind, word, { state, recursive: false });
  }

  /** Touches all that lies below, too. */
  touchTree(kind: Touch, word: ShellWord, state: ShellState): void {
    this.touchTarget(kind, word, { state, recursive: true });
  }

  private touchTarget(
    kind: Touch,
    word: ShellWord,
    { state, recursive }: { readonly state: ShellState; readonly recursive: boolean },
  ): void {
    // `cat "$FILE"` with a name that nobody here set: it may be any file.
    if (kind === "read" && word.text === null && word.outside && word.prefix === "")
      this.findings.confused("Which file is read is only known when it runs.", word.source);
    // The start alone says where it leads: `/proc/$PID/environ`.
    if (kind === "read" && word.text === null && /^\/proc\/|\/\.(?:ssh|aws|gnupg)\//.test(word.prefix))
      this.findings.note("reads_secret", word.source);
    // `rm "$(command -v pullcord)"`: a path that was looked up by Pullcord's name.
    if (word.text === null && kind !== "read" && kind !== "list" && /\$\([^)]*\bpullcord\b|`[^`]*\bpullcord\b/.test(word.source))
      this.findings.gate("Changes or removes what was looked up by Pullcord's name.", word.source);
    // What `<( … )` gives is read inside it.
    if (word.text === null && (kind === "read" || kind === "list") && word.source.startsWith("<(")) return;
    touch(kind, { text: word.text, from: state.folder, pattern: word.pattern, recursive, below: word.below, prefix: word.prefix }, this);
  }

  expander(state: ShellState): Expander {
    return {
      mayStep: (count) => this.steps.take(count),
      variable: (name) => this.variable(name, state),
      substitute: (part) => this.substitute(part, state),
      arithmetic: (part) => {
        if (part.type === "ArithmeticExpansion" && part.expression) walkArithmetic(this, part.expression, state);
        else if (part.type === "ArithmeticExpansion" && /\$\(|`/.test(part.text))
          this.findings.confused("An arithmetic expression could not be read.", part.text);
      },
      evaluated: (text, source) => this.noteEvaluated(text, source),
      expandedAgain: (source) => this.findings.confused("It runs whatever stands in a variable.", source, "runs_unknown"),
      home: () => state.variables.get("HOME")?.text ?? this.surroundings.home,
    };
  }

  private variable(name: string, state: ShellState): Value {
    const value = state.variables.get(name);
    if (value) return value;
    const fixed = fixedVariable(name, state, this.surroundings.home);
    if (fixed !== undefined) return { text: fixed, secret: false, outside: false };
    return { text: null, secret: isSecretName(name) || (this.loadedSecrets && /^[A-Z]/.test(name)), outside: !/^[?$!#]$/.test(name) };
  }

  private substitute(part: WordPart, state: ShellState): Value {
    if (part.type !== "CommandExpansion" && part.type !== "ProcessSubstitution") return { text: null, secret: false, outside: false };
    const before = this.findings.holdsSecret;
    const seen = this.findings.commands.length;
    this.findings.holdsSecret = false;
    const inner = state.copy();
    inner.depth += 1;
    if (inner.depth > deepestNesting || !part.script) this.findings.limit("A command substitution could not be read.", part.text);
    else this.walkScript(part.script, part.text, inner);
    const secret = this.findings.holdsSecret;
    this.findings.holdsSecret = secret || before;
    const below = listedBelow(this.findings.commands.slice(seen), state, { surroundings: this.surroundings });
    return { below, text: part.type === "CommandExpansion" ? plainOutput(part.script, this, state) : null, secret, outside: false };
  }
}
