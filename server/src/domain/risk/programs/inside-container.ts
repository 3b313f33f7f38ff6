import type { Call } from "../shell/call.js";
import { literal, quoteWord, type ShellWord } from "../shell/word.js";
import { noteForbidden } from "./hidden-commands.js";

/** A folder of the machine that a container sees under another path. */
export interface Mount {
  readonly host: string;
  readonly inside: string;
}

/** What a container is started with. */
interface Container {
  readonly mounts: readonly Mount[];
  /** The program that the command line names in place of the image's. */
  readonly entry: Call["words"];
  readonly image: ShellWord | undefined;
}

/** Where a path of the container's own leads: nowhere that matters. */
const ownFiles = "/tmp/.container";

/**
 * The command of a new container. It acts on mounted folders and on the network like any other, so what must never run
 * is denied; of the rest only harmless words pass over a mounted folder.
 */
export function noteInside(call: Call, { mounts, entry, image }: Container): void {
  const text = call.words.map((word) => word.source).join(" ");
  if (mounts.length > 0 && /\brm\b|\bdelete\b|\bshred\b|\btruncate\b|\bdd\b|>/.test(text))
    call.reader.findings.note("deletes_many", call.text);
  const words = [...(entry.length > 0 ? entry : imageProgram(call, image)), ...call.words].map((word) => asOnHost(word, mounts));
  // Text of a shell inside is shell text here, too; its variables are the container's.
  noteForbidden(call, (state) => call.reader.readText(words.map((word) => quoteWord(word)).join(" "), state));
}

/** Many images are named after the program that they start: `curlimages/curl -d …`. */
function imageProgram({ reader, words }: Call, image: ShellWord | undefined): Call["words"] {
  const name = /([\w.-]+?)(?:[:@].*)?$/.exec(image?.text ?? "")?.[1] ?? "";
  const first = (words[0]?.text ?? "").replace(/^.*\//, "");
  return reader.programNamed(name) && !reader.programNamed(first) ? [literal(name)] : [];
}

function asOnHost(word: ShellWord, mounts: readonly Mount[]): ShellWord {
  if (word.text === null) return word;
  const text = word.text.replace(/(?<![\w./~-])\/(?!dev\/(?:tcp|udp)\/)[\w./*-]*/g, (path) => pathOnHost(path, mounts));
  return { ...word, text, prefix: text };
}

function pathOnHost(path: string, mounts: readonly Mount[]): string {
  // Programs of the image are programs all the same.
  if (/^(?:\/usr)?\/s?bin\/[\w.-]+$/.test(path)) return path;
  const mount = mounts
    .filter(({ inside }) => path === inside || path.startsWith(inside.endsWith("/") ? inside : `${inside}/`))
    .sort((a, b) => b.inside.length - a.inside.length)[0];
  if (!mount) return `${ownFiles}${path}`;
  const rest = path.slice(mount.inside.replace(/\/$/, "").length);
  return `${mount.host === "/" ? "" : mount.host}${rest}` || "/";
}
