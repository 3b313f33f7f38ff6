import { createHash } from "node:crypto";

const headerBytes = 12;
const checksumBytes = 20;
/** Of an entry: ten 32-bit numbers, of which the first six and the size are what `stat` said; the hash; 16 bits of flags. */
const fixedBytes = 62;
const statBytes = 24;

/**
 * SHA-256, hex, of what a git index says: names, contents, modes, stages, flags. Left out are the file times and sizes
 * that any `git status` refreshes, and the extensions, which are caches. Undefined for what is no index of version 2 or 3
 * (git's "index-format"): then only equal bytes are equal.
 */
export function meaningOfIndex(bytes: Buffer): string | undefined {
  if (bytes.length < headerBytes + checksumBytes || bytes.toString("latin1", 0, 4) !== "DIRC") return undefined;
  const version = bytes.readUInt32BE(4);
  if (version !== 2 && version !== 3) return undefined;
  const count = bytes.readUInt32BE(8);
  const meaning = createHash("sha256");
  let at = headerBytes;
  for (let index = 0; index < count; index += 1) {
    const nameEnd = bytes.indexOf(0, at + fixedBytes + ((bytes[at + fixedBytes - 2] ?? 0) & 0x40 ? 2 : 0));
    if (nameEnd < 0 || nameEnd >= bytes.length - checksumBytes) return undefined;
    meaning.update(bytes.subarray(at + statBytes, at + statBytes + 4));
    meaning.update(bytes.subarray(at + fixedBytes - 2 - checksumBytes, nameEnd + 1));
    // Entries are filled up with NULs to a multiple of eight bytes.
    at += (Math.floor((nameEnd - at) / 8) + 1) * 8;
  }
  return meaning.digest("hex");
}
