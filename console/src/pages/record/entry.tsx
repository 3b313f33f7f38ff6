import type { Actor, AuditEntry } from "@pullcord/sdk/protocol";
import { Link } from "@tanstack/react-router";
import { Bot, Server, UserRound, Webhook } from "lucide-react";
import { OpeningRow } from "../../parts/opening-row.js";
import { ScrollBox } from "../../parts/scroll-box.js";
import { pretty } from "../../parts/what-runs.js";
import { HostileText } from "../../text/hostile-text.js";
import { dateTime } from "../../text/words.js";

const actorIcons = { person: UserRound, agent: Bot, system: Server, webhook: Webhook } as const;
const longestLine = 160;

/** One line of the record; opened, the whole of it with its hashes. */
export function Entry({ entry }: { readonly entry: AuditEntry }) {
  return (
    <OpeningRow
      columns="grid-cols-[16px_minmax(0,1fr)_auto] md:grid-cols-[16px_56px_168px_190px_150px_minmax(0,1fr)]"
      detail={<Detail entry={entry} />}
    >
      <span className="hidden text-right text-small text-muted tabular-nums md:block">{entry.seq}</span>
      <time className="hidden text-small whitespace-nowrap text-muted md:block">{dateTime(entry.at)}</time>
      <span className="truncate text-body font-medium">{entry.type}</span>
      <Who actor={entry.actor} />
      <code className="hidden truncate text-small text-muted md:block">
        <HostileText text={lineOf(entry)} />
      </code>
    </OpeningRow>
  );
}

function Who({ actor }: { readonly actor: Actor }) {
  const Icon = actorIcons[actor.kind];
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5 text-small text-muted">
      <Icon size={14} aria-label={actor.kind} className="shrink-0" />
      <span className="truncate">
        <HostileText text={actor.id} />
      </span>
    </span>
  );
}

function Detail({ entry }: { readonly entry: AuditEntry }) {
  return (
    <>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5 text-small">
        <Fact name="Entry" text={`${entry.seq}, ${dateTime(entry.at)}`} />
        <Fact name="Actor" text={`${entry.actor.kind} ${entry.actor.id}${entry.actor.via ? ` via ${entry.actor.via}` : ""}`} />
        {entry.runId && (
          <>
            <dt className="text-muted">Run</dt>
            <dd>
              <Link to="/runs/$run" params={{ run: entry.runId }} className="target underline decoration-line underline-offset-4">
                {entry.runId}
              </Link>
            </dd>
          </>
        )}
        {entry.actionId && <Fact name="Action" text={entry.actionId} />}
        <Fact name="Leaf hash" text={entry.leafHash} code />
        <Fact name="Head" text={entry.head} code />
      </dl>
      <ScrollBox label="Body of the entry" className="will-run card max-h-96 px-4 py-3">
        <HostileText text={pretty(entry.body)} />
      </ScrollBox>
    </>
  );
}

function Fact({ name, text, code = false }: { readonly name: string; readonly text: string; readonly code?: boolean }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className={`min-w-0 break-all ${code ? "font-mono" : ""}`}>
        <HostileText text={text} />
      </dd>
    </>
  );
}

/** What says most comes first; hashes say nothing at a glance. */
const telling = ["description", "task", "text", "sentence", "kind", "effect", "status", "level", "reason"];
const hidden = new Set(["digest", "policyVersion", "id", "request"]);

function lineOf({ body }: AuditEntry): string {
  const names = [
    ...telling.filter((name) => name in body),
    ...Object.keys(body).filter((name) => !telling.includes(name) && !hidden.has(name)),
  ];
  return names
    .flatMap((name) => {
      const value = body[name];
      if (value === undefined || value === null || typeof value === "object") return [];
      return [telling.includes(name) ? String(value) : `${name}=${String(value)}`];
    })
    .join(" · ")
    .slice(0, longestLine);
}
