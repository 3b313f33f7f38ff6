import { liveThrough, settings } from "../test/journeys/scripted-day/day.ts";
import { exceptions, table, type Day } from "../test/journeys/scripted-day/report.ts";

/** How often a coding agent asks in a day, at each setting of the dial: the table of docs/autonomy.md. */
export async function dayReport(): Promise<string> {
  const days: Day[] = [];
  for (const setting of settings) days.push({ setting, happened: await liveThrough(setting) });
  return ["## A scripted day", table(days), exceptions(days)].join("\n\n");
}
