import { PullcordError, type JsonObject } from "@pullcord/sdk/protocol";
import type { z } from "zod";

/** A notice of this shape. Unknown fields are left alone, since senders add some with every version. */
export function parseNotice<T>(schema: z.ZodType<T>, body: JsonObject, whose: string): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = `/${(issue?.path ?? []).map(String).join("/")}`;
  throw new PullcordError("invalid", "unknown_notice", `This is no notice of ${whose}: ${field}: ${issue?.message ?? "is not valid"}.`, {
    field,
  });
}
