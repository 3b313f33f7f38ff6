import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AgentClient } from "@pullcord/sdk/client";
import type { ActionAnswer, BreakerState, ProposedAction } from "@pullcord/sdk/protocol";
import { startTestServer, type TestServer } from "./server-for-tests.js";

export const minute = 60_000;
export const hour = 60 * minute;

/** A server with these guardrails, its owner signed in for commands, and an agent that may do much. */
export async function startLimited(guardrails: string): Promise<Limited> {
  const policy = `version: 1\nautonomy: full\nguardrails:\n${guardrails.replaceAll(/^/gm, "  ")}\nrules:\n  - { id: pay, effect: allow, when: { type: payment }, level: required_2fa }\n`;
  return Limited.over(await startTestServer({ policy }), mkdtempSync(join(tmpdir(), "pullcord-limits-")));
}

export class Limited {
  readonly test: TestServer;
  readonly agent: AgentClient;
  readonly #workspace: string;

  private constructor(test: TestServer, agent: AgentClient, workspace: string) {
    this.test = test;
    this.agent = agent;
    this.#workspace = workspace;
  }

  static async over(test: TestServer, workspace: string): Promise<Limited> {
    const credentials = { server: test.server.url, token: await test.server.ownerToken() };
    writeFileSync(join(test.folder, "credentials.json"), JSON.stringify(credentials));
    return new Limited(test, await test.agent("coder", "autonomous"), workspace);
  }

  /** The same data and the same policy, served anew. */
  async restarted(): Promise<Limited> {
    await this.test.server.close();
    return Limited.over(await startTestServer({ dataFolder: this.test.folder }), this.#workspace);
  }

  async close(): Promise<void> {
    await this.test.close();
    rmSync(this.#workspace, { recursive: true, force: true });
  }

  async open(): Promise<string> {
    return (await this.agent.openRun({ task: "limits", workingDirectory: this.#workspace })).id;
  }

  reading(path: string): ProposedAction {
    return { type: "file_read", arguments: { path: join(this.#workspace, path) } };
  }

  /** Does it, as far as it may be done. */
  async act(run: string, action: ProposedAction, status: "succeeded" | "failed" = "succeeded"): Promise<ActionAnswer> {
    const answer = await this.agent.propose(run, action);
    if (answer.next === "run") await this.agent.reportOutcome(answer.action.id, { status });
    return answer;
  }

  async fail(run: string, times: number): Promise<void> {
    for (let n = 0; n < times; n += 1) await this.act(run, this.reading(`failing-${n}`), "failed");
  }

  async breaker(guardrail: string, whose: { readonly run: string } | { readonly agent: string }): Promise<BreakerState> {
    const found = (await this.test.person.limits.of(whose)).find((one) => one.guardrail === guardrail);
    if (!found) throw new Error(`no limit ${guardrail}`);
    return found.state;
  }

  /** What is on record of breakers, the newest first. */
  async recordOf(run?: string): Promise<readonly string[]> {
    const { items } = await this.test.person.listAudit(run === undefined ? { limit: 200 } : { run, limit: 200 });
    return items.filter(({ type }) => type.startsWith("breaker.")).map(({ type }) => type);
  }
}
