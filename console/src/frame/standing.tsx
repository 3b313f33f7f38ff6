import type { ServerStatus } from "@pullcord/sdk/protocol";
import { Link } from "@tanstack/react-router";
import { Info, ShieldAlert, ShieldCheck, ShieldQuestion, UserRound } from "lucide-react";
import { Button as Pressable, Dialog as Pane, DialogTrigger, Popover } from "react-aria-components";
import { useConnection, useNow } from "../live/clock.js";
import { useSession, useStatus } from "../live/queries.js";
import { Chip } from "../parts/chip.js";
import { duration, timeLeft } from "../text/words.js";

/** Connection, mode, gate and person: what has to be true for the rest of the page to be believed. */
export function Standing() {
  const status = useStatus().data;
  const person = useSession().data?.person;
  return (
    <>
      {status?.breakGlass.active && <BreakGlassActive expiresAt={status.breakGlass.expiresAt} />}
      <ConnectionMark />
      {status && <GateMark status={status} />}
      {status && <ModeMark status={status} />}
      {person && (
        <span className="hidden items-center gap-1.5 text-small text-muted 2xl:inline-flex" title={`${person.name}, ${person.role}`}>
          <UserRound size={15} aria-hidden="true" />
          {person.name}
        </span>
      )}
    </>
  );
}

function ConnectionMark() {
  const connection = useConnection();
  const now = useNow();
  if (connection.state === "live") {
    return (
      <span className="inline-flex items-center gap-2 text-small font-medium text-muted">
        <span aria-hidden="true" className="size-2 rounded-full bg-accent" />
        Live
      </span>
    );
  }
  const lost = connection.state === "lost";
  return (
    <span role="status" className="inline-flex items-center gap-2 text-small font-semibold whitespace-nowrap text-ink">
      <span aria-hidden="true" className="breathe size-2 rounded-full border-2 border-ink" />
      {lost ? `Not live · ${duration(now - connection.since)} old` : "Connecting"}
    </span>
  );
}

function GateMark({ status }: { readonly status: ServerStatus }) {
  const now = useNow();
  const provenAt = status.gateProvenAt;
  if (provenAt === null) {
    return (
      <span
        className="hidden items-center gap-1.5 text-small whitespace-nowrap text-muted xl:inline-flex"
        title="No canary has been denied through an agent's real hook yet. Run: npx pullcord doctor"
      >
        <ShieldQuestion size={15} aria-hidden="true" />
        Gate not proven
      </span>
    );
  }
  return (
    <span
      className="hidden items-center gap-1.5 text-small whitespace-nowrap text-muted xl:inline-flex"
      title="A canary action was denied through an agent's real hook"
    >
      <ShieldCheck size={15} aria-hidden="true" />
      Gate proven {duration(now - provenAt)} ago
    </span>
  );
}

const modeWords = { "same-user": "Same user", "service-user": "Service user", remote: "Remote" } as const;

function ModeMark({ status }: { readonly status: ServerStatus }) {
  return (
    <DialogTrigger>
      <Pressable className="target hidden cursor-pointer items-center gap-1.5 rounded-full border border-line bg-surface px-2.5 text-small leading-6 font-medium whitespace-nowrap text-muted hover:text-ink sm:inline-flex">
        <Info size={14} aria-hidden="true" />
        <span className="hidden lg:inline">{modeWords[status.mode]}</span>
        {status.advisory && <span className="hidden xl:inline">· advisory</span>}
        <span className="sr-only lg:hidden">Mode: {modeWords[status.mode]}</span>
      </Pressable>
      <Popover placement="bottom end" className="max-w-[340px] rounded-card border border-line bg-raised p-4 text-body shadow-lifted">
        <Pane aria-label="Mode" className="outline-none">
          <p className="font-semibold">{modeWords[status.mode]}</p>
          <p className="mt-1 text-muted">
            {status.advisory ?? "The server's keys and store are out of the agents' reach; every approval level is available."}
          </p>
        </Pane>
      </Popover>
    </DialogTrigger>
  );
}

function BreakGlassActive({ expiresAt }: { readonly expiresAt: number | null }) {
  const now = useNow();
  return (
    <Link to="/break-glass" className="target rounded-full">
      <Chip tone="wait" title="Break glass is active: the gate's judgment is overridden in a named scope">
        <ShieldAlert size={14} aria-hidden="true" />
        <span className="hidden sm:inline">Break glass</span> {expiresAt === null ? "" : timeLeft(expiresAt - now)}
      </Chip>
    </Link>
  );
}
