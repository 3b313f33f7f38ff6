import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";

const fastest = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const rawPacking = 0;
const zstdPacking = 1;

const hashBytes = 32;
/** How many contents there are, how they are packed, how long the packed ones are. */
const countBytes = 4 + 1 + 4;
/** Of each content: its SHA-256, its length. */
const memberBytes = hashBytes + 4;

/** A content on its way into a block. */
export interface Member {
  /** SHA-256, hex. */
  readonly hash: string;
  readonly content: Uint8Array;
}

/** Where a content lies in a block that was unpacked. */
export interface Slice {
  readonly hash: string;
  readonly from: number;
  readonly length: number;
}

/** A block's beginning: what is in it, and where. */
export interface BlockHead {
  /** From the beginning of the head. */
  readonly payloadAt: number;
  readonly payloadLength: number;
  readonly packing: number;
  readonly slices: readonly Slice[];
}

/** Contents as they are written: a head that says which they are, and all of them compressed as one, which is several times quicker than each by itself. */
export function blockOf(members: readonly Member[]): Buffer {
  const whole = Buffer.concat(members.map(({ content }) => content));
  const compressed = zstdCompressSync(whole, fastest);
  const isSmaller = compressed.length < whole.length;
  const payload = isSmaller ? compressed : whole;
  const head = Buffer.alloc(countBytes + members.length * memberBytes);
  head.writeUInt32LE(members.length, 0);
  head.writeUInt8(isSmaller ? zstdPacking : rawPacking, 4);
  head.writeUInt32LE(payload.length, 5);
  for (const [index, { hash, content }] of members.entries()) {
    const at = countBytes + index * memberBytes;
    head.write(hash, at, "hex");
    head.writeUInt32LE(content.length, at + hashBytes);
  }
  return Buffer.concat([head, payload]);
}

/**
 * The head of the block at a place of a file; null where there is no whole one, as after a crash.
 * @param read so many bytes from a place of the file, or fewer at its end
 */
export function headAt(read: (at: number, length: number) => Buffer, at: number): BlockHead | null {
  const count = read(at, countBytes);
  if (count.length < countBytes) return null;
  const members = count.readUInt32LE(0);
  // What a power cut left of a file may be nothing but zeros.
  if (members === 0) return null;
  const index = read(at + countBytes, members * memberBytes);
  if (index.length < members * memberBytes) return null;
  let from = 0;
  const slices = Array.from({ length: members }, (_none, member) => {
    const start = member * memberBytes;
    const length = index.readUInt32LE(start + hashBytes);
    const slice = { hash: index.toString("hex", start, start + hashBytes), from, length };
    from += length;
    return slice;
  });
  return {
    payloadAt: countBytes + index.length,
    payloadLength: count.readUInt32LE(5),
    packing: count.readUInt8(4),
    slices,
  };
}

/** @param mostBytes that it can hold: no pack that was spoilt makes more of itself @throws where it is more, or can't be read */
export function unpacked(payload: Buffer, packing: number, mostBytes: number): Buffer {
  return packing === zstdPacking ? zstdDecompressSync(payload, { maxOutputLength: mostBytes }) : payload;
}
