import type { BreakGlassReport } from "@pullcord/sdk/protocol";
import { ScrollBox } from "../../parts/scroll-box.js";

const height = 96;
const slot = 20;
const bar = 12;

/** Uses by day as bars, with the numbers as a table for whoever can't see them. */
export function DayChart({ days }: { readonly days: BreakGlassReport["days"] }) {
  const most = Math.max(1, ...days.map((day) => day.uses));
  const total = days.reduce((sum, day) => sum + day.uses, 0);
  const width = Math.max(1, days.length) * slot;
  return (
    <figure>
      <svg
        viewBox={`0 0 ${width} ${height + 4}`}
        role="img"
        aria-label={`${total} uses over ${days.length} days, most on one day ${most}`}
        className="block h-28 w-full"
        preserveAspectRatio="none"
      >
        <line x1="0" x2={width} y1={height + 0.5} y2={height + 0.5} className="stroke-line" vectorEffect="non-scaling-stroke" />
        {days.map((day, index) => {
          const tall = (day.uses / most) * (height - 8);
          return (
            <rect
              key={day.day}
              x={index * slot + (slot - bar) / 2}
              y={height - Math.max(1.5, tall)}
              width={bar}
              height={Math.max(1.5, tall)}
              rx="1.5"
              className={day.uses > 0 ? "fill-accent" : "fill-line"}
            >
              <title>{`${day.day}: ${day.uses} of ${day.gatedDecisions} decisions`}</title>
            </rect>
          );
        })}
      </svg>
      <figcaption className="mt-1 flex justify-between text-small text-muted">
        <span>{days[0]?.day}</span>
        <span>most on a day: {Math.max(0, ...days.map((day) => day.uses))}</span>
        <span>{days.at(-1)?.day}</span>
      </figcaption>
      <details className="mt-2 text-small">
        <summary className="target w-fit cursor-pointer text-muted hover:text-ink">As a table</summary>
        <ScrollBox label="Uses by day" className="mt-2 max-h-72">
          <table className="w-full max-w-[420px] text-left">
            <thead className="text-muted">
              <tr>
                <th className="py-1 pr-4 font-medium">Day</th>
                <th className="py-1 pr-4 text-right font-medium">Uses</th>
                <th className="py-1 text-right font-medium">Decisions</th>
              </tr>
            </thead>
            <tbody>
              {days.map((day) => (
                <tr key={day.day} className="border-t border-line">
                  <td className="py-1 pr-4">{day.day}</td>
                  <td className="py-1 pr-4 text-right">{day.uses}</td>
                  <td className="py-1 text-right">{day.gatedDecisions}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      </details>
    </figure>
  );
}
