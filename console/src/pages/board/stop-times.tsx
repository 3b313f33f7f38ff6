import type { StopTimes } from "@pullcord/sdk/protocol";
import { useStopTimes } from "../../live/queries.js";
import { Section } from "../../parts/page.js";
import { count, fineDuration } from "../../text/words.js";

/** How fast stops were in the last days: whether the cord still pulls. */
export function StopTimesOfTheWeek() {
  const { data } = useStopTimes();
  if (!data) return null;
  return (
    <Section title="Stops of the last 7 days" aside={data.stops}>
      <div className="card p-4">{data.stops === 0 ? <NoStops /> : <Figures times={data} />}</div>
    </Section>
  );
}

function NoStops() {
  return (
    <p className="text-body text-muted">
      Nobody stopped anything. Try it without harm: <code className="text-small">npx pullcord drill stop</code>
    </p>
  );
}

function Figures({ times }: { readonly times: StopTimes }) {
  const figures = [
    ["Nothing more allowed, p50", ms(times.acknowledgedMs.p50)],
    ["p99", ms(times.acknowledgedMs.p99)],
    ["Processes gone, p50", ms(times.endedMs.p50)],
    ["p99", ms(times.endedMs.p99)],
    ["Not proven", String(times.unproven)],
  ] as const;
  return (
    <div className="flex flex-col gap-3">
      <dl className="flex flex-wrap gap-x-8 gap-y-2">
        {figures.map(([name, value], index) => (
          <div key={index}>
            <dt className="text-small text-muted">{name}</dt>
            <dd className="text-body font-semibold tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      <ul className="flex flex-wrap gap-x-6 gap-y-1 text-small text-muted tabular-nums">
        {times.days.map(({ day, stops, unproven, endedP99 }) => (
          <li key={day}>
            {day}: {count(stops, "stop")}
            {endedP99 !== null && `, gone within ${fineDuration(endedP99)}`}
            {unproven > 0 && <strong className="font-semibold text-ink">, {unproven} not proven</strong>}
          </li>
        ))}
      </ul>
    </div>
  );
}

function ms(value: number | null): string {
  return value === null ? "none yet" : fineDuration(value);
}
