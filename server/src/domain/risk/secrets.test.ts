import { describe, expect, it } from "vitest";
import { holdsSecret, isSecretName } from "./secrets.js";

describe("secrets", () => {
  it.each([
    "sk_live_0123456789abcdef",
    "ghp_0123456789abcdefghij",
    "AKIA0123456789ABCDEF",
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    "postgres://app:hunter22@db/x",
    "API_TOKEN=0123456789",
  ])("sees one in %s", (text) => expect(holdsSecret(text)).toBe(true));

  it.each(["sk_test_0123456789", "const token = readToken()", "https://example.org/a", "API_TOKEN=$TOKEN", "a commit about secrets"])(
    "sees none in %s",
    (text) => expect(holdsSecret(text)).toBe(false),
  );

  it("knows the names that variables with secrets have", () => {
    expect(["STRIPE_SECRET_KEY", "GH_TOKEN", "DB_PASSWORD", "SENTRY_DSN"].every(isSecretName)).toBe(true);
    expect(["PATH", "NODE_ENV", "PWD", "KEYBOARD", "SSH_AUTH_SOCK"].some(isSecretName)).toBe(false);
  });
});
