import { describe, expect, it } from "vitest";
import { PullcordError, type RowsPreview, type TriedRows } from "@pullcord/sdk/protocol";
import type { RowsTask } from "../domain/snapshots.js";
import { RowsPreviewer } from "./rows-previewer.js";

const nothing: TriedRows = { status: "tried", at: 0, tables: [], moreTables: 0, structure: [], wayBack: [], wayBackCount: 0 };
/** A question about each of these; `ids` stand in their working directories. */
const taskOf = (agent: string, ...ids: readonly string[]): RowsTask => ({
  agent,
  of: { kind: "action", actionId: ids[0] ?? "" },
  questions: ids.map((id) => ({ rows: [], workingDirectory: id })),
});
const idOf = ({ questions }: RowsTask) => questions[0]?.workingDirectory ?? "";

/** Databases that answer when they are told to. */
function previewing() {
  const under = new Map<string, { readonly answer: (came: TriedRows | Error) => void; readonly signal: AbortSignal }>();
  const reported = new Map<string, readonly RowsPreview[]>();
  const unwanted = new Set<string>();
  let now = 0;
  const previewer = new RowsPreviewer({
    snapshots: {
      previewRows: (question, signal) =>
        new Promise((resolve, reject) => {
          const id = question.workingDirectory ?? "";
          const answer = (came: TriedRows | Error) => {
            under.delete(id);
            if (came instanceof Error) reject(came);
            else resolve(came);
          };
          signal.addEventListener("abort", () => answer(new Error("aborted")));
          under.set(id, { answer, signal });
        }),
    },
    isWanted: (task) => Promise.resolve(!unwanted.has(idOf(task))),
    report: (task, previews) => Promise.resolve(void reported.set(idOf(task), previews)),
    now: () => now,
    onFailure: (error) => {
      throw error;
    },
  });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { previewer, under, reported, unwanted, settled, pass: (ms: number) => (now += ms) };
}

describe("previewing rows beside everything else", () => {
  it("previews two databases at once, and one for each agent", async () => {
    const { previewer, under, reported, settled } = previewing();
    for (const [agent, id] of [
      ["one", "a1"],
      ["one", "a2"],
      ["two", "b1"],
      ["three", "c1"],
    ] as const)
      previewer.add(taskOf(agent, id));
    await settled();
    expect([...under.keys()]).toEqual(["a1", "b1"]);
    under.get("a1")?.answer(nothing);
    await settled();
    expect([...under.keys()]).toEqual(["b1", "a2"]);
    under.get("b1")?.answer(nothing);
    await settled();
    expect([...under.keys()]).toEqual(["a2", "c1"]);
    expect([...reported.keys()]).toEqual(["a1", "b1"]);
    await previewer.close();
  });

  it("previews for nobody who has answered already", async () => {
    const { previewer, under, reported, unwanted, settled } = previewing();
    unwanted.add("a1");
    previewer.add(taskOf("one", "a1"));
    previewer.add(taskOf("one", "a2"));
    await settled();
    await settled();
    expect([...under.keys()]).toEqual(["a2"]);
    expect(reported.size).toBe(0);
    await previewer.close();
  });

  it("says why where it could not, without what a database's words give away", async () => {
    const { previewer, under, reported, settled } = previewing();
    previewer.add(taskOf("one", "a1"));
    previewer.add(taskOf("two", "b1"));
    await settled();
    under.get("a1")?.answer(new PullcordError("unavailable", "rows_not_kept", "It said: password=swordfish is taken."));
    under.get("b1")?.answer(new Error("ENOENT /home/ada/secret"));
    await settled();
    expect(reported.get("a1")).toEqual([{ status: "untried", why: "It said: password=[secret] is taken." }]);
    expect(reported.get("b1")).toEqual([{ status: "untried", why: "They could not be read." }]);
    await previewer.close();
  });

  it("lets a question be without rows when too many wait, or it waited too long", async () => {
    const { previewer, under, reported, settled, pass } = previewing();
    for (let n = 0; n <= 51; n++) previewer.add(taskOf("one", `a${n}`));
    await settled();
    expect([...reported]).toEqual([["a51", [{ status: "untried", why: "Too many questions about rows wait." }]]]);
    pass(60_001);
    under.get("a0")?.answer(nothing);
    await settled();
    await settled();
    expect(reported.get("a1")).toMatchObject([{ status: "untried", why: expect.stringContaining("were before it") as unknown }]);
    await previewer.close();
  });

  it("tries the steps of a plan one after the other, says so of those that there is no time for, and stops once it is answered", async () => {
    const { previewer, under, reported, unwanted, settled, pass } = previewing();
    previewer.add(taskOf("one", "s1", "s2", "s3"));
    await settled();
    expect([...under.keys()]).toEqual(["s1"]);
    under.get("s1")?.answer(nothing);
    await settled();
    expect([...under.keys()]).toEqual(["s2"]);
    pass(30_001);
    under.get("s2")?.answer(nothing);
    await settled();
    expect(reported.get("s1")).toEqual([nothing, nothing, { status: "untried", why: "To try the steps before it took too long." }]);
    previewer.add(taskOf("one", "t1", "t2"));
    await settled();
    unwanted.add("t1");
    under.get("t1")?.answer(nothing);
    await settled();
    expect([under.size, reported.has("t1")]).toEqual([0, false]);
    await previewer.close();
  });

  it("ends with the server: what is under way is ended, and nothing is reported any more", async () => {
    const { previewer, under, reported, settled } = previewing();
    previewer.add(taskOf("one", "a1"));
    previewer.add(taskOf("one", "a2"));
    await settled();
    const signal = under.get("a1")?.signal;
    await previewer.close();
    expect(signal?.aborted).toBe(true);
    expect([reported.size, under.size]).toEqual([0, 0]);
  });
});
