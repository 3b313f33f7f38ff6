import { readdirSync, readlinkSync } from "node:fs";

/** What Node puts in the place of bytes that are no UTF-8. */
const unreadable = "\uFFFD";
const longestCharacter = 4;
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const byteInText = /\0([0-9a-f]{2})/;

/**
 * A name, or a link's target, as text. On Linux it is any bytes: each that fits into no UTF-8 is written as NUL, which no name
 * holds, and two hex digits.
 */
export function textOfBytes(bytes: Buffer): string {
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const [character, length] = characterAt(bytes, at);
    text += character;
    at += length;
  }
  return text;
}

/** A path as the disk knows it. */
export function onDisk(path: string): string | Buffer {
  if (!path.includes("\0")) return path;
  const parts = path.split(byteInText);
  return Buffer.concat(parts.map((part, index) => Buffer.from(part, index % 2 === 1 ? "hex" : "utf8")));
}

/** A path as a person is shown it: `caf\xe9`. A name that really has these letters is shown as `caf\x5cxe9`. */
export function shownText(path: string): string {
  const unmistakable = path.replaceAll(/\\(?=x[0-9a-f]{2})/g, String.raw`\x5c`);
  return unmistakable.replaceAll(new RegExp(byteInText, "g"), String.raw`\x$1`);
}

/**
 * Whether a text is a path as it is read from the disk. An agent's text may write bytes that read as another name: `\0` `2e`
 * `\0` `2e` is no name of two odd bytes, but the folder above.
 */
export function isWellFormed(path: string): boolean {
  const bytes = onDisk(path);
  return typeof bytes === "string" || (!bytes.includes(0) && textOfBytes(bytes) === path);
}

/** @throws NodeJS.ErrnoException */
export function namesOnDisk(folder: string): string[] {
  const names = readdirSync(onDisk(folder));
  return names.some((name) => name.includes(unreadable)) ? readdirSync(onDisk(folder), { encoding: "buffer" }).map(textOfBytes) : names;
}

/** @throws NodeJS.ErrnoException */
export function linkTargetOnDisk(path: string | Buffer): string {
  const target = readlinkSync(path);
  return target.includes(unreadable) ? textOfBytes(readlinkSync(path, { encoding: "buffer" })) : target;
}

function characterAt(bytes: Buffer, at: number): readonly [text: string, length: number] {
  for (let length = 1; length <= longestCharacter && at + length <= bytes.length; length += 1) {
    try {
      return [strict.decode(bytes.subarray(at, at + length)), length];
    } catch {
      // Longer, or none.
    }
  }
  return [`\0${bytes.toString("hex", at, at + 1)}`, 1];
}
