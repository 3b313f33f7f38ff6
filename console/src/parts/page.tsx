import { useEffect, type ReactNode } from "react";

interface PageProps {
  readonly title: string;
  /** The one question this page answers, answered. */
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page with its heading. */
export function PageFrame({ title, lead, actions, children }: PageProps) {
  useTitle(title);
  return (
    <div className="mx-auto flex w-full max-w-[1180px] flex-col gap-5 px-4 py-6 md:px-8 md:py-8">
      <header className="flex flex-col gap-3 md:flex-row md:items-start md:justify-between md:gap-6">
        <div className="min-w-0">
          <h1 className="text-title font-semibold tracking-[-0.012em]">{title}</h1>
          {lead && <div className="mt-0.5 text-lead text-muted">{lead}</div>}
        </div>
        {actions && <div className="flex shrink-0 flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A titled block on a page. */
export function Section({ title, aside, children }: { readonly title: string; readonly aside?: ReactNode; readonly children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-2.5">
      <div className="flex items-baseline justify-between gap-4 px-1">
        <h2 className="text-body font-semibold">{title}</h2>
        {aside && <div className="text-small text-muted">{aside}</div>}
      </div>
      {children}
    </section>
  );
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Pullcord`;
  }, [title]);
}
