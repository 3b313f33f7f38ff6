import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Arena } from "./crash/arena.js";
import { checkEverything, checkStanding } from "./crash/check.js";
import { askingProgram, CrashClient } from "./crash/client.js";
import { Ledger } from "./crash/ledger.js";
import { seededRandom } from "./crash/random.js";

const kills = Number(process.env["PULLCORD_TEST_KILLS"] ?? 200);
const arenas = 2;
const clientsEach = 6;
/** A server lives until it has answered at most this many commands, and a moment longer. */
const mostAnswers = 40;
const longestLifeMs = 3_000;
const longestMomentMs = 15;
const lookEveryMs = 2;
/** Share of the servers that are killed while they start. */
const killedYoung = 0.15;
const youngestMs = 60;
const killsBetweenChecks = 20;
const limitMs = 600_000;

const policy = `version: 1
approval:
  default_level: review
rules:
  - id: ask
    effect: require_approval
    level: review
    when: { program: [${askingProgram}] }
    reason: "Asked for the test's sake."
guardrails:
  files_per_run: { ask: 1000000, pause: 1000000 }
`;

describe("a server that is killed at any moment", () => {
  it(`keeps all that it answered, and nothing twice, through ${kills} kills under load`, { timeout: limitMs }, async () => {
    const seed = Number(process.env["PULLCORD_TEST_SEED"] ?? Date.now() % 2 ** 32);
    console.log(`crash test: seed ${seed} (PULLCORD_TEST_SEED)`);
    const ledgers = await Promise.all(
      Array.from({ length: arenas }, (_, index) => killAgainAndAgain(seed + index, Math.ceil(kills / arenas))),
    );
    const [answered, repeated] = [sum(ledgers.map((ledger) => ledger.answered)), sum(ledgers.map((ledger) => ledger.repeated))];
    console.log(`crash test: ${answered} commands answered, ${repeated} of them after a crash had cut them off`);
    // The fault fired: kills hit commands that were under way.
    expect(repeated).toBeGreaterThan(kills / 4);
    expect(answered).toBeGreaterThan(kills * 4);
  });
});

async function killAgainAndAgain(seed: number, times: number): Promise<Ledger> {
  const folder = mkdtempSync(join(tmpdir(), "pullcord-crash-"));
  writeFileSync(join(folder, "policy.yaml"), policy);
  const random = seededRandom(seed);
  const ledger = new Ledger();
  const names = Array.from({ length: clientsEach }, (_, index) => `crasher-${index}`);
  const arena = await Arena.open(folder, names);
  const clients = names.map((name) => new CrashClient(name, { arena, ledger, random }));
  const failures: unknown[] = [];
  const work = clients.map((client) => client.work().catch((error: unknown) => void failures.push(error)));
  try {
    for (let kill = 1; kill <= times; kill += 1) {
      expect(await killOnce(arena, ledger, random), `seed ${seed}, kill ${kill}`).toBe("SIGKILL");
      expect({ failures, complaints: arena.complaints }, `seed ${seed}, kill ${kill}`).toEqual({ failures: [], complaints: [] });
      if (kill % killsBetweenChecks === 0) await checkStanding(await arena.person(), ledger);
    }
    arena.endWork();
    await Promise.all(work);
    expect({ failures, complaints: arena.complaints }).toEqual({ failures: [], complaints: [] });
    await checkEverything(await arena.person(), ledger);
    return ledger;
  } finally {
    await arena.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function killOnce(arena: Arena, ledger: Ledger, random: () => number): Promise<NodeJS.Signals | null> {
  if (random() < killedYoung) return arena.killWhileStarting(random() * youngestMs);
  await arena.person();
  const enough = ledger.answered + Math.floor(random() * mostAnswers);
  const latest = Date.now() + longestLifeMs;
  while (ledger.answered < enough && Date.now() < latest) await pause(lookEveryMs);
  await pause(random() * longestMomentMs);
  return arena.replace();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
