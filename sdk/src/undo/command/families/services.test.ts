import { expect, it } from "vitest";
import { asRoot } from "../family.js";
import { systemd } from "./services.js";

const asking = { folder: "/", ask: () => Promise.reject(new Error("Nothing is asked.")) };

it.each(["static", "indirect", "generated"])("takes the mask off a unit that was %s, which nobody enables", async (state) => {
  const change = { name: "starts by itself", from: "masked", to: state };
  const calls = [asRoot(["systemctl", "unmask", "--", "web"])];
  expect(await systemd.ways(["system", "web"], [change], asking)).toEqual({ steps: [{ changes: [change], calls }], cannot: [] });
});
