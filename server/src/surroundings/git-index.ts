import { createHash } from "node:crypto";

/** What the index knows of a file: when its size and times still match, git has this content in its objects. */
export interface IndexEntry {
  readonly ctimeNs: bigint;
  readonly mtimeNs: bigint;
  /** In bytes, modulo 2³² as git keeps it. */
  readonly size: number;
  /** SHA-1 of the content as git stores it, in hexadecimal. */
  readonly blob: string;
}

/** Most files of a repository that is looked at. */
const entryLimit = 150_000;
/** Longest name of a file in an index, in bytes (PATH_MAX). */
const nameLimit = 4_096;
const headerBytes = 12;
const hashBytes = 20;
/** Before the name: ten 32-bit numbers, the hash, 16 bits of flags. */
const fixedBytes = 62;
const regularFile = 0o100;

/**
 * The regular files of a git index (versions 2 to 4 with SHA-1; git's "index-format"), without conflicts and names that
 * were only announced (`add --intent-to-add`). Null when it cannot be read.
 */
export function parseIndex(bytes: Buffer): IndexFiles | null {
  if (bytes.length < headerBytes + hashBytes || bytes.toString("latin1", 0, 4) !== "DIRC" || !isWhole(bytes)) return null;
  const version = bytes.readUInt32BE(4);
  const count = bytes.readUInt32BE(8);
  if (version < 2 || version > 4 || count > entryLimit) return null;
  const places = new Map<string, number>();
  let at = headerBytes;
  let name = Buffer.alloc(0);
  for (let index = 0; index < count; index += 1) {
    const read = readName(bytes, at, { version, name });
    if (!read) return null;
    name = read.name;
    if (read.counts) places.set(name.toString("utf8"), at);
    at = read.next;
  }
  return new IndexFiles(bytes, places);
}

export class IndexFiles {
  constructor(
    private readonly bytes: Buffer,
    private readonly places: ReadonlyMap<string, number>,
  ) {}

  /** By its path from the top of the repository. */
  find(name: string): IndexEntry | null {
    const at = this.places.get(name);
    if (at === undefined) return null;
    const number = (index: number): number => this.bytes.readUInt32BE(at + index * 4);
    return {
      ctimeNs: BigInt(number(0)) * 1_000_000_000n + BigInt(number(1)),
      mtimeNs: BigInt(number(2)) * 1_000_000_000n + BigInt(number(3)),
      size: number(9),
      blob: this.bytes.toString("hex", at + 40, at + 40 + hashBytes),
    };
  }
}

/** The checksum at the end; all zeros under `index.skipHash`. Also tells an index of SHA-256 apart. */
function isWhole(bytes: Buffer): boolean {
  const end = bytes.subarray(bytes.length - hashBytes);
  if (end.every((byte) => byte === 0)) return true;
  return createHash("sha1").update(bytes.subarray(0, -hashBytes)).digest().equals(end);
}

interface Before {
  readonly version: number;
  /** The name before this one, which version 4 builds on. */
  readonly name: Buffer<ArrayBuffer>;
}

function readName(
  bytes: Buffer,
  at: number,
  before: Before,
): { readonly name: Buffer<ArrayBuffer>; readonly counts: boolean; readonly next: number } | null {
  const end = bytes.length - hashBytes;
  if (at + fixedBytes + 2 > end) return null;
  const flags = bytes.readUInt16BE(at + 60);
  const extended = (flags & 0x4000) !== 0 ? bytes.readUInt16BE(at + fixedBytes) : 0;
  let start = at + fixedBytes + ((flags & 0x4000) !== 0 ? 2 : 0);
  let kept = Buffer.alloc(0);
  if (before.version === 4) {
    const removed = readOffset(bytes, start);
    if (!removed || removed.value > before.name.length) return null;
    kept = before.name.subarray(0, before.name.length - removed.value);
    start = removed.next;
  }
  const stop = bytes.indexOf(0, start);
  if (stop < 0 || stop >= end || stop - start + kept.length > nameLimit) return null;
  const name = Buffer.concat([kept, bytes.subarray(start, stop)]);
  // Before version 4 entries are filled up with NULs to a multiple of eight bytes.
  const next = before.version === 4 ? stop + 1 : at + (Math.floor((stop - at) / 8) + 1) * 8;
  const staged = (flags & 0x3000) !== 0;
  const announced = (extended & 0x2000) !== 0;
  return { name, counts: !staged && !announced && bytes.readUInt32BE(at + 24) >> 9 === regularFile, next };
}

/** A number as git packs offsets: seven bits a byte, each further byte adding one. */
function readOffset(bytes: Buffer, at: number): { readonly value: number; readonly next: number } | null {
  let value = 0;
  for (let index = at; index < Math.min(at + 4, bytes.length); index += 1) {
    const byte = bytes[index] ?? 0;
    value = (value << 7) | (byte & 127);
    if ((byte & 128) === 0) return { value, next: index + 1 };
    value += 1;
  }
  return null;
}
