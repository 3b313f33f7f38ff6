import { expect, it } from "vitest";
import { dayOf, endOfDay } from "./day.js";

it.each<readonly [at: string, zone: string, day: string, end: string]>([
  ["2026-11-21T18:00:00Z", "UTC", "2026-11-21", "2026-11-22T00:00:00.000Z"],
  ["2026-11-21T23:30:00Z", "Europe/Vienna", "2026-11-22", "2026-11-22T23:00:00.000Z"],
  // A day of 25 hours, and one of 23.
  ["2026-10-24T22:30:00Z", "Europe/Vienna", "2026-10-25", "2026-10-25T23:00:00.000Z"],
  ["2026-03-28T23:30:00Z", "Europe/Vienna", "2026-03-29", "2026-03-29T22:00:00.000Z"],
  ["2026-11-21T10:00:00Z", "Pacific/Kiritimati", "2026-11-22", "2026-11-22T10:00:00.000Z"],
  ["2026-11-22T09:59:59Z", "Pacific/Kiritimati", "2026-11-22", "2026-11-22T10:00:00.000Z"],
  // Midnight is skipped there on this day.
  ["2026-09-05T12:00:00Z", "America/Santiago", "2026-09-05", "2026-09-06T04:00:00.000Z"],
])("at %s it is, in %s, %s, until %s", (...[at, zone, day, end]) => {
  expect(dayOf(Date.parse(at), zone)).toBe(day);
  expect(new Date(endOfDay(Date.parse(at), zone)).toISOString()).toBe(end);
});
