import { ChevronRight } from "lucide-react";
import { useState, type ReactNode } from "react";

interface OpeningRowProps {
  /** Grid columns after the chevron's, as classes: `grid-cols-[…] md:grid-cols-[…]`. */
  readonly columns: string;
  /** The cells of the line. */
  readonly children: ReactNode;
  /** What is below the line while it is open. */
  readonly detail: ReactNode;
}

/** A line of a list that opens into the whole of what it stands for. */
export function OpeningRow({ columns, children, detail }: OpeningRowProps) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className={`grid w-full cursor-pointer items-center gap-x-3 gap-y-1 px-4 py-2.5 text-left -outline-offset-2 hover:bg-hover ${columns}`}
      >
        <ChevronRight
          size={15}
          aria-hidden="true"
          className={`text-muted transition-transform duration-(--quick) ${open ? "rotate-90" : ""}`}
        />
        {children}
      </button>
      {open && <div className="flex flex-col gap-3 border-t border-line bg-canvas/60 px-4 py-4 md:pl-11">{detail}</div>}
    </li>
  );
}
