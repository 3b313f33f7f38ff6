import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { AgentClient, PersonClient } from "@pullcord/sdk/client";
import { startServer } from "pullcord";
import { aims, aimTable } from "./aims.ts";

const { actions: recorded, seconds: aimSeconds } = aims.backtest;
/** Proposed for real; the rest are copies of them under ids of their own. */
const proposed = 200;
const commands = [
  "ls -la",
  "npm test",
  "git commit -m x",
  "make deploy",
  "curl https://api.example.com/v1",
  "rm -rf build",
  "cat README.md",
];

/** A backtest of 100,000 recorded actions, as a section of RESULTS.md. */
export async function backtestReport(): Promise<string> {
  const dataFolder = mkdtempSync(join(process.env["PULLCORD_BENCH_FOLDER"] ?? tmpdir(), "pullcord-backtest-"));
  try {
    await record(dataFolder);
    multiply(dataFolder);
    const server = await startServer({ port: 0, dataFolder });
    try {
      const person = new PersonClient({ url: server.url, token: await server.ownerToken() });
      const { text } = await person.policy();
      const startedAt = performance.now();
      const { replayed, changed } = await person.policies.backtest(
        `${text}\n  - { id: no-make, effect: deny, when: { program: make } }\n`,
        recorded,
      );
      const seconds = (performance.now() - startedAt) / 1_000;
      return report({ seconds, replayed, changed });
    } finally {
      await server.close();
    }
  } finally {
    rmSync(dataFolder, { recursive: true, force: true });
  }
}

async function record(dataFolder: string): Promise<void> {
  const server = await startServer({ port: 0, dataFolder });
  const person = new PersonClient({ url: server.url, token: await server.ownerToken() });
  const agent = new AgentClient({ url: server.url, token: (await person.issueAgentToken("bench")).secret });
  // Each in a run of its own: the questions of one run are limited.
  for (let at = 0; at < proposed; at++) {
    const { id } = await agent.openRun({ task: "history", workingDirectory: "/srv/work" });
    await agent.propose(id, { type: "command_execute", arguments: { command: commands[at % commands.length] ?? "ls" } });
  }
  await server.close();
}

function multiply(dataFolder: string): void {
  const [file] = readdirSync(dataFolder).filter((name) => /\.(db|sqlite)$/.test(name));
  const db = new DatabaseSync(join(dataFolder, file ?? ""));
  const copies = recorded / proposed;
  const actions = db.prepare(
    "insert into actions select id || '-' || @copy, run_id, agent, digest, status, effect, external_id, proposed_at + @copy, body from actions where length(id) = 10",
  );
  const facts = db.prepare(
    "insert into decided_facts select action_id || '-' || @copy, at + @copy, body from decided_facts where length(action_id) = 10",
  );
  db.exec("begin");
  for (let copy = 1; copy < copies; copy++) {
    actions.run({ copy });
    facts.run({ copy });
  }
  db.exec("commit");
  db.close();
}

function report({
  seconds,
  replayed,
  changed,
}: {
  readonly seconds: number;
  readonly replayed: number;
  readonly changed: Readonly<Record<string, number>>;
}): string {
  const all = Object.values(changed).reduce((sum, one) => sum + one, 0);
  return [
    "## A backtest",
    `${replayed.toLocaleString("en")} recorded actions decided again by two policies over the API, ${all.toLocaleString("en")} of them otherwise; decisions go on meanwhile.`,
    aimTable([
      {
        aim: `${recorded.toLocaleString("en")} recorded actions in under ${aimSeconds} s`,
        measured: `${seconds.toFixed(1)} s`,
        isReached: seconds < aimSeconds && replayed === recorded,
      },
    ]),
  ].join("\n\n");
}
