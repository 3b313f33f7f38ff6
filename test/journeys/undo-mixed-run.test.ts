import { execFileSync } from "node:child_process";
import { appendFileSync, chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AgentClient } from "@pullcord/sdk/client";
import type { ProposedAction, Run } from "@pullcord/sdk/protocol";
import { change, contentsOf, otherChange, shopRows, shopTables } from "../../sdk/src/undo/database/churn.test.support.js";
import { meddle, seeded } from "../../sdk/src/undo/workshop.test.support.js";
import { startTestServer, type TestServer } from "./server-for-tests.js";
import { openRepository, type Repository } from "./undo/repository.js";

/** Actions of the generated run (issue 6). */
const actions = 500;
const humanEdits = 100;
/** Most actions that may be refused because their rows can't be kept: the generator's own, such as a name that is taken. */
const mostRefused = 10;
const shop = "data/shop.db";
const policy =
  "version: 1\nguardrails:\n  files_per_run: { ask: 100000, pause: 100000 }\nrules:\n  - { id: all, effect: allow, when: { type: [command_execute, file_write, file_delete, database_modify] } }\n";

let test: TestServer;
let agent: AgentClient;
beforeAll(async () => {
  test = await startTestServer({ policy });
  agent = await test.agent("coder", "autonomous");
});
afterAll(() => test.close());

let repository: Repository;
/** A person's own connection, open all the time. */
let database: DatabaseSync;
let run: Run;
let refused: number;
beforeEach(async () => {
  refused = 0;
  repository = openRepository();
  mkdirSync(at("data"));
  database = filled(new DatabaseSync(at(shop)));
  run = await agent.openRun({ task: "work", workingDirectory: repository.root });
});
afterEach(() => {
  database.close();
  repository.remove();
});

const at = (path: string) => join(repository.root, path);

function filled(empty: DatabaseSync): DatabaseSync {
  for (const sql of [...shopTables, ...shopRows()]) empty.exec(sql);
  return empty;
}

/** Every byte, but of the database: there its mode and what is in it. */
function everything() {
  const files = repository.everything();
  files[shop] = files[shop]?.split(" ", 2).join(" ") ?? "gone";
  return { files, rows: contentsOf(database), git: repository.gitState() };
}

async function act(proposed: ProposedAction, work: () => void): Promise<void> {
  const { action, next, guidance } = await agent.propose(run.id, proposed);
  if (/could not be kept. The database refused it/.test(guidance ?? "")) return void (refused += 1);
  expect([next, guidance]).toEqual(["run", guidance]);
  expect(action.decision?.obligations).toContainEqual({ kind: "snapshot" });
  work();
  await agent.reportOutcome(action.id, { status: "succeeded" });
}
const command = (text: string): ProposedAction => ({ type: "command_execute", arguments: { command: text } });
const shell = (text: string) => act(command(text), () => execFileSync("sh", ["-c", text], { cwd: repository.root, stdio: "ignore" }));

async function actMuch(random: () => number, between: (step: number) => void = () => {}) {
  for (let step = 0; step < actions; step++) {
    if (step % 50 === 7) await shell(`git add -A && git -c user.name=a -c user.email=a@example.com commit -qm step-${step}`);
    else if (step % 50 === 23) await shell(`git checkout -qb agent-${step}`);
    else if (step % 10 === 3) await shell(scriptOf(step));
    else if (step % 10 === 8) await shell(configOf(step));
    else if (step % 10 === 5) await writeByTool(`tool-${step % 40}.txt`, `${random()}\n`);
    else if (step % 10 === 1) await changeByCommand(sqlOf(step, random));
    else if (step % 10 === 6) await changeByTool(sqlOf(step, random));
    else await act(command(`./meddle ${step}`), () => void meddle(repository.root, random));
    between(step);
  }
}

const scriptOf = (step: number) =>
  `printf 'by script %s\\n' ${step} > script-${step}.txt; chmod +x script-${step}.txt; ln -s script-${step}.txt link-${step}; mkdir -p deep/${step}`;

/** Sets one key and adds another, where the file still is one. */
const configOf = (step: number) =>
  `mkdir -p config; sed -i 's/^key_${step % 7}: .*/key_${step % 7}: agent-${step}/' config/app.yaml; printf 'key_%s: %s\\n' ${step} new >> config/app.yaml; true`;

const sqlOf = (step: number, random: () => number) =>
  change(step, random)
    .map(({ text }) => text)
    .join("; ");

async function writeByTool(name: string, content: string) {
  await act({ type: "file_write", arguments: { path: at(name), content } }, () => {
    rmSync(at(name), { recursive: true, force: true });
    writeFileSync(at(name), content);
  });
}

