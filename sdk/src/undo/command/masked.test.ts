import { expect, it } from "vitest";
import { masked } from "./masked.js";

it.each([
  ["git push -- https://ada:ghp_abc@github.com/a/b x:y", "git push -- https://[secret]@github.com/a/b x:y"],
  ["https://ghp_abc@github.com/a/b", "https://[secret]@github.com/a/b"],
  ["postgres://ada:hunter2@db/shop", "postgres://ada:[secret]@db/shop"],
  ["ssh://git@github.com/a/b", "ssh://git@github.com/a/b"],
  ["//registry.npmjs.org/:_authToken=abcdef", "//registry.npmjs.org/:_authToken=[secret]"],
  ["AUTHORIZATION: bearer abcdefgh", "AUTHORIZATION: bearer [secret]"],
  ["0 3 * * * DB_PASSWORD='x y' backup", "0 3 * * * DB_PASSWORD='[secret] y' backup"],
  [`found ghp_${"a".repeat(36)} there`, "found [secret] there"],
  ["npm uninstall --global typescript", "npm uninstall --global typescript"],
])("shows %j as %j", (text, shown) => expect(masked(text)).toBe(shown));
