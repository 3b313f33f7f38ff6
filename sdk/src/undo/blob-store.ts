import { hash as digest, randomBytes } from "node:crypto";
import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, readSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { PullcordError } from "../protocol/index.js";
import { ownerOnlyFile, ownerOnlyFolder } from "./owner-only.js";

/** Below this many bytes compression costs more than it gains: of a first look a quarter of its time, for a ninth of the space. */
const smallestCompressed = 2_048;
const fastest = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const isRaw = 0;
const isCompressed = 1;

const hashBytes = 32;
/** Before each content: its SHA-256, how it is packed, its length there as 32 bits. */
const headerBytes = hashBytes + 1 + 4;
/** A pack that has grown to this is left alone, and another one begun, in bytes. */
const fullPackBytes = 64 * 2 ** 20;

export interface BlobStoreOptions {
  readonly folder: string;
  readonly quotaBytes: number;
}

/** Where a content lies. */
interface Spot {
  readonly pack: string;
  readonly at: number;
  readonly length: number;
  readonly packing: number;
}

/**
 * File contents by their SHA-256, hex: kept once however often they occur, compressed, readable by their owner alone.
 * They lie one behind the other in packs: a look at a workspace then makes no file for each file that it reads. Whoever
 * opens the store writes a pack of its own, so that a record which a crash cut off stays the last of its pack.
 */
export class BlobStore {
  readonly #folder: string;
  /** Most bytes kept on disk; a blob that would be one too many is refused. */
  quotaBytes: number;
  readonly #spots = new Map<string, Spot>();
  /** How far each pack has been read. */
  readonly #read = new Map<string, number>();
  #open: { readonly pack: string; readonly handle: number; end: number } | null = null;

  constructor({ folder, quotaBytes }: BlobStoreOptions) {
    this.#folder = folder;
    this.quotaBytes = quotaBytes;
    mkdirSync(folder, { recursive: true, mode: ownerOnlyFolder });
    this.#readPacks();
  }

  /** @returns the content's hash. @throws PullcordError `unavailable`/`snapshot_quota` */
  put(content: Uint8Array): string {
    const hash = digest("sha256", content);
    if (!this.#spots.has(hash)) this.#append(hash, pack(content));
    return hash;
  }

  /** @throws PullcordError `not_found`/`snapshot_lost` when it is not there any more, or is not what was put */
  get(hash: string): Buffer {
    // Another process may have put it meanwhile.
    if (!this.#spots.has(hash)) this.#readPacks();
    const spot = this.#spots.get(hash);
    let content: Buffer | null;
    try {
      content = spot ? unpack(this.#payload(spot), spot.packing) : null;
    } catch (cause) {
      throw lost(hash, { cause });
    }
    if (content === null || digest("sha256", content) !== hash) throw lost(hash);
    return content;
  }

  /** Removes what nothing refers to: packs that hold such are written anew without it. */
  sweep(isNeeded: (hash: string) => boolean): void {
    this.close();
    for (const name of this.#packs()) {
      const own = [...this.#spots].filter(([, spot]) => spot.pack === name);
      const needed = own.filter(([hash]) => isNeeded(hash));
      if (needed.length === own.length && own.length > 0) continue;
      for (const [hash] of own) this.#spots.delete(hash);
      for (const [hash, spot] of needed) this.#append(hash, { payload: this.#payload(spot), packing: spot.packing });
      rmSync(join(this.#folder, name));
      this.#read.delete(name);
    }
    this.close();
  }

  close(): void {
    if (this.#open) closeSync(this.#open.handle);
    this.#open = null;
  }

  #append(hash: string, { payload, packing }: Packed): void {
    const used = [...this.#read.values()].reduce((sum, bytes) => sum + bytes, 0);
    if (used + headerBytes + payload.length > this.quotaBytes) throw quotaUsedUp(this.quotaBytes);
    if (this.#open && this.#open.end > fullPackBytes) this.close();
    this.#open ??= this.#newPack();
    const header = Buffer.alloc(headerBytes);
    header.write(hash, "hex");
    header.writeUInt8(packing, hashBytes);
    header.writeUInt32LE(payload.length, hashBytes + 1);
    const record = Buffer.concat([header, payload]);
    const { pack: name, handle, end } = this.#open;
    for (let at = 0; at < record.length;) at += writeSync(handle, record, at, record.length - at, end + at);
    this.#spots.set(hash, { pack: name, at: end + headerBytes, length: payload.length, packing });
    this.#open.end += record.length;
    this.#read.set(name, this.#open.end);
  }

  #newPack() {
    const name = `${Date.now()}-${randomBytes(6).toString("hex")}.pack`;
    return { pack: name, handle: openSync(join(this.#folder, name), "wx", ownerOnlyFile), end: 0 };
  }

  #packs(): string[] {
    return readdirSync(this.#folder).filter((name) => name.endsWith(".pack"));
  }

  /** Reads the headers that are new since the last time. */
  #readPacks(): void {
    for (const name of this.#packs()) {
      const handle = openSync(join(this.#folder, name), "r");
      try {
        this.#readHeaders(name, handle);
      } finally {
        closeSync(handle);
      }
    }
  }

  #readHeaders(name: string, handle: number): void {
    const { size } = fstatSync(handle);
    const header = Buffer.alloc(headerBytes);
    let at = this.#read.get(name) ?? 0;
    while (at + headerBytes <= size) {
      readSync(handle, header, 0, headerBytes, at);
      const length = header.readUInt32LE(hashBytes + 1);
      if (at + headerBytes + length > size) break;
      const spot = { pack: name, at: at + headerBytes, length, packing: header.readUInt8(hashBytes) };
      this.#spots.set(header.toString("hex", 0, hashBytes), spot);
      at = spot.at + length;
    }
    this.#read.set(name, at);
  }

  #payload({ pack: name, at, length }: Spot): Buffer {
    const handle = openSync(join(this.#folder, name), "r");
    try {
      const payload = Buffer.alloc(length);
      readSync(handle, payload, 0, length, at);
      return payload;
    } finally {
      closeSync(handle);
    }
  }
}

interface Packed {
  readonly payload: Buffer;
  readonly packing: number;
}

function pack(content: Uint8Array): Packed {
  if (content.length >= smallestCompressed) {
    const compressed = zstdCompressSync(content, fastest);
    if (compressed.length < content.length) return { payload: compressed, packing: isCompressed };
  }
  return { payload: Buffer.from(content), packing: isRaw };
}

function unpack(payload: Buffer, packing: number): Buffer {
  return packing === isCompressed ? zstdDecompressSync(payload) : payload;
}

function lost(hash: string, options: { readonly cause?: unknown } = {}): PullcordError {
  return new PullcordError(
    "not_found",
    "snapshot_lost",
    `The snapshot of content ${hash.slice(0, 12)} is gone, or was changed on disk.`,
    options,
  );
}

function quotaUsedUp(quotaBytes: number): PullcordError {
  const text = `Snapshots have used up their ${Math.round(quotaBytes / 2 ** 20)} MiB. Undo what you still want to undo, then let older ones go.`;
  return new PullcordError("unavailable", "snapshot_quota", text);
}
