import { describe, expect, it } from "vitest";
import { readAction } from "../read-action.js";
import { corporaPresent, corpusLines, skippedNote } from "./corpora.js";
import { outcomeOf } from "./outcome.js";
import { settingSurroundings } from "./setting.js";

const workspace = "/home/dev/shop";

describe("path traversal strings", () => {
  it("sees a planted bad line", () => {
    expect(staysInside("../../../etc/passwd")).toBe(false);
    expect(staysInside("../shop-other/x")).toBe(false);
    expect(staysInside("src/../a.ts")).toBe(true);
  });

  it.skipIf(!corporaPresent)(`takes none that leads outside for one inside${skippedNote}`, () => {
    const lines = corpusLines("path-traversal.txt", "latin1");
    const wrong = lines.filter(
      (line) =>
        !staysInside(line) &&
        outcomeOf(readAction({ type: "file_write", arguments: { path: line } }, settingSurroundings)) === "allow" &&
        !/^\/(?:tmp|var\/tmp|dev\/shm)\//.test(line),
    );
    console.log(`path traversal: ${wrong.length} of ${lines.length} taken for inside`);
    expect(wrong).toEqual([]);
  });
});

/** An independent walk: the components, one by one. */
function staysInside(path: string): boolean {
  const stack: string[] = path.startsWith("/") || path.startsWith("~") ? [] : workspace.split("/").slice(1);
  if (path.startsWith("~/")) stack.push("home", "dev");
  for (const part of path.split("/")) {
    if (part === "..") stack.pop();
    else if (part !== "" && part !== ".") stack.push(part);
  }
  return `/${stack.join("/")}`.startsWith(`${workspace}/`) || `/${stack.join("/")}` === workspace;
}
