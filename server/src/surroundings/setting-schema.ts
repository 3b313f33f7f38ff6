import { z } from "zod";

const names = z.array(z.string()).readonly();
const texts = z.record(z.string(), z.string()).readonly();

/** The words of a setting file: what would otherwise be found out from the machine. */
const schema = z
  .object({
    user: z.object({ name: z.string(), uid: z.number().optional(), home: absolute(), may_sudo: z.boolean().optional() }),
    workspace: absolute(),
    autonomy: z.enum(["ask_first", "ask_destructive", "notify", "full"]).optional(),
    trust_tier: z.string().optional(),
    git: z
      .object({
        tracked: names.default([]),
        modified: names.default([]),
        untracked: names.default([]),
        ignored: names.default([]),
      })
      .loose()
      .optional(),
    recreatable: names.optional(),
    irreplaceable: names.optional(),
    locked_dependencies: z.object({ npm: names.optional(), pip: names.optional() }).default({}),
    scripts: z.object({ npm: texts.optional(), make: texts.optional() }).optional(),
    databases: z
      .array(
        z.object({
          name: z.string(),
          host: z.string(),
          environment: z.enum(["development", "throwaway", "production", "gate"]),
        }),
      )
      .readonly()
      .optional(),
    /** `current` names a context; every other key says what that context is. */
    clusters: texts.optional(),
    hosts: z.object({ production: names.default([]), local: names.default([]) }).optional(),
    gate: z
      .object({ folders: names.default([]), hooks: names.default([]), api: z.string() })
      .loose()
      .default({ folders: [], hooks: [], api: "127.0.0.1:7420" }),
  })
  .loose();

function absolute(): z.ZodString {
  return z.string().regex(/^\//, "has to be an absolute path");
}

export type Setting = Readonly<z.infer<typeof schema>>;

/** Reads the text of a setting file; says in a sentence what is wrong with it. */
export function parseSetting(text: string): { readonly setting: Setting } | { readonly problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { problem: "The setting is not JSON." };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { setting: parsed.data };
  const [issue] = parsed.error.issues;
  return { problem: `The setting's ${issue?.path.join(".") || "text"} is wrong: ${issue?.message ?? "not as expected"}.` };
}
