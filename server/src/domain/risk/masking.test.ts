import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskSecrets } from "./masking.js";
import { holdsSecret } from "./secrets.js";

describe("masking secrets", () => {
  it.each([
    ["curl -H 'Authorization: Bearer abc.def-123' x.org", "curl -H 'Authorization: Bearer [secret]' x.org"],
    ["psql postgres://app:hunter22@db/x", "psql postgres://app:[secret]@db/x"],
    ["DB_PASSWORD=short ./run", "DB_PASSWORD=[secret] ./run"],
    ["export GH_TOKEN='with spaces in it'; ls", "export GH_TOKEN=[secret]; ls"],
    ["login --password hunter22 --user ada", "login --password [secret] --user ada"],
    ["login --api-key=abc", "login --api-key=[secret]"],
    ["git clone https://ghp_0123456789abcdefghij@github.com/x/y", "git clone https://[secret]@github.com/x/y"],
    ["-----BEGIN RSA PRIVATE KEY-----\nMII\nabc\n-----END RSA PRIVATE KEY-----\nrest", "[secret]\nrest"],
    ["-----BEGIN PRIVATE KEY-----\nno end", "[secret]"],
    ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl", "[secret]"],
  ])("takes it out of %j", (text, clean) => {
    expect(maskSecrets(text)).toBe(clean);
  });

  it.each(["git push origin main", "PATH=/bin ls", "API_TOKEN=$TOKEN ./run", "echo --password", "https://example.org/a?b=c", "monkey=1"])(
    "leaves %j alone",
    (text) => {
      expect(maskSecrets(text)).toBe(text);
    },
  );

  it("goes by the names of fields, wherever they are", () => {
    expect(maskSecrets({ to: ["a"], auth: { access_token: "x", deep: [{ DB_PASSWORD: ["y", "z"] }] }, count: 3, none: null })).toEqual({
      to: ["a"],
      auth: { access_token: "[secret]", deep: [{ DB_PASSWORD: ["[secret]", "[secret]"] }] },
      count: 3,
      none: null,
    });
  });

  it("leaves nothing that the reader takes for a secret, and is quick on long texts", () => {
    const secrets = fc.constantFrom(
      "sk_live_0123456789abcdef",
      "AKIA0123456789ABCDEF",
      "xoxb-0123456789-abc",
      "API_TOKEN=0123456789",
      "a://b:cdef@",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), secrets)), (parts) => {
        expect(holdsSecret(String(maskSecrets(parts.join(" "))).replaceAll("[secret]", "$"))).toBe(false);
      }),
    );
    for (const unit of ["a.", "eyJ", "-----BEGIN PRIVATE KEY", "--token ", "a://b:", "A_TOKEN=", "Bearer ", "a=", "'"])
      maskSecrets(unit.repeat(25_000));
  });
});