const changeByCommand = (sql: string) => act(command(`sqlite3 ${shop} "PRAGMA foreign_keys = ON; ${sql}"`), () => runSql(sql));
const changeByTool = (sql: string) => act({ type: "database_modify", arguments: { database: at(shop), sql } }, () => runSql(sql));

/** With a connection of the agent's own, which keeps foreign keys. */
function runSql(sql: string) {
  const own = new DatabaseSync(at(shop));
  own.exec(sql);
  own.close();
}

describe("undo of a long run of mixed actions on a real repository with a database", () => {
  it("puts back every byte, mode, link, row, table and git's state after 500 actions", async () => {
    const before = everything();
    await actMuch(seeded(42));
    const after = everything();
    expect(after.files).not.toEqual(before.files);
    expect(after.rows).not.toEqual(before.rows);
    expect(refused).toBeLessThan(mostRefused);
    await agent.finishRun(run.id, "succeeded");
    const preview = await test.person.previewUndo({ run: run.id });
    expect(new Set(preview.changes.map(({ of }) => of))).toEqual(new Set(["file", "database"]));
    const undo = await test.person.undo({ run: run.id, digest: preview.digest, reason: "all wrong" });
    expect(undo).toMatchObject({ status: "done", conflicts: [], unverified: [], by: { kind: "person" }, reason: "all wrong" });
    expect(everything()).toEqual(before);
  });

  it("loses none of 100 edits that a person made in between, in files and rows, and puts back all else", async () => {
    const random = seeded(43);
    const before = everything();
    const mine: Record<string, string> = {};
    const mySql: string[] = [];
    await actMuch(random, (step) => {
      if (step % (actions / humanEdits) !== 1) return;
      if (random() < 0.3) return void mySql.push(otherChangeMade(step, random));
      const line = `PERSON ${step} ${random()}`;
      mine[line] = editAsPerson(line, random);
    });
    await agent.finishRun(run.id, "succeeded");
    const undo = await test.person.undo({ run: run.id });
    expect(undo).toMatchObject({ status: "done", unverified: [] });
    const conflicts = new Set(undo.conflicts.map(({ path }) => path));
    const after = everything();
    const texts = Object.values(after.files).map((what) => Buffer.from(what.split(" ")[2] ?? "", "base64").toString());
    // A line that the run had overwritten, and the person again since, is under a conflict that was listed.
    const gone = Object.keys(mine).filter((line) => !texts.some((text) => text.includes(line)));
    expect(gone.filter((line) => !conflicts.has(mine[line] ?? ""))).toEqual([]);
    expect(gone.length).toBeLessThan(humanEdits / 10);
    const theirs = new Set([...conflicts, ...Object.values(mine)]);
    expect(Object.entries(before.files).filter(([path, what]) => !theirs.has(path) && after.files[path] !== what)).toEqual([]);
    expect(mySql.length).toBeGreaterThan(20);
    expect(refused).toBeLessThan(mostRefused);
    expect([undo.conflicts.filter(({ of }) => of === "database"), after.rows]).toEqual([[], asIfAlone(mySql)]);
  });

  /** @returns the SQL that a person ran, which changed a row for sure */
  function otherChangeMade(step: number, random: () => number): string {
    for (;;) {
      const sql = otherChange(step, random);
      // One about a row that the run has removed changes nothing.
      if (Number(database.prepare(sql).run().changes) > 0) return sql;
    }
  }

  /** What the database would hold had the run never been. */
  function asIfAlone(statements: readonly string[]) {
    const alone = filled(new DatabaseSync(":memory:"));
    for (const sql of statements) alone.exec(sql);
    const contents = contentsOf(alone);
    alone.close();
    return contents;
  }

  /** A new file, or a line in one that is there. @returns its path */
  function editAsPerson(line: string, random: () => number): string {
    const texts = Object.entries(repository.everything()).flatMap(([path, what]) =>
      /^file .*\.txt$/.test(`${what.slice(0, 5)}${path}`) && !path.startsWith(".git") ? [path] : [],
    );
    if (random() < 0.1) {
      appendFileSync(at("config/app.yaml"), `person_${Math.floor(random() * 1e6)}: ${line}\n`);
      return "config/app.yaml";
    }
    const path = random() < 0.5 ? undefined : texts[Math.floor(random() * texts.length)];
    if (path === undefined) {
      const name = `person/note-${Math.floor(random() * 1e6)}.txt`;
      mkdirSync(at("person"), { recursive: true });
      writeFileSync(at(name), line);
      return name;
    }
    const lines = readFileSync(at(path), "utf8").split("\n");
    lines.splice(Math.floor(random() * lines.length), 0, line);
    chmodSync(at(path), 0o644);
    writeFileSync(at(path), lines.join("\n"));
    return path;
  }
});
