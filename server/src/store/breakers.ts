import type { Breaker, BreakerState, LimitOwner } from "@pullcord/sdk/protocol";
import { statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Reader, Transaction } from "./transaction.js";

type Row = Tables["breakers"];
type Key = Pick<Row, "owner_kind" | "owner_id" | "guardrail">;

/** Most breakers that one list shows. */
const mostListed = 500;
/** Most breakers that wake at a time. */
const mostDue = 100;

const upsert = statement<Row, never>((db, value) =>
  db
    .insertInto("breakers")
    .values({
      owner_kind: value("owner_kind"),
      owner_id: value("owner_id"),
      guardrail: value("guardrail"),
      status: value("status"),
      due_at: value("due_at"),
      state: value("state"),
    })
    .onConflict((conflict) =>
      conflict
        .columns(["owner_id", "owner_kind", "guardrail"])
        .doUpdateSet({ status: value("status"), due_at: value("due_at"), state: value("state") }),
    ),
);
const remove = statement<Key, never>((db, value) =>
  db
    .deleteFrom("breakers")
    .where("owner_id", "=", value("owner_id"))
    .where("owner_kind", "=", value("owner_kind"))
    .where("guardrail", "=", value("guardrail")),
);
const ofBoth = statement<{ run: string; agent: string }, Row>((db, value) =>
  db
    .selectFrom("breakers")
    .selectAll()
    .where((is) =>
      is.or([
        is.and([is("owner_id", "=", value("run")), is("owner_kind", "=", "run")]),
        is.and([is("owner_id", "=", value("agent")), is("owner_kind", "=", "agent")]),
      ]),
    ),
);
const due = statement<{ now: number }, Row>((db, value) =>
  db.selectFrom("breakers").selectAll().where("due_at", "<=", value("now")).orderBy("due_at").limit(mostDue),
);

/** Keeps a breaker's state; of one that is closed, and warned of nothing, nothing is kept. */
export async function saveBreaker(tx: Transaction, { guardrail, owner, state }: Breaker): Promise<void> {
  const key = { owner_kind: owner.kind, owner_id: owner.id, guardrail };
  if (state.status === "closed" && !state.warned) await tx.all(remove, key);
  else await tx.all(upsert, { ...key, status: state.status, due_at: dueAt(state), state: JSON.stringify(state) });
}

/** When time alone changes it. */
function dueAt(state: BreakerState): number | null {
  switch (state.status) {
    case "closed":
      return state.warned?.until ?? null;
    case "half_open":
      return state.probe?.until ?? null;
    default:
      return state.until;
  }
}

/** The breakers of a run and of its agent that are not simply closed. */
export async function breakersOf(reader: Reader, run: string, agent: string): Promise<readonly Breaker[]> {
  return (await reader.all(ofBoth, { run, agent })).map(breakerOf);
}

/** Those that time changes by now, the longest due first. */
export async function dueBreakers(reader: Reader, now: number): Promise<readonly Breaker[]> {
  return (await reader.all(due, { now })).map(breakerOf);
}

/** Whatever is open, half-open or held, of agents and of runs that go on. */
export async function listBreakers(reader: Reader): Promise<readonly Breaker[]> {
  const rows = await reader.query((db) =>
    db
      .selectFrom("breakers")
      .leftJoin("runs", (join) => join.onRef("runs.id", "=", "breakers.owner_id"))
      .select(["breakers.owner_kind", "breakers.owner_id", "breakers.guardrail", "breakers.status", "breakers.due_at", "breakers.state"])
      .where("breakers.status", "!=", "closed")
      .where((is) => is.or([is("breakers.owner_kind", "=", "agent"), is("runs.status", "in", ["running", "paused"])]))
      .orderBy("breakers.owner_kind")
      .orderBy("breakers.owner_id")
      .orderBy("breakers.guardrail")
      .limit(mostListed),
  );
  return rows.map(breakerOf);
}

function breakerOf({ guardrail, owner_kind, owner_id, state }: Row): Breaker {
  return { guardrail, owner: { kind: owner_kind as LimitOwner["kind"], id: owner_id }, state: JSON.parse(state) as BreakerState };
}
