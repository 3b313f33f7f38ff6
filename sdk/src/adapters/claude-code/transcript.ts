import { constants } from "node:fs";
import { open, realpath, type FileHandle } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { bounds } from "../../protocol/index.js";
import { isObject } from "./hook-body.js";
import { keepNewest } from "./keep-newest.js";

/** Read at one time at the most; a line that is longer is passed over, in bytes. */
const readBytes = 4 * 1024 * 1024;
/** What is more waits for the next report, in reads. */
const mostReads = 4;
const newline = 0x0a;

/** What has come since the last reading. */
export interface TokensRead {
  readonly tokens: number;
  /** What could not be counted, each in a sentence. */
  readonly problems: readonly string[];
}

/** What each message has used so far, by its number: a message is written in several lines, each with all that it had used by then. */
export type Counted = Map<string, number>;

/** Messages that are told again from new ones; more than a session writes between two lines of one. */
const mostMessages = 10_000;

/**
 * The tokens that Claude Code (2.1.329) wrote down as used in one of its transcripts, a file of lines of JSON. Whoever runs as
 * the same user can write it, and the hook that names it could be anybody with the agent's token: only a plain file in a
 * place that the client keeps its transcripts in is opened, and nothing but numbers is taken out of it.
 */
export class Transcript {
  readonly #path: string;
  readonly #counted: Counted;
  #offset = 0;
  /** Which file it was, to tell when another took its place. */
  #identity: string | null = null;
  /** Within a line that is passed over. */
  #isPassing = false;

  private constructor(path: string, counted: Counted) {
    this.#path = path;
    this.#counted = counted;
  }

  /** From here on: what is there by now was used before, perhaps by another run. */
  static async watch(path: string, counted: Counted): Promise<Transcript> {
    const transcript = new Transcript(path, counted);
    await transcript.#opened(async (file) => {
      const { size } = await file.stat();
      transcript.#offset = size;
      transcript.#isPassing = size > 0 && (await endsWithin(file, size));
    }).catch(() => {});
    return transcript;
  }

  /**
   * What can't be read is a problem of the answer.
   * @param isLast whether a file that never came is one: the client writes it down a moment after the first hooks
   */
  async read(isLast = false): Promise<TokensRead> {
    const problems = new Set<string>();
    let tokens = 0;
    try {
      await this.#opened(async (file) => {
        const { size } = await file.stat();
        if (size < this.#offset) this.#beginAnew(problems, "has become shorter");
        for (let reads = 0; reads < mostReads && size > this.#offset; reads += 1) {
          const lines = await this.#nextLines(file, Math.min(size - this.#offset, readBytes), problems);
          if (lines === null) return;
          for (const line of lines) tokens += this.#usedBy(line, problems);
        }
      }, problems);
    } catch (error) {
      const isToCome = codeOf(error) === "ENOENT" && this.#identity === null && !isLast;
      if (!isToCome) problems.add(`its transcript ${error instanceof Refused ? error.message : `can't be read (${codeOf(error)})`}`);
    }
    return { tokens, problems: [...problems] };
  }

  /** Links are not followed, and what is no plain file is not waited for. */
  async #opened(use: (file: FileHandle) => Promise<void>, problems = new Set<string>()): Promise<void> {
    if (!isTranscript(this.#path) || !isTranscript(await realpath(this.#path))) throw new Refused("is not where Claude Code keeps its own");
    const file = await open(this.#path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stat = await file.stat();
      if (!stat.isFile()) throw new Refused("is no plain file");
      const identity = `${stat.dev} ${stat.ino}`;
      if (this.#identity !== null && this.#identity !== identity) this.#beginAnew(problems, "was replaced");
      this.#identity = identity;
      await use(file);
    } finally {
      await file.close();
    }
  }

  /** Rather too much than too little: whatever is in it now is counted, but for messages that are known. */
  #beginAnew(problems: Set<string>, what: string): void {
    problems.add(`its transcript ${what}; what it says now is counted from its beginning`);
    this.#offset = 0;
    this.#isPassing = false;
  }

  /** The whole lines that come next; null when there are none yet. A half line waits for its other half. */
  async #nextLines(file: FileHandle, bytes: number, problems: Set<string>): Promise<string[] | null> {
    const buffer = Buffer.allocUnsafe(bytes);
    const { bytesRead } = await file.read(buffer, 0, bytes, this.#offset);
    const end = buffer.subarray(0, bytesRead).lastIndexOf(newline);
    if (end < 0) {
      if (bytesRead < readBytes) return null;
      this.#offset += bytesRead;
      if (!this.#isPassing) problems.add(`a line of more than ${readBytes} bytes is not read`);
      this.#isPassing = true;
      return [];
    }
    this.#offset += end + 1;
    const lines = buffer.toString("utf8", 0, end).split("\n");
    if (this.#isPassing) lines.shift();
    this.#isPassing = false;
    return lines;
  }

  #usedBy(line: string, problems: Set<string>): number {
    // Nearly all of a transcript is something else.
    if (!line.includes('"usage"')) return 0;
    const used = usageIn(line);
    if (used === null) return 0;
    if (typeof used === "string") {
      problems.add(used);
      return 0;
    }
    const before = this.#counted.get(used.id) ?? 0;
    keepNewest(this.#counted, [used.id, Math.max(before, used.tokens)], mostMessages);
    return Math.max(0, used.tokens - before);
  }
}

/** Refused to be opened; its message goes on after "its transcript". */
class Refused extends Error {}

/** `…/.claude/projects/FOLDER/SESSION.jsonl`, and for a sub-agent `…/FOLDER/SESSION/subagents/agent-ID.jsonl`. */
function isTranscript(path: string): boolean {
  const ofSession = basename(dirname(path)) === "subagents" ? dirname(dirname(path)) : path;
  const projects = dirname(dirname(ofSession));
  const isPlain = path.startsWith("/") && !path.includes("\0") && !/\/\.{0,2}(?:\/|$)/.test(path);
  return isPlain && path.endsWith(".jsonl") && basename(projects) === "projects" && basename(dirname(projects)) === ".claude";
}

/** Whether what is there ends in the middle of a line. */
async function endsWithin(file: FileHandle, size: number): Promise<boolean> {
  const last = Buffer.alloc(1);
  await file.read(last, 0, 1, size - 1);
  return last[0] !== newline;
}

const fields = ["input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"] as const;

/** What a message has used, null for a line that is no message of the model's, or what is wrong with it. Attacker-controlled. */
function usageIn(line: string): { readonly id: string; readonly tokens: number } | string | null {
  const entry = parsed(line);
  if (entry === undefined) return "a line of its transcript is no JSON";
  if (!isObject(entry) || entry["type"] !== "assistant" || !isObject(entry["message"])) return null;
  const { id, usage } = entry["message"];
  if (!isObject(usage)) return null;
  if (typeof id !== "string" || id === "" || id.length > bounds.nameLength) return "a message of its transcript has no number of its own";
  const counts = fields.map((field) => usage[field] ?? 0);
  const tokens = counts.reduce<number>((sum, count) => sum + (isCount(count) ? count : Number.NaN), 0);
  return tokens <= bounds.usageReport ? { id, tokens } : "a message of its transcript has used what is no number of tokens";
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "for a reason that it does not name";
}
