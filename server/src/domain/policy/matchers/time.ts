import type { Day, TimeWindow } from "../document.js";
import type { Matcher } from "./matcher.js";

const days: readonly Day[] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const dayMinutes = 24 * 60;

/** When it is decided: days of the week and a span of the day, in a time zone. A span past midnight belongs to the day it began. */
export const time: Matcher<TimeWindow> = (windows) => {
  const tests = windows.map(windowTest);
  return ({ now }) => [tests.some((test) => test(now)) ? "yes" : "no"];
};

function windowTest({ days: wanted, from, to, zone = "UTC" }: TimeWindow): (now: number) => boolean {
  const named = wanted === undefined ? days : ([] as Day[]).concat(wanted);
  const [start, end] = [minutes(from) ?? 0, minutes(to) ?? dayMinutes];
  const clock = wallClock(zone);
  return (now) => {
    const { day, minute } = clock(now);
    const isDay = (offset: number) => named.includes(days[(day + offset + days.length) % days.length] ?? "sun");
    if (start < end) return isDay(0) && minute >= start && minute < end;
    return (isDay(0) && minute >= start) || (isDay(-1) && minute < end);
  };
}

/** The day of the week, 0 for Sunday, and the minute of the day where the zone's clocks hang. */
function wallClock(zone: string): (now: number) => { readonly day: number; readonly minute: number } {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return (now) => {
    const parts = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, value]));
    const day = days.indexOf((parts["weekday"] ?? "").toLowerCase() as Day);
    return { day, minute: Number(parts["hour"]) * 60 + Number(parts["minute"]) };
  };
}

/** `22:30` as minutes of the day. */
function minutes(text: string | undefined): number | null {
  const [hour, minute] = (text ?? "").split(":").map(Number);
  return hour === undefined || minute === undefined ? null : hour * 60 + minute;
}

/** Whether this machine knows the time zone. */
export function isTimeZone(zone: string): boolean {
  try {
    return Intl.DateTimeFormat("en-US", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
