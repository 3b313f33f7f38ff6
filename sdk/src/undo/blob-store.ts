import { hash as digest, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zstdCompressSync, zstdDecompressSync, constants } from "node:zlib";
import { PullcordError } from "../protocol/index.js";

const ownerOnlyFolder = 0o700;
const ownerOnlyFile = 0o600;
/** Below this many bytes compression gains nothing. */
const smallestCompressed = 128;
const fastest = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const isRaw = 0;
const isCompressed = 1;

export interface BlobStoreOptions {
  readonly folder: string;
  /** Most bytes kept on disk; a blob that would be one too many is refused. */
  readonly quotaBytes: number;
}

/** File contents by their SHA-256, hex: kept once however often they occur, compressed, readable by their owner alone. */
export class BlobStore {
  readonly #folder: string;
  readonly #quotaBytes: number;
  #bytes = 0;

  constructor({ folder, quotaBytes }: BlobStoreOptions) {
    this.#folder = folder;
    this.#quotaBytes = quotaBytes;
    mkdirSync(folder, { recursive: true, mode: ownerOnlyFolder });
    for (const hash of this.#hashes()) this.#bytes += statSync(this.#place(hash)).size;
  }

  /** On disk. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @returns the content's hash. @throws PullcordError `unavailable`/`snapshot_quota` */
  put(content: Uint8Array): string {
    const hash = digest("sha256", content);
    const place = this.#place(hash);
    if (existsSync(place)) return hash;
    const packed = pack(content);
    if (this.#bytes + packed.length > this.#quotaBytes) throw quotaUsedUp(this.#quotaBytes);
    mkdirSync(join(place, ".."), { recursive: true, mode: ownerOnlyFolder });
    const temporary = `${place}.${randomBytes(4).toString("hex")}`;
    writeFileSync(temporary, packed, { mode: ownerOnlyFile, flag: "wx" });
    renameSync(temporary, place);
    this.#bytes += packed.length;
    return hash;
  }

  /** @throws PullcordError `not_found`/`snapshot_lost` when it is not there any more, or is not what was put */
  get(hash: string): Buffer {
    let content: Buffer;
    try {
      content = unpack(readFileSync(this.#place(hash)));
    } catch (cause) {
      throw new PullcordError("not_found", "snapshot_lost", `The snapshot of content ${hash.slice(0, 12)} is gone.`, { cause });
    }
    if (digest("sha256", content) === hash) return content;
    throw new PullcordError("not_found", "snapshot_lost", `The snapshot of content ${hash.slice(0, 12)} was changed on disk.`);
  }

  /** Removes what nothing refers to. @returns the bytes freed */
  sweep(isNeeded: (hash: string) => boolean): number {
    const before = this.#bytes;
    for (const hash of this.#hashes()) {
      if (isNeeded(hash)) continue;
      this.#bytes -= statSync(this.#place(hash)).size;
      rmSync(this.#place(hash));
    }
    return before - this.#bytes;
  }

  #hashes(): string[] {
    const isHash = (name: string) => /^[0-9a-f]{64}$/.test(name);
    return readdirSync(this.#folder).flatMap((shelf) => readdirSync(join(this.#folder, shelf)).filter(isHash));
  }

  #place(hash: string): string {
    return join(this.#folder, hash.slice(0, 2), hash);
  }
}

function pack(content: Uint8Array): Buffer {
  if (content.length >= smallestCompressed) {
    const compressed = zstdCompressSync(content, fastest);
    if (compressed.length < content.length) return Buffer.concat([Buffer.of(isCompressed), compressed]);
  }
  return Buffer.concat([Buffer.of(isRaw), content]);
}

function unpack(packed: Buffer): Buffer {
  const rest = packed.subarray(1);
  return packed[0] === isCompressed ? zstdDecompressSync(rest) : rest;
}

function quotaUsedUp(quotaBytes: number): PullcordError {
  const text = `Snapshots have used up their ${Math.round(quotaBytes / 2 ** 20)} MiB. Undo what you still want to undo, then let older ones go.`;
  return new PullcordError("unavailable", "snapshot_quota", text);
}
