import { Link } from "@tanstack/react-router";
import { Menu, Search } from "lucide-react";
import { useContext, useRef, useState } from "react";
import { Dialog } from "../parts/dialog.js";
import { useShortcuts } from "../parts/shortcuts.js";
import { Places } from "./rail.js";
import { SearchContext } from "./search.js";
import { Standing } from "./standing.js";
import { StopEverything } from "./stop-everything.js";

export function TopBar() {
  const [menu, setMenu] = useState(false);
  return (
    <header className="sticky top-0 z-40 flex h-14 items-center gap-3 border-b border-line bg-canvas/92 px-3 backdrop-blur-md md:px-4">
      <button
        type="button"
        aria-label="All places"
        onClick={() => setMenu(true)}
        className="target grid size-10 cursor-pointer place-items-center rounded-card text-muted hover:bg-hover md:hidden"
      >
        <Menu size={20} aria-hidden="true" />
      </button>
      <Link
        to="/"
        aria-label="Pullcord, to the board"
        className="target flex items-center gap-2.5 rounded-card md:w-11 md:justify-center shrink-0 xl:w-[172px] xl:justify-start xl:pl-2"
      >
        <Mark />
        <span className="hidden text-lead font-semibold tracking-[-0.015em] xl:inline">Pullcord</span>
      </Link>
      <SearchField />
      <div className="ml-auto flex shrink-0 items-center gap-2 md:gap-3">
        <Standing />
        <span className="hidden md:inline-flex">
          <StopEverything />
        </span>
      </div>
      <Dialog title="Go to" isOpen={menu} onClose={() => setMenu(false)}>
        <Places wide onGo={() => setMenu(false)} />
      </Dialog>
    </header>
  );
}

/** A cord with its handle. */
export function Mark({ size = 26 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" className="shrink-0">
      <rect width="32" height="32" rx="8" className="fill-ink" />
      <path d="M16 0v14" className="stroke-on-ink" strokeWidth="2.5" />
      <path d="M16 13.5 23 25H9z" className="stroke-on-ink" fill="none" strokeWidth="2.5" strokeLinejoin="round" />
    </svg>
  );
}

function SearchField() {
  const { text, setText } = useContext(SearchContext);
  const input = useRef<HTMLInputElement>(null);
  useShortcuts({ "/": () => input.current?.focus() });
  return (
    <label className="relative hidden max-w-[340px] min-w-0 flex-1 items-center md:flex">
      <Search size={15} aria-hidden="true" className="pointer-events-none absolute left-3 text-muted" />
      <span className="sr-only">Search this page</span>
      <input
        ref={input}
        type="search"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && (setText(""), input.current?.blur())}
        placeholder="Search this page"
        aria-keyshortcuts="/"
        className="h-9 w-full min-w-0 text-ellipsis rounded-card border border-line bg-surface pr-8 pl-9 text-body placeholder:text-muted pointer-coarse:h-11"
      />
      <kbd aria-hidden="true" className="pointer-events-none absolute right-2.5 hidden text-small text-muted lg:inline">
        /
      </kbd>
    </label>
  );
}
