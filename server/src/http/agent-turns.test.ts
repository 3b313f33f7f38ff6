import { stat } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { mostWaitingOfAgent } from "../store/writers-line.js";
import { AgentTurns } from "./agent-turns.js";
import { problemResponse } from "./problems.js";

const bearer = (name: string) => `Bearer pca_${name}`;

describe("agents' turns", () => {
  it("lets agents in by turns, also one that came after a flood of another", async () => {
    const turns = new AgentTurns();
    const letIn: string[] = [];
    const all = "aaaaaab".split("").map((name) => turns.take(bearer(name)).then(() => letIn.push(name)));
    await Promise.all(all);
    expect(letIn.join("")).toBe("abaaaaa");
  });

  it("holds nobody else up, neither people nor programs that say nothing", async () => {
    const turns = new AgentTurns();
    let agents = 0;
    const flood = Array.from({ length: 100 }, () => turns.take(bearer("a")).then(() => (agents += 1)));
    for (const authorization of [null, "Bearer pcs_person", "Bearer pcw_webhook", "Basic x"]) await turns.take(authorization);
    expect(agents).toBe(0);
    await Promise.all(flood);
  });

  it("hears what else has come after a stretch of work", async () => {
    const turns = new AgentTurns();
    let agents = 0;
    // What goes on after a look at a file does so where immediates come next, and timers after them.
    await stat(".");
    const flood = Array.from({ length: 20 }, () =>
      turns.take(bearer("a")).then(() => {
        agents += 1;
        for (const until = performance.now() + 4; performance.now() < until;);
      }),
    );
    // Set before any agent's turn has begun, this comes up when the loop goes around.
    const seen = await new Promise<number>((resolve) => setTimeout(() => resolve(agents), 1));
    expect(seen).toBeGreaterThan(0);
    expect(seen).toBeLessThan(20);
    await Promise.all(flood);
  });

  it("refuses the request of an agent of which too many wait, says when to ask again, and takes another's", async () => {
    const turns = new AgentTurns();
    const flood = Array.from({ length: mostWaitingOfAgent }, () => turns.take(bearer("a")));
    const refusal = problemResponse(await turns.take(bearer("a")).catch((error: unknown) => error));
    expect([refusal.status, refusal.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await refusal.json()).toMatchObject({ code: "unavailable", reason: "too_busy" });
    await turns.take(bearer("b"));
    await Promise.all(flood);
    await turns.take(bearer("a"));
  });
});
