import { describe, expect, it } from "vitest";
import type { Surroundings } from "../reading.js";
import { outcomeOf, readShell } from "./corpus/outcome.js";
import { settingSurroundings } from "./corpus/setting.js";

/** The setting, in which nothing of this name is there yet. */
const without = (name: string): Surroundings => ({
  ...settingSurroundings,
  resolve: (path, from) => {
    const resolved = settingSurroundings.resolve(path, from);
    return resolved.path?.endsWith(`/${name}`) ? { ...resolved, exists: false, kind: "absent" } : resolved;
  },
});

describe("writing data that cannot be made again", () => {
  it.each(["cp tmp/x.db data/copy.db", "echo 1 > data/copy.db", "sqlite3 tmp/x.db .dump > data/copy.db"])(
    "loses nothing where nothing is yet: %s",
    (command) => {
      expect(outcomeOf(readShell(command, settingSurroundings))).toBe("ask");
      expect(outcomeOf(readShell(command, without("copy.db")))).toBe("allow");
    },
  );

  it("still asks about secrets, other places and folders, there or not", () => {
    expect(outcomeOf(readShell("echo KEY=1 > .env.local", without(".env.local")))).toBe("ask");
    expect(outcomeOf(readShell("cp tmp/x.db ~/copy.db", without("copy.db")))).toBe("ask");
    expect(outcomeOf(readShell("cp tmp/x.db data", without("copy.db")))).toBe("ask");
  });
});
