import type { ReactNode } from "react";

const tones = {
  plain: "border-line bg-surface text-muted",
  wait: "border-wait/40 bg-wait-wash text-wait",
  danger: "border-danger/40 bg-danger-wash text-danger",
  accent: "border-accent/30 bg-accent-wash text-accent",
};

/** A small fact. */
export function Chip({
  tone = "plain",
  children,
  title,
}: {
  readonly tone?: keyof typeof tones;
  readonly children: ReactNode;
  readonly title?: string;
}) {
  return (
    <span
      title={title}
      className={`inline-flex h-6 items-center gap-1.5 rounded-full border px-2.5 text-small font-medium whitespace-nowrap ${tones[tone]}`}
    >
      {children}
    </span>
  );
}

export function Key({ children }: { readonly children: ReactNode }) {
  return (
    <kbd className="inline-grid h-5 min-w-5 place-items-center rounded-[5px] border border-line bg-sunken px-1 font-sans text-[12px] leading-none font-medium text-muted">
      {children}
    </kbd>
  );
}
