import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Mode, Undo, UndoPreview } from "@pullcord/sdk/protocol";
import { vi } from "vitest";
import { shopRows, shopTables } from "../../../sdk/src/undo/database/churn.test.support.js";
import type { Shop } from "./own-shop.js";
import { killed, Program, startOwnServer, type OwnServer, type Telling } from "./programs.js";

/** How long something is waited for on a busy machine. */
export const patience = { timeout: 120_000, interval: 50 };

/** What is undone: a run, an undo (then it is a redo), or a part of one. */
interface UndoScope {
  readonly run?: string;
  readonly undo?: string;
  readonly only?: string[];
}

/** A shop whose rows programs change by themselves, and the server that they hand them in to; each in a process of its own. */
export class OwnWorkshop {
  readonly folder: string;
  readonly shop: Shop;
  readonly #mode: Mode;
  readonly #token: string;
  readonly #programs: Program[] = [];
  #server: OwnServer;

  private constructor(server: OwnServer, { folder, shop, mode }: { readonly folder: string; readonly shop: Shop; readonly mode: Mode }) {
    this.folder = folder;
    this.shop = shop;
    this.#mode = mode;
    this.#server = server;
    this.#token = server.tokens["till"] ?? "";
  }

  static async open(openShop: (folder: string) => Promise<Shop>, mode: Mode): Promise<OwnWorkshop> {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-own-")));
    writeFileSync(join(folder, "policy.yaml"), "version: 1\nrules:\n  - { id: all, effect: allow, when: { type: [config_change] } }\n");
    const shop = await openShop(folder);
    for (const sql of [...shopTables, ...shopRows()]) await shop.run(sql);
    return new OwnWorkshop(await startOwnServer({ dataFolder: folder, mode, agents: ["till"] }), { folder, shop, mode });
  }

  get server(): OwnServer {
    return this.#server;
  }

  /** One more program of the same agent. */
  program(telling: Partial<Telling> = {}): Program {
    const made = new Program({ url: this.#server.url, token: this.#token, ...this.shop.told, ...telling });
    this.#programs.push(made);
    return made;
  }

  /** Every row of the users, the orders and the prices. */
  async rows(): Promise<Record<string, unknown>[][]> {
    const found = [];
    for (const table of ["users", "orders", "prices"]) found.push(await this.shop.rows(table));
    return found;
  }

  /** What an undo would do, once a program has been heard of and it is as expected. */
  previewed(scope: UndoScope, expected: (preview: UndoPreview) => void = () => {}): Promise<UndoPreview> {
    return vi.waitFor(async () => {
      const preview = await this.#server.person.previewUndo(scope);
      const waiting = preview.conflicts.find(({ sentence }) => sentence.startsWith("Waits for"));
      if (waiting) throw new Error(waiting.sentence);
      expected(preview);
      return preview;
    }, patience);
  }

  async undo(scope: UndoScope): Promise<{ readonly preview: UndoPreview; readonly undo: Undo }> {
    const preview = await this.previewed(scope);
    return { preview, undo: await this.#server.person.undo({ ...scope, digest: preview.digest }) };
  }

  /** Killed with -9; the next one goes on with what it left. */
  async restartServer(): Promise<void> {
    await killed(this.#server.process);
    this.#server = await startOwnServer({ dataFolder: this.folder, mode: this.#mode, agents: [] });
  }

  async close(): Promise<void> {
    for (const program of this.#programs) await killed(program.process);
    await killed(this.#server.process);
    await this.shop.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
