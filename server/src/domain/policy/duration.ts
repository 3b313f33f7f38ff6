import { bounds } from "@pullcord/sdk/protocol";

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, y: 31_536_000_000 } as const;

/** How a length of time is written: `90s`, `5m`, `24h`, `7d`, `2w`, `1y`. */
export const durationPattern = /^(\d{1,9})([smhdwy])$/;

/** The length in milliseconds; null when it is not written so, is zero, or is longer than a year. */
export function durationMs(text: string): number | null {
  const [, amount, unit] = durationPattern.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return null;
  const ms = Number(amount) * unitMs[unit as keyof typeof unitMs];
  return ms > 0 && ms <= bounds.approvalWaitMs ? ms : null;
}
