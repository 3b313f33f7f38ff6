import { useLocation } from "@tanstack/react-router";
import { useSearch } from "../../frame/search.js";
import { ScrollBox } from "../../parts/scroll-box.js";
import { HostileText } from "../../text/hostile-text.js";

/** The text to read, by line: decisions lead to the line that made them. */
export function Lines({ text }: { readonly text: string }) {
  const matches = useSearch();
  const chosen = useLocation().hash;
  return (
    <ScrollBox label="Policy text" className="will-run max-h-[70dvh] bg-sunken/60 py-3">
      {text
        .replace(/\n$/u, "")
        .split("\n")
        .map((written, index) => {
          const isChosen = chosen === `line-${index + 1}`;
          return (
            <div
              key={index}
              {...(isChosen && { ref: intoView, "aria-current": "location" })}
              className={`flex gap-4 border-l-2 px-4 text-[13px] leading-[21px] ${isChosen ? "border-accent bg-accent-wash" : "border-transparent"} ${matches(written) ? "" : "opacity-35"}`}
            >
              <span aria-hidden="true" className="w-7 shrink-0 text-right text-muted tabular-nums select-none">
                {index + 1}
              </span>
              <span className={`min-w-0 flex-1 ${/^\s*#/u.test(written) ? "text-muted" : ""}`}>
                <HostileText text={written === "" ? " " : written} />
              </span>
            </div>
          );
        })}
    </ScrollBox>
  );
}

function intoView(line: HTMLElement | null): void {
  line?.scrollIntoView({ block: "center" });
}
