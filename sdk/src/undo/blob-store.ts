import { hash as digest, randomBytes } from "node:crypto";
import { closeSync, fdatasyncSync, fstatSync, mkdirSync, openSync, readdirSync, readSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { isPullcordError, PullcordError } from "../protocol/index.js";
import { blockOf, headAt, unpacked, type BlockHead, type Member } from "./blob-block.js";
import { SealedFiles } from "./sealed-files.js";
import { ownerOnlyFile, ownerOnlyFolder } from "./owner-only.js";

/** Contents are gathered to this many bytes, then compressed and written as one: each by itself would cost several times as much. */
const fullBlockBytes = 256 * 2 ** 10;
/** A pack that has grown to this is left alone, and another one begun, in bytes. */
const fullPackBytes = 64 * 2 ** 20;
const packSuffix = ".blocks";

export interface BlobStoreOptions {
  readonly folder: string;
  readonly quotaBytes: number;
}

export interface Writing {
  /** For what an undo makes itself, which is little: a quota that is used up keeps nobody from undoing. */
  readonly beyondQuota?: boolean;
}

/** A block on disk. */
interface Block extends Pick<BlockHead, "payloadLength" | "packing"> {
  readonly pack: string;
  /** Of its payload. */
  readonly at: number;
  /** Of all that it holds, unpacked, in bytes. */
  readonly contentsLength: number;
}

/** Where a content lies. */
interface Slot {
  readonly block: Block;
  readonly from: number;
  readonly length: number;
}

/**
 * File contents by their SHA-256, hex: kept once however often they occur, compressed, readable by their owner alone.
 * They lie in blocks, one behind the other in packs: a look at a workspace then makes no file for each file that it reads.
 * Whoever opens the store writes a pack of its own, so that a block which a crash cut off stays the last of its pack.
 */
export class BlobStore {
  readonly #folder: string;
  /** Large files that are kept as what they are. */
  readonly sealed: SealedFiles;
  /** Most bytes kept on disk; a block that would be one too many is refused. */
  quotaBytes: number;
  readonly #slots = new Map<string, Slot>();
  /** How far each pack has been read, which is what it takes on disk. */
  readonly #read = new Map<string, number>();
  /** What the next block will hold. */
  readonly #pending = new Map<string, Uint8Array>();
  #pendingBytes = 0;
  #open: { readonly pack: string; readonly handle: number; end: number } | null = null;
  #unpackedLast: { readonly block: Block; readonly contents: Buffer } | null = null;

  constructor({ folder, quotaBytes }: BlobStoreOptions) {
    this.#folder = folder;
    this.quotaBytes = quotaBytes;
    mkdirSync(folder, { recursive: true, mode: ownerOnlyFolder });
    this.sealed = new SealedFiles(join(folder, "sealed"));
    this.#readPacks();
  }

  has(hash: string): boolean {
    return this.#pending.has(hash) || this.#slots.has(hash);
  }

  /**
   * Keeps a content from the next `flush` on, which has to come before anything on disk speaks of it.
   * @returns its hash. @throws PullcordError `unavailable`/`snapshot_quota`
   */
  put(content: Uint8Array, writing: Writing = {}): string {
    const hash = digest("sha256", content);
    if (this.has(hash)) return hash;
    if (this.#pendingBytes >= fullBlockBytes) this.flush(writing);
    this.#pending.set(hash, content);
    this.#pendingBytes += content.length;
    return hash;
  }

  /** Writes what was put. What the quota refuses waits for the next flush. @throws PullcordError `unavailable`/`snapshot_quota` */
  flush({ beyondQuota = false }: Writing = {}): void {
    if (this.#pending.size === 0) return;
    const members = [...this.#pending].map(([hash, content]) => ({ hash, content }));
    const block = blockOf(members);
    if (!beyondQuota && block.length > this.roomBytes) throw quotaUsedUp(this.quotaBytes);
    this.#append(members, block);
    this.#pending.clear();
    this.#pendingBytes = 0;
  }

  /** What the quota leaves, in bytes. */
  get roomBytes(): number {
    return this.quotaBytes - this.sealed.bytes - [...this.#read.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  /** Flushes, and waits until the disk has it: a computer that loses power keeps it, too. */
  sync(writing: Writing = {}): void {
    this.flush(writing);
    if (this.#open) fdatasyncSync(this.#open.handle);
  }

  /** @throws PullcordError `not_found`/`snapshot_lost` when it is not there any more, or is not what was put */
  get(hash: string): Buffer {
    const waiting = this.#pending.get(hash);
    if (waiting) return Buffer.from(waiting);
    // Another process may have put it meanwhile.
    if (!this.#slots.has(hash)) this.#readPacks();
    const slot = this.#slots.get(hash);
    if (!slot) throw lost(hash);
    let content: Buffer;
    try {
      content = this.#contentAt(slot);
    } catch (cause) {
      throw lost(hash, { cause });
    }
    if (digest("sha256", content) !== hash) throw lost(hash);
    return content;
  }

  /** Removes what nothing refers to: packs that hold such are written anew without it. */
  sweep(isNeeded: (hash: string) => boolean): void {
    this.close();
    this.sealed.sweep(isNeeded);
    for (const hash of this.#pending.keys()) if (!isNeeded(hash)) this.#forget(hash);
    for (const name of this.#packs()) {
      const own = [...this.#slots].filter(([, { block }]) => block.pack === name);
      const needed = own.filter(([hash]) => isNeeded(hash));
      if (needed.length === own.length && own.length > 0) continue;
      this.#writeAnew(needed);
      // Only what is on disk elsewhere, and what nobody needs, is let go of: the disk may be full, or no more files may be opened.
      if (this.#open) fdatasyncSync(this.#open.handle);
      for (const [hash] of own) if (this.#slots.get(hash)?.block.pack === name) this.#slots.delete(hash);
      rmSync(join(this.#folder, name));
      this.#read.delete(name);
    }
    this.close();
  }

  close(): void {
    if (this.#open) closeSync(this.#open.handle);
    this.#open = null;
  }

  #forget(hash: string): void {
    this.#pendingBytes -= this.#pending.get(hash)?.length ?? 0;
    this.#pending.delete(hash);
  }

  /** What was spoilt is left behind. @throws where it can't be read now, but may be later */
  #writeAnew(slots: readonly (readonly [hash: string, slot: Slot])[]): void {
    let members: Member[] = [];
    let bytes = 0;
    for (const [hash, slot] of slots) {
      try {
        members.push({ hash, content: this.#contentAt(slot) });
      } catch (error) {
        const { syscall, code } = error as NodeJS.ErrnoException;
        if (syscall !== undefined && code !== "EIO") throw error;
        continue;
      }
      bytes += slot.length;
      if (bytes < fullBlockBytes) continue;
      this.#append(members);
      [members, bytes] = [[], 0];
    }
    if (members.length > 0) this.#append(members);
  }

  #append(members: readonly Member[], block = blockOf(members)): void {
    if (this.#open && this.#open.end > fullPackBytes) this.close();
    this.#open ??= this.#newPack();
    const { pack, handle, end } = this.#open;
    for (let at = 0; at < block.length;) at += writeSync(handle, block, at, block.length - at, end + at);
    this.#open.end = this.#readBlock(pack, (at, length) => block.subarray(at - end, at - end + length), {
      at: end,
      size: end + block.length,
    });
  }

  #newPack() {
    const name = `${Date.now()}-${randomBytes(6).toString("hex")}${packSuffix}`;
    return { pack: name, handle: openSync(join(this.#folder, name), "wx", ownerOnlyFile), end: 0 };
  }

  #packs(): string[] {
    return readdirSync(this.#folder).filter((name) => name.endsWith(packSuffix));
  }

  /** Reads the heads that are new since the last time. */
  #readPacks(): void {
    for (const name of this.#packs()) {
      const handle = openSync(join(this.#folder, name), "r");
      try {
        const { size } = fstatSync(handle);
        const read = (at: number, length: number) => bytesAt(handle, at, Math.min(length, size - at));
        for (let at = -1, next = this.#read.get(name) ?? 0; next > at;)
          [at, next] = [next, this.#readBlock(name, read, { at: next, size })];
      } finally {
        closeSync(handle);
      }
    }
  }

  /** @returns where the next block begins: the same place where there is no whole block */
  #readBlock(
    pack: string,
    read: (at: number, length: number) => Buffer,
    { at, size }: { readonly at: number; readonly size: number },
  ): number {
    const head = headAt(read, at);
    const end = head ? at + head.payloadAt + head.payloadLength : Infinity;
    if (!head || end > size) {
      this.#read.set(pack, at);
      return at;
    }
    const contentsLength = head.slices.reduce((sum, { length }) => sum + length, 0);
    const block = { pack, at: at + head.payloadAt, contentsLength, payloadLength: head.payloadLength, packing: head.packing };
    for (const { hash, ...slice } of head.slices) this.#slots.set(hash, { block, ...slice });
    this.#read.set(pack, end);
    return end;
  }

  #contentAt({ block, from, length }: Slot): Buffer {
    const known = this.#unpackedLast?.block === block ? this.#unpackedLast.contents : null;
    const contents = known ?? unpacked(this.#payload(block), block.packing, block.contentsLength);
    // One large file would only lie in memory.
    if (contents.length <= 2 * fullBlockBytes) this.#unpackedLast = { block, contents };
    return Buffer.from(contents.subarray(from, from + length));
  }

  #payload({ pack, at, payloadLength }: Block): Buffer {
    const handle = openSync(join(this.#folder, pack), "r");
    try {
      return bytesAt(handle, at, payloadLength);
    } finally {
      closeSync(handle);
    }
  }
}

/** Fewer where the file ends before. */
function bytesAt(handle: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, length));
  return bytes.subarray(0, readSync(handle, bytes, 0, bytes.length, at));
}

function lost(hash: string, options: { readonly cause?: unknown } = {}): PullcordError {
  return new PullcordError(
    "not_found",
    "snapshot_lost",
    `The snapshot of content ${hash.slice(0, 12)} is gone, or was changed on disk.`,
    options,
  );
}

/** Whether there is no room for a content: by the quota, or on the disk. */
export function isLackOfSpace(error: unknown): boolean {
  const { code = "" } = error as NodeJS.ErrnoException;
  return isPullcordError(error) ? error.reason === "snapshot_quota" : ["ENOSPC", "EDQUOT"].includes(code);
}

function quotaUsedUp(quotaBytes: number): PullcordError {
  const text = `Snapshots have used up their ${Math.round(quotaBytes / 2 ** 20)} MiB. Undo what you still want to undo, then let older ones go.`;
  return new PullcordError("unavailable", "snapshot_quota", text);
}
