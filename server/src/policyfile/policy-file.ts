import { hash } from "node:crypto";
import { watch, type FSWatcher } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { bounds, type PolicyProblem } from "@pullcord/sdk/protocol";
import { cautiousPolicy, defaultPolicy, defaultPolicyText } from "./default-policy.js";
import { loadPolicy, matchersFile, type Loaded, type LoadedPolicy } from "./load-policy.js";

/** Editors save in several steps; this long after the newest one the file is read. */
const settleMs = 100;
/** Looked at this often in any case: some disks tell nobody of a change, and the folder may only come later. */
const lookEveryMs = 5_000;

export interface PolicyFileOptions {
  readonly path: string;
  /** A changed file is in force from now on; any problem reported before is over. */
  readonly onChange: (loaded: LoadedPolicy) => void;
  /** A broken or vanished file was refused; what held before still holds. */
  readonly onProblem: (problem: PolicyProblem) => void;
  readonly signal: AbortSignal;
}

type Content =
  | { readonly kind: "text"; readonly text: string; readonly matchers: string | null }
  | { readonly kind: "absent" }
  | { readonly kind: "unreadable"; readonly sentence: string };

/**
 * Reads the policy file and follows its changes until the signal aborts. Answers with what holds at first: the file's
 * policy; the built-in one where there is no file; and where there is a broken one, the built-in one that asks for
 * everything, since nobody knows what the broken file would have denied.
 */
export async function policyFile({ path, onChange, onProblem, signal }: PolicyFileOptions): Promise<LoadedPolicy> {
  const first = await read(path);
  let seen = fingerprint(first);
  const follow = async (): Promise<void> => {
    const content = await read(path);
    if (signal.aborted || fingerprint(content) === seen) return;
    seen = fingerprint(content);
    const loaded = await load(content, path);
    if ("problem" in loaded) onProblem(loaded.problem);
    else onChange(loaded.ok);
  };
  followChanges(path, follow, signal);
  if (first.kind === "absent") return { policy: defaultPolicy(), text: defaultPolicyText, matchers: null };
  const loaded = await load(first, path);
  if ("ok" in loaded) return loaded.ok;
  onProblem(loaded.problem);
  return cautiousPolicy();
}

async function read(path: string): Promise<Content> {
  try {
    const { size } = await stat(path);
    if (size > bounds.policyTextLength)
      return { kind: "unreadable", sentence: `The policy file is larger than ${bounds.policyTextLength} bytes.` };
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
    return { kind: "text", text, matchers: await readMatchers(text, path) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ENOENT" || code === "ENOTDIR") return { kind: "absent" };
    if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return { kind: "unreadable", sentence: "The policy file is not UTF-8 text." };
    return { kind: "unreadable", sentence: `The policy file cannot be read (${code || "unknown reason"}). Check who may read it.` };
  }
}

/** The text of the matchers' file that a policy seems to name: saving either loads both anew. */
async function readMatchers(text: string, path: string): Promise<string | null> {
  const [, named] = /^matchers:\s*["']?([^"'#\s]+)/m.exec(text) ?? [];
  const file = matchersFile(named, path);
  return file === null ? null : await readFile(file, "utf8").catch(() => null);
}

function fingerprint(content: Content): string {
  return content.kind === "text"
    ? hash("sha256", `${content.text}\0${content.matchers}`)
    : content.kind === "absent"
      ? "absent"
      : content.sentence;
}

async function load(content: Content, path: string): Promise<Loaded> {
  if (content.kind === "text") return loadPolicy(content.text, path);
  const sentence = content.kind === "absent" ? "The policy file is gone. The policy read before stays in force." : content.sentence;
  return { problem: { file: path, line: null, column: null, sentence } };
}

/** Calls `follow` after changes in the file's folder, one call at a time, until the signal aborts. */
function followChanges(path: string, follow: () => Promise<void>, signal: AbortSignal): void {
  if (signal.aborted) return;
  let settling: NodeJS.Timeout | undefined;
  let following = Promise.resolve();
  let watcher: FSWatcher | null = null;
  const look = (): void => {
    following = following.then(follow).catch(() => {});
  };
  const soon = (): void => {
    clearTimeout(settling);
    settling = setTimeout(look, settleMs);
    settling.unref();
  };
  const listen = (): void => {
    watcher ??= watchFolder(path, soon, () => {
      watcher = null;
    });
  };
  const every = setInterval(() => {
    listen();
    look();
  }, lookEveryMs);
  every.unref();
  listen();
  signal.addEventListener(
    "abort",
    () => {
      clearInterval(every);
      clearTimeout(settling);
      watcher?.close();
    },
    { once: true },
  );
}

/** Watches the folder, since saving often puts a new file in the place of the old one. Null while there is no folder. */
function watchFolder(path: string, onTouch: () => void, onEnd: () => void): FSWatcher | null {
  try {
    // Only the file's own name, and matchers: a database in the same folder changes all the time. Links are followed by looking.
    const watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
      if (name === null || name === basename(path) || /\.[mc]?[jt]s$/.test(name)) onTouch();
    });
    watcher.on("error", () => {
      watcher.close();
      onEnd();
    });
    return watcher;
  } catch {
    return null;
  }
}
