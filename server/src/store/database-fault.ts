import { PullcordError } from "@pullcord/sdk/protocol";

/** What a caller learns when the database fails. The database's own words go to the server's log with the cause. */

export function notRecorded(cause: unknown): PullcordError {
  const text = "Pullcord could not record this, so it was not done. Check the disk and the database; the server's log has the cause.";
  return new PullcordError("unavailable", "not_recorded", text, { cause });
}

export function tooBusy(): PullcordError {
  const text = "More is waiting to be recorded than Pullcord can keep up with, so this was not done. Try again in a moment.";
  return new PullcordError("unavailable", "too_busy", text);
}

export function notRead(cause: unknown): PullcordError {
  const text = "Pullcord could not read its database. Check the disk and the database; the server's log has the cause.";
  return new PullcordError("unavailable", "not_read", text, { cause });
}

/** Why a database file can't be used at all. It is left as it was found. */
export function unusableFile(file: string, cause: unknown): PullcordError {
  const { code = "unknown reason" } = cause as { readonly code?: string };
  const found = reasons.find(({ pattern }) => pattern.test(code)) ?? otherReason;
  return new PullcordError("unavailable", found.reason, `The database ${file} ${found.text} (${code}).`, { cause });
}

const otherReason = {
  reason: "database_unusable",
  text: "can't be opened. Check its owner and permissions, or name another folder with --data",
};
const reasons = [
  {
    pattern: /NOTADB|CORRUPT/,
    reason: "database_damaged",
    text: "is damaged, or is no database of Pullcord's. It was left as it is. Put back a copy, or name another folder with --data",
  },
  {
    pattern: /BUSY|LOCKED/,
    reason: "database_locked",
    text: "is held by another program. End that program, or name another folder with --data",
  },
  {
    pattern: /FULL|ENOSPC/,
    reason: "disk_full",
    text: "can't grow, since its disk is full. Free some space, or name another folder with --data",
  },
] as const;
