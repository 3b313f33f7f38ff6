const hourMs = 3_600_000;
/** Longer than any day, and any shift of a zone's clocks. */
const longestDayHours = 27;

const formats = new Map<string, Intl.DateTimeFormat>();

/** The date where a zone's clocks hang, `2026-11-21`. Dates compare as texts do. */
export function dayOf(now: number, zone: string): string {
  const known = formats.get(zone);
  // Sweden's way of writing a date is ISO 8601's.
  const format = known ?? new Intl.DateTimeFormat("sv-SE", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  if (!known) formats.set(zone, format);
  return format.format(now);
}

/** When the next day begins there, to the minute; whatever the zone does to its clocks that night. */
export function endOfDay(now: number, zone: string): number {
  const today = dayOf(now, zone);
  let [before, after] = [now, now + longestDayHours * hourMs];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dayOf(middle, zone) === today) before = middle;
    else after = middle;
  }
  return after;
}
