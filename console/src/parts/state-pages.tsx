import { isPullcordError } from "@pullcord/sdk/protocol";
import { CircleAlert, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button.js";
import { CopyCommand } from "./copy-command.js";

interface EmptyProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly children?: ReactNode;
  /** What to type to get on. */
  readonly command?: string;
}

/** Nothing here yet: what that means and what to do next. */
export function Empty({ icon: Icon, title, children, command }: EmptyProps) {
  return (
    <div className="flex flex-col items-center gap-3 px-6 py-14 text-center">
      <span className="grid size-11 place-items-center rounded-full bg-sunken text-muted">
        <Icon size={20} aria-hidden="true" />
      </span>
      <h2 className="text-lead font-semibold">{title}</h2>
      {children && <div className="max-w-[46ch] text-body text-muted">{children}</div>}
      {command && <CopyCommand command={command} />}
    </div>
  );
}

/** Something could not be read: what happened, why, what to do. */
export function Trouble({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const unreachable = isPullcordError(error) && error.code === "unavailable";
  return (
    <div role="alert" className="flex flex-col items-center gap-3 px-6 py-14 text-center">
      <span className="grid size-11 place-items-center rounded-full bg-sunken text-ink">
        <CircleAlert size={20} aria-hidden="true" />
      </span>
      <h2 className="text-lead font-semibold">{unreachable ? "The server does not answer" : "This could not be read"}</h2>
      <p className="max-w-[56ch] text-body text-muted">{sentenceOf(error)}</p>
      {unreachable && <p className="max-w-[46ch] text-body text-muted">Agents are denied while it is down. To bring it up:</p>}
      {unreachable && <CopyCommand command="npx pullcord start" />}
      {retry && <Button onPress={retry}>Try again</Button>}
    </div>
  );
}

/** Rows that are on their way. */
export function Loading({ rows = 4 }: { readonly rows?: number }) {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-3 p-4">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="breathe flex items-center gap-4 py-2">
          <span className="size-4 rounded-full bg-line" />
          <span className="h-3 w-1/4 rounded bg-line" />
          <span className="h-3 flex-1 rounded bg-line" />
        </div>
      ))}
    </div>
  );
}

/** One line for a write that failed, where it was made. */
export function WriteTrouble({ error }: { readonly error: unknown }) {
  if (!error) return null;
  return (
    <p role="alert" className="flex items-start gap-2 text-body text-ink">
      <CircleAlert size={16} aria-hidden="true" className="mt-0.5 shrink-0" />
      {sentenceOf(error)}
    </p>
  );
}

export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : "Something unexpected happened. Reload the page to start afresh.";
}
