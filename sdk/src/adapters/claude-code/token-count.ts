import { bounds, type Usage } from "../../protocol/index.js";
import type { HookBody } from "./hook-body.js";
import { keepNewest } from "./keep-newest.js";
import { Transcript, type Counted, type TokensRead } from "./transcript.js";

/** Transcripts that are followed at a time, sub-agents' own included; the oldest goes first. */
const mostTranscripts = 50;

/** What a session has used and nobody has reported yet, by the transcripts of the client and of its sub-agents. */
export class TokenCount {
  readonly #say: (text: string) => void;
  readonly #isHere: boolean;
  readonly #counted: Counted = new Map();
  readonly #transcripts = new Map<string, Promise<Transcript>>();
  readonly #said = new Set<string>();
  #unreported = 0;
  /** Hooks come at the same time; each file is read by one of them after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * @param say adds a line to the run's log; each is said once
   * @param isHere whether the client's files are on this machine
   */
  constructor(say: (text: string) => void, isHere: boolean) {
    this.#say = say;
    this.#isHere = isHere;
  }

  /** From here on what this hook's transcript tells is the session's. */
  async watch(body: HookBody): Promise<void> {
    await this.#transcriptOf(body);
  }

  /** What was used since it was last taken; undefined when that is nothing. @param isLast whether nothing is to come any more */
  take(body: HookBody, isLast = false): Promise<Usage | undefined> {
    const taken = this.#turn.then(() => this.#take(body, isLast));
    this.#turn = taken.catch(() => {});
    return taken;
  }

  /** It could not be reported: the next report has it. */
  giveBack(usage: Usage | undefined): void {
    this.#unreported += usage?.tokens ?? 0;
  }

  async #take(body: HookBody, isLast: boolean): Promise<Usage | undefined> {
    let sum = this.#unreported;
    for (const { tokens, problems } of await this.#read(body, isLast)) {
      sum += tokens;
      for (const problem of problems) this.#sayOnce(problem);
    }
    const reported = Math.min(sum, bounds.usageReport);
    this.#unreported = sum - reported;
    return reported > 0 ? { tokens: reported } : undefined;
  }

  /** All that are followed: what the client writes comes a moment after its hooks, and may be another's by then. */
  async #read(body: HookBody, isLast: boolean): Promise<TokensRead[]> {
    if (!this.#isHere) return [unread("its transcript is on another machine")];
    if (!(await this.#transcriptOf(body))) return [unread("it names no transcript")];
    const found: TokensRead[] = [];
    for (const transcript of this.#transcripts.values()) found.push(await (await transcript).read(isLast));
    return found;
  }

  #transcriptOf(body: HookBody): Promise<Transcript> | undefined {
    const path = transcriptPath(body);
    if (path === undefined || !this.#isHere) return undefined;
    const known = this.#transcripts.get(path);
    if (known) return known;
    const watched = Transcript.watch(path, this.#counted);
    keepNewest(this.#transcripts, [path, watched], mostTranscripts);
    return watched;
  }

  #sayOnce(problem: string): void {
    if (this.#said.has(problem)) return;
    this.#said.add(problem);
    this.#say(`Pullcord may count fewer or more tokens than Claude Code used: ${problem}.`);
  }
}

function unread(why: string): TokensRead {
  return { tokens: 0, problems: [why] };
}

const extension = ".jsonl";

/** The client names the session's; a sub-agent's own lies beside it (2.1.329). Attacker-controlled. */
function transcriptPath({ raw, subagent }: HookBody): string | undefined {
  const { transcript_path: path } = raw;
  if (typeof path !== "string" || !path.endsWith(extension)) return undefined;
  if (!subagent) return path;
  return /^[\w-]+$/.test(subagent.id) ? `${path.slice(0, -extension.length)}/subagents/agent-${subagent.id}${extension}` : undefined;
}
