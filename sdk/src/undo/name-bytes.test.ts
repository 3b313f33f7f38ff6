import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Folder } from "./folder.js";
import { isWellFormed, onDisk, shownText, textOfBytes } from "./name-bytes.js";

const anyName = fc.uint8Array({ min: 1, minLength: 1, maxLength: 20 }).map((bytes) => Buffer.from(bytes));

describe("names of any bytes", () => {
  it("are one text each, and that text is theirs alone", () => {
    fc.assert(
      fc.property(anyName, (bytes) => {
        const text = textOfBytes(bytes);
        expect([isWellFormed(text), Buffer.from(onDisk(text))]).toEqual([true, bytes]);
      }),
    );
  });

  it("are shown as no other name is", () => {
    const odd = textOfBytes(Buffer.from([0x63, 0xe9]));
    expect([odd, String.raw`c\xe9`, String.raw`c\x5cxe9`].map(shownText)).toEqual([
      String.raw`c\xe9`,
      String.raw`c\x5cxe9`,
      String.raw`c\x5cx5cxe9`,
    ]);
  });
});

describe("a text that would be another name", () => {
  let top: string;
  beforeEach(() => {
    top = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-names-")));
    mkdirSync(join(top, "inside"));
    writeFileSync(join(top, "outside"), "theirs");
  });
  afterEach(() => rmSync(top, { recursive: true }));

  it.each(["\u{0}2e\u{0}2e", "\u{0}2foutside", "..\u{0}2foutside", "\u{0}c3\u{0}a9", "\u{0}", "\u{0}zz"])("is none: %j", (name) => {
    expect(isWellFormed(name)).toBe(false);
    const folder = Folder.open(join(top, "inside"));
    try {
      expect(() => folder.look(name)).toThrow(expect.objectContaining({ reason: "not_a_name" }));
    } finally {
      folder.close();
    }
    expect(() => Folder.open(join(top, "inside", name))).toThrow(expect.objectContaining({ reason: "not_a_name" }));
  });
});
