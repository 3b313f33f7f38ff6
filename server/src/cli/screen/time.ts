const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const;

/** A duration in its largest whole unit: `3 h`, `12 s`. */
export function duration(ms: number): string {
  for (const [name, size] of units) if (ms >= size) return `${Math.floor(ms / size)} ${name}`;
  return "0 s";
}

/** `12 s ago`, `just now`. */
export function ago(at: number, now: number): string {
  return now - at < 1_000 ? "just now" : `${duration(now - at)} ago`;
}

/** `in 23 h`, `over`. */
export function until(at: number, now: number): string {
  return at <= now ? "over" : `in ${duration(at - now)}`;
}

/** Local date and time, sortable. */
export function clockTime(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

const durationPattern = /^(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)$/;
const sizes: Readonly<Record<string, number>> = { ms: 1, s: 1_000, min: 60_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `90s`, `15m`, `8h`, `30d`; null for anything else. */
export function parseDuration(text: string): number | null {
  const [, amount, unit] = durationPattern.exec(text.trim()) ?? [];
  return amount === undefined || unit === undefined ? null : Math.round(Number(amount) * (sizes[unit] ?? 0));
}
