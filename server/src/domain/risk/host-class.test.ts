import { describe, expect, it } from "vitest";
import { classifyHost } from "./host-class.js";

describe("hosts", () => {
  it.each([
    ["localhost", "this_machine"],
    ["127.1", "this_machine"],
    ["0x7f000001", "this_machine"],
    ["::ffff:127.0.0.1", "this_machine"],
    ["169.254.169.254", "metadata"],
    ["2852039166", "metadata"],
    ["metadata.google.internal", "metadata"],
    ["10.1.2.3", "private"],
    ["db.corp", "private"],
    ["203.0.113.5", "bare_address"],
    ["db.prod.internal", "production"],
    ["127.0.0.1.nip.io", "unknown"],
    ["localhost.example.net", "unknown"],
    ["example.org", "public"],
    ["", "unknown"],
  ] as const)("takes %s for %s", (host, place) => expect(classifyHost(host)).toBe(place));
});
