import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bash, claude, runClaude, until, type Turn } from "./claude-code/client.js";
import { sessionsUnder } from "./claude-code/session.js";

/** What the scripted model says that each of its messages used. */
const perMessage = 120;

const limit = 5 * perMessage;
const waitMs = 20_000;

const policy = `version: 1
autonomy: full
guardrails:
  tokens_per_run: { pause: ${limit} }
rules:
  - id: sub-agents
    effect: allow
    when: { type: agent_start }
`;

describe.skipIf(claude === undefined)("the tokens that Claude Code uses", () => {
  const session = sessionsUnder({ policy, trustTier: "autonomous" });

  async function start(scripts: Readonly<Record<string, readonly Turn[]>>) {
    const model = await session.begin(scripts);
    return { model, ...runClaude(session.place, model) };
  }

  const usedBy = async (run: string) =>
    (await session.person.limits.of({ run })).find(({ guardrail }) => guardrail === "tokens_per_run")?.used;

  it("count once for each message, whatever it calls, sub-agents' own included", async () => {
    const { ended } = await start({
      main: [
        { text: "Two at once.", tools: [bash("echo one > one"), bash("echo two > two")] },
        {
          tools: [
            {
              name: "Agent",
              input: { description: "look", prompt: "[[script:sub]] go", subagent_type: "general-purpose", run_in_background: false },
            },
          ],
        },
        { text: "fin" },
      ],
      sub: [{ text: "sub done" }],
    });
    const { status, sessionId, errors } = await ended;
    expect([status, errors]).toEqual([0, ""]);
    const run = await session.runOf(sessionId);
    const messages = { main: 3, sub: 1 };
    await expect.poll(() => usedBy(run.id), { timeout: waitMs }).toBe((messages.main + messages.sub) * perMessage);
    const { items } = await session.person.readLog(run.id);
    expect(items.filter(({ text }) => text.includes("may count fewer or more tokens"))).toEqual([]);
  });

  it("pause the run at the policy's limit, until a person lets it go on", async () => {
    const all = 15;
    const turns = Array.from({ length: all }, (_, turn) => ({ tools: [bash(`echo ${turn} >> turns`)] }));
    const done = () => readFileSync(join(session.place.workspace, "turns"), "utf8").trim().split("\n").length;
    const { ended } = await start({ main: [...turns, { text: "fin" }] });
    const run = await until(async () => {
      const { items } = await session.person.listRuns({ status: "paused" });
      return items.find(({ workingDirectory }) => workingDirectory === session.place.workspace);
    });
    // The client writes down what it used a moment late: an action or two more may have been let through.
    expect(await usedBy(run.id)).toBeGreaterThanOrEqual(limit);
    expect(done()).toBeGreaterThan(2);
    expect(done()).toBeLessThan(all);
    await session.person.limits.act({ guardrail: "tokens_per_run", owner: { kind: "run", id: run.id }, act: "hold_closed" });
    const { status, result } = await ended;
    expect([status, result?.result]).toEqual([0, "fin"]);
    expect(done()).toBe(all);
  });

  it("that can't be counted are said once in the run's log, and keep nothing from going on", async () => {
    const { ended } = await start({
      main: [
        { tools: [bash("echo > one")] },
        // The transcript is moved away and something else is put in its place, with the same name.
        { tools: [bash(`cd ~/.claude/projects/* && mv *.jsonl .. && mkdir "$(cd .. && echo *.jsonl)"`)] },
        { tools: [bash("echo > two")] },
        { text: "fin" },
      ],
    });
    const { status, result, sessionId } = await ended;
    expect([status, result?.result]).toEqual([0, "fin"]);
    expect(session.made("two")).toBe(true);
    const { items } = await session.person.readLog((await session.runOf(sessionId)).id);
    const said = items.filter(({ text }) => text.includes("may count fewer or more tokens"));
    expect(said.map(({ text }) => text)).toEqual([expect.stringContaining("is no plain file")]);
  });
});
