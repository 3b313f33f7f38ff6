import type { ReactNode } from "react";

/** A list of facts: a name, and what is known. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className="flex flex-col">{children}</dl>;
}

export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="grid grid-cols-1 gap-x-6 gap-y-1 border-t border-line py-2.5 first:border-t-0 sm:grid-cols-[128px_minmax(0,1fr)]">
      <dt className="text-small leading-[21px] font-medium text-muted">{name}</dt>
      <dd className="min-w-0 text-body">{children}</dd>
    </div>
  );
}
