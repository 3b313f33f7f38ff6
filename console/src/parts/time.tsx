import { useNow } from "../live/clock.js";
import { dateTime, duration, timeLeft } from "../text/words.js";

/** How long ago, kept true; the exact time on hover. */
export function Ago({ at, suffix = " ago" }: { readonly at: number; readonly suffix?: string }) {
  const now = useNow();
  const passed = now - at;
  return (
    <time dateTime={new Date(at).toISOString()} title={dateTime(at)} className="whitespace-nowrap">
      {passed < 2_000 && suffix ? "just now" : `${duration(passed)}${suffix}`}
    </time>
  );
}

const shortMs = 60_000;

/** Counts down to an expiry. Amber: a person is waited for; bold when little is left. */
export function TimeLeft({ until }: { readonly until: number }) {
  const left = until - useNow();
  return (
    <time
      dateTime={new Date(until).toISOString()}
      title={`Expires ${dateTime(until)}; nobody answers: denied`}
      className={`whitespace-nowrap text-wait ${left < shortMs ? "font-semibold" : ""}`}
    >
      {left > 0 ? `${timeLeft(left)} left` : "expired"}
    </time>
  );
}
