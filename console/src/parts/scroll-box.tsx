import type { ReactNode, Ref, UIEventHandler } from "react";

interface ScrollBoxProps {
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
  readonly ref?: Ref<HTMLDivElement>;
  readonly onScroll?: UIEventHandler<HTMLDivElement>;
}

/** A box that scrolls by itself: named, and in the tab order, so that the keyboard reaches what is below its edge. */
export function ScrollBox({ label, className = "", children, ...rest }: ScrollBoxProps) {
  return (
    // WCAG 2.1.1: not every browser puts a scrolling box in the tab order by itself.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div {...rest} role="region" aria-label={label} tabIndex={0} className={`overflow-auto -outline-offset-2 ${className}`}>
      {children}
    </div>
  );
}
