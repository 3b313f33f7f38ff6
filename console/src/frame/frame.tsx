import { isPullcordError } from "@pullcord/sdk/protocol";
import { useQueryClient } from "@tanstack/react-query";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { useApi } from "../live/client.js";
import { useConnection, useNow } from "../live/clock.js";
import { useSession } from "../live/queries.js";
import { tellHere } from "../live/here.js";
import { followStream } from "../live/stream.js";
import { SignedOut } from "../pages/sign-in/signed-out.js";
import { Announcer } from "../parts/announcer.js";
import { Loading, Trouble } from "../parts/state-pages.js";
import { duration } from "../text/words.js";
import { HelpDialog } from "./help.js";
import { PhoneBar } from "./phone-bar.js";
import { Places } from "./rail.js";
import { ReceiptBanner } from "./receipt-banner.js";
import { SearchContext } from "./search.js";
import { StopKey } from "./stop-everything.js";
import { TopBar } from "./top-bar.js";

/** Everything around a page, for a signed-in person; else the way in. */
export function Frame() {
  const session = useSession();
  const { keepSession } = useApi();
  if (session.data) keepSession(session.data);
  if (session.data) return <SignedIn />;
  if (session.isPending) return <Loading />;
  if (isPullcordError(session.error) && session.error.code === "unauthenticated") return <SignedOut />;
  return <Trouble error={session.error} retry={() => void session.refetch()} />;
}

function SignedIn() {
  const { client } = useApi();
  const queries = useQueryClient();
  const path = useRouterState({ select: (state) => state.location.pathname });
  // What was searched for belongs to the page it was typed on.
  const [searched, setSearched] = useState({ path, text: "" });
  const text = searched.path === path ? searched.text : "";
  const search = useMemo(() => ({ text, setText: (next: string) => setSearched({ path, text: next }) }), [path, text]);
  useEffect(() => {
    const leave = new AbortController();
    void followStream(client, queries, leave.signal);
    tellHere(client, leave.signal);
    return () => leave.abort();
  }, [client, queries]);
  return (
    <SearchContext value={search}>
      <a
        href="#page"
        className="sr-only z-50 rounded-card bg-ink px-4 py-2 text-on-ink focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        To the page
      </a>
      <div className="flex min-h-dvh flex-col">
        <TopBar />
        <div className="flex flex-1">
          <div className="sticky top-14 hidden h-[calc(100dvh-3.5rem)] w-[68px] shrink-0 border-r border-line p-3 md:block xl:w-[200px]">
            <Places />
          </div>
          <div className="min-w-0 flex-1">
            <ReceiptBanner />
            <StaleBanner />
            <main id="page" tabIndex={-1} className="outline-none">
              <Outlet />
            </main>
          </div>
        </div>
        <PhoneBar />
      </div>
      <StopKey />
      <HelpDialog />
      <Announcer />
    </SearchContext>
  );
}

/** A short break is not worth a banner: the mark in the top bar says it already. */
const worthSayingMs = 3_000;

function StaleBanner() {
  const connection = useConnection();
  const now = useNow();
  if (connection.state !== "lost" || now - connection.since < worthSayingMs) return null;
  return (
    <p role="status" className="border-b border-line bg-sunken px-4 py-2.5 text-body md:px-8">
      <strong className="font-semibold">The connection is lost.</strong> What you see is {duration(now - connection.since)} old; agents that
      can't reach the server are denied. Trying again by itself.
    </p>
  );
}
