import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runProgram } from "../run-program.js";
import type { Call, Asking } from "../family.js";
import { owners } from "./owners.js";

const isRoot = process.getuid?.() === 0;
let top: string;
beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-owners-")));
  for (const folder of ["ours", "theirs"]) {
    mkdirSync(join(top, folder));
    writeFileSync(join(top, folder, "file"), folder);
  }
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

const run = (call: Call) => runProgram(call, { environment: process.env, limitMs: 30_000 });
const asking: Asking = { folder: "/", ask: run };
const placeOf = (line: string) => {
  const [program = "", ...words] = line.split(" ");
  return owners.placesOf({ program, words, folder: top })[0] ?? [];
};

describe("owners of files", () => {
  it("are those of the path as it really stood when the command came", () => {
    symlinkSync("ours", join(top, "way"));
    symlinkSync("ours/file", join(top, "link"));
    expect(placeOf("chown ada way/file")).toEqual([join(top, "ours/file")]);
    expect(placeOf("chown ada link")).toEqual([join(top, "ours/file")]);
    expect(placeOf("chown -h ada link")).toEqual([join(top, "link")]);
  });

  it("are not looked for behind a folder that was swapped for a link", async () => {
    const place = placeOf("chown ada ours/file");
    expect([...(await owners.look(place, asking)).keys()]).toEqual([join(top, "ours/file")]);
    renameSync(join(top, "ours"), join(top, "aside"));
    symlinkSync("theirs", join(top, "ours"));
    expect([...(await owners.look(place, asking)).keys()]).toEqual([]);
  });

  it("are not given behind a link either, when it is put there after the look", async () => {
    const place = placeOf("chown ada ours/file");
    const path = place[0] as string;
    const { uid, gid } = statSync(join(top, "theirs/file"));
    const to = isRoot ? "1234:1234" : `${uid}:${gid}`;
    const { steps } = await owners.ways(place, [{ name: path, from: "1:1", to }], asking);
    renameSync(join(top, "ours"), join(top, "aside"));
    symlinkSync("theirs", join(top, "ours"));
    await expect(run(steps[0]?.calls[0] as Call)).rejects.toMatchObject({ reason: "not_looked_at" });
    expect(statSync(join(top, "theirs/file")).uid).toBe(uid);
    expect(readFileSync(join(top, "theirs/file"), "utf8")).toBe("theirs");
  });

  it.runIf(isRoot)("are given back from within their folder", async () => {
    const path = join(top, "ours/file");
    chownSync(path, 4321, 4321);
    chmodSync(path, 0o640);
    const { steps } = await owners.ways([path], [{ name: path, from: "4321:4321", to: "0:0" }], asking);
    for (const call of steps.flatMap(({ calls }) => calls)) expect((await run(call)).status).toBe(0);
    expect([statSync(path).uid, statSync(path).mode & 0o777]).toEqual([0, 0o640]);
  });
});
