import { expect, it } from "vitest";
import { asRoot } from "../family.js";
import { systemd } from "./services.js";

const asking = { folder: "/", ask: () => Promise.resolve({ status: 1, stdout: "", stderr: "" }) };

it("takes the mask off a unit, and nothing else that was under it", async () => {
  const change = { name: "starts by itself", from: "masked", to: "disabled" };
  const calls = ["unmask", "disable"].map((verb) => asRoot(["systemctl", verb, "--", "web"]));
  expect(await systemd.ways(["system", "web"], [change], asking)).toEqual({ steps: [{ changes: [change], calls }], cannot: [] });
});
