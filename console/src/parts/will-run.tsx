import { useEffect, useRef, type ReactNode } from "react";
import { HiddenNotice, HostileText } from "../text/hostile-text.js";
import { ScrollBox } from "./scroll-box.js";

interface WillRunProps {
  readonly label: string;
  readonly text: string;
  readonly language?: "shell" | "plain";
  readonly aside?: ReactNode;
  /** Called once the last character was on the screen. */
  readonly onSeen?: () => void;
}

/** What will run: the whole text, and it tells when its end was seen. */
export function WillRun({ label, text, language = "plain", aside, onSeen }: WillRunProps) {
  return (
    <figure className="card overflow-hidden">
      <Caption label={label} aside={aside} />
      <HiddenNotice text={text} />
      <UntilSeen {...(onSeen && { onSeen })} label={label}>
        <code className="will-run block px-4 py-3.5">
          <HostileText text={text} language={language} />
        </code>
      </UntilSeen>
    </figure>
  );
}

export function Caption({ label, aside }: { readonly label: string; readonly aside?: ReactNode }) {
  return (
    <figcaption className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line px-4 py-2 text-small font-medium text-muted">
      <span>{label}</span>
      {aside}
    </figcaption>
  );
}

/** A scrolling box that says when its end has been in view. */
export function UntilSeen({
  label,
  onSeen,
  children,
}: {
  readonly label: string;
  readonly onSeen?: () => void;
  readonly children: ReactNode;
}) {
  const end = useRef<HTMLSpanElement>(null);
  const seen = useRef(onSeen);
  useEffect(() => {
    seen.current = onSeen;
  });
  useEffect(() => {
    if (!end.current) return;
    const watcher = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) seen.current?.();
    });
    watcher.observe(end.current);
    return () => watcher.disconnect();
  }, []);
  return (
    <ScrollBox label={label} className="max-h-[min(56dvh,560px)] bg-sunken/60">
      {children}
      <span ref={end} aria-hidden="true" className="block h-px" />
    </ScrollBox>
  );
}
