import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ForgeServer } from "./undo/forge-server.js";
import { isHere, openRealMachine, skipped, works, type RealMachine } from "./undo/real.js";
import { isRoot } from "./undo/scenes.js";

// What reaches beyond this machine, by the real programs, none of which gets further than a socket of the test's own.
let machine: RealMachine;
beforeEach(() => {
  machine = openRealMachine({ GH_TOKEN: `ghp_${"x".repeat(36)}` });
});
afterEach(() => machine.remove());

const at = (...parts: string[]) => join(machine.top, ...parts);

const hasForge = isHere("gh");

describe.runIf(hasForge)(`gh${skipped(hasForge)}`, () => {
  let forge: ForgeServer;
  beforeEach(async () => {
    forge = await ForgeServer.open(at("forge.sock"));
    mkdirSync(at("gh"));
    writeFileSync(at("gh/config.yml"), `http_unix_socket: ${at("forge.sock")}\n`);
    machine.environment["GH_CONFIG_DIR"] = at("gh");
    forge.addIssue("there before");
    forge.labels.set("bug", { name: "bug", color: "ff0000", description: "wrong" });
  });
  afterEach(() => forge.close());

  /** What the agent's `gh` does, as far as GitHub sees it. */
  const act = (id: string, words: string, effect: () => void) => {
    machine.wrap("effect", "exit 0");
    return machine.act(id, ["effect"], { as: ["gh", ...words.split(" "), "--repo", "ada/shop"], during: effect });
  };

  it("closes what was opened, and leaves others' alone", async () => {
    const before = forge.state();
    let mine = 0;
    await act("a1", "issue create --title x", () => {
      mine = forge.addIssue("new");
      forge.addIssue("somebody's", { by: "bob" });
    });
    const { changes } = machine.keeper.shown(await machine.keeper.plan({ runId: "r" }));
    expect(changes.map(({ path, sentence }) => [path, sentence])).toEqual([
      [`open issues and pull requests of yours of ada/shop/issue ${mine}`, "new; makes up for it: what people were told stays told"],
    ]);
    const end = await machine.undo();
    expect(end.runs).toEqual([`gh api --hostname github.com --method PATCH repos/ada/shop/issues/${mine} --raw-field state=closed`]);
    expect([forge.issues.get(mine)?.state, forge.issues.get(mine + 1)?.state, end.left, end.unverified]).toEqual([
      "closed",
      "open",
      [],
      [],
    ]);
    expect(JSON.stringify(before)).toContain("there before");
  });

  it("takes comments, labels, states and releases back", async () => {
    const before = forge.state();
    await act("a1", "issue close 1 --comment x", () => {
      Object.assign(forge.issues.get(1) ?? {}, { state: "closed", title: "other" });
      forge.issues.get(1)?.labels.push({ name: "bug" });
      forge.addComment(1, "done");
    });
    await act(
      "a2",
      "label edit bug --color 000000",
      () => void Object.assign(forge.labels.get("bug") ?? {}, { color: "000000", description: "" }),
    );
    await act("a3", "label create new/one", () => void forge.labels.set("new/one", { name: "new/one", color: "111111", description: "" }));
    await act("a4", "release create v1", () => forge.addRelease("v1"));
    const end = await machine.undo();
    expect([forge.state(), end.left, end.unverified]).toEqual([before, [], []]);
  });

  it("says what has no way back: a merge, a comment that was deleted", async () => {
    const pull = forge.addIssue("change", { isPull: true });
    const comment = forge.addComment(pull, "mine");
    await act("a1", `pr merge ${pull}`, () => {
      Object.assign(forge.issues.get(pull) ?? {}, { state: "closed", pull_request: { merged_at: "2026-01-01" } });
    });
    await act("a2", `pr comment ${pull} --delete-last`, () => void forge.comments.delete(comment));
    const end = await machine.undo();
    expect(end.left.toSorted()).toEqual([
      expect.stringMatching(/comment \d+: A comment that was deleted can't be written again/),
      expect.stringMatching(/issue \d+ of ada\/shop\/state: A merge can't be taken back/),
    ]);
    expect(end.runs).toEqual([]);
  });

  it("shows no token", async () => {
    await act("a1", "issue create --title x", () => void forge.addIssue("new"));
    forge.close();
    expect(JSON.stringify([await machine.keeper.changesOf("r"), await machine.undo()])).not.toContain("ghp_");
  });
});

const hasTerraform = isHere("terraform") && works("terraform", "version");

describe.runIf(hasTerraform)(`terraform${skipped(hasTerraform)}`, () => {
  it("tells what was made and how to revert it, and its state is not put back as a file", async () => {
    mkdirSync(at("infra"));
    machine.environment["TF_IN_AUTOMATION"] = "1";
    const configuration = (input: string) => `resource "terraform_data" "one" {\n  input = "${input}"\n}\n`;
    writeFileSync(at("infra/main.tf"), configuration("a"));
    await machine.run(["terraform", "init", "-no-color"], { folder: at("infra") });
    const apply = ["terraform", "apply", "-auto-approve", "-no-color"];
    const workspace = machine.keeper.files.workspace(at("infra"));
    await workspace.look(null);
    const key = { runId: "r", actionId: "a1" };
    await workspace.began(key, null);
    await machine.act("a1", apply, { folder: at("infra") });
    const state = readFileSync(at("infra/terraform.tfstate"), "utf8");
    const folder = at("infra");
    expect((await machine.keeper.changesOf("r")).map(({ of, path, sentence }) => [of, path, sentence])).toContainEqual([
      "command",
      `resources of terraform in ${folder}/terraform_data.one`,
      expect.stringMatching(
        /^[\w-]+ \(\w{12}\); no way back: Only its provider removes it\. To revert it: terraform -chdir=\S+ destroy -target=terraform_data\.one$/,
      ),
    ]);
    const end = await machine.undo();
    expect([end.runs, end.left]).toEqual([[], [expect.stringMatching(/terraform_data\.one: Only its provider removes it/)]]);
    expect(readFileSync(at("infra/terraform.tfstate"), "utf8")).toBe(state);
    // What it tells a person to run does revert it.
    await machine.run(["terraform", `-chdir=${folder}`, "destroy", "-target=terraform_data.one", "-auto-approve", "-no-color"]);
    expect(JSON.parse(readFileSync(at("infra/terraform.tfstate"), "utf8"))).toMatchObject({ resources: [] });
  });
});

// Without root it takes more of a machine than the program: ranges of user ids, namespaces.
const hasPodman = isRoot && isHere("podman") && works("podman", "info");

describe.runIf(hasPodman)(`podman${skipped(hasPodman)}`, () => {
  it("removes the container, network and tag that were made, and gives a tag back to its image", async () => {
    const podman = (await machine.run(["sh", "-c", "PATH=${PATH#*:} command -v podman"])).trim();
    machine.wrap(
      "podman",
      `exec ${podman} --root '${at("store")}' --runroot '${at("run")}' --storage-driver vfs --network-config-dir '${at("networks")}' "$@"`,
    );
    const image = async (name: string) => {
      writeFileSync(at("file"), name);
      await machine.run(["tar", "-cf", at(`${name}.tar`), "-C", machine.top, "file"]);
      return (await machine.run(["podman", "import", "--quiet", at(`${name}.tar`), `${name}:1`])).trim();
    };
    await image("one");
    await image("two");
    const state = async () => [
      await machine.run(["podman", "ps", "--all", "--format", "{{.Names}} {{.State}}"]),
      await machine.run(["podman", "image", "ls", "--format", "{{.Repository}}:{{.Tag}} {{.ID}}"]),
      await machine.run(["podman", "network", "ls", "--format", "{{.Name}}"]),
    ];
    const before = await state();
    await machine.act("a1", ["podman", "create", "--name", "web", "one:1", "/x"]);
    await machine.act("a2", ["podman", "tag", "one:1", "two:1"]);
    await machine.act("a3", ["podman", "tag", "one:1", "three:1"]);
    await machine.act("a4", ["podman", "network", "create", "lan"]);
    expect(await state()).not.toEqual(before);
    const end = await machine.undo();
    expect([await state(), end.left, end.unverified]).toEqual([before, [], []]);
    expect(existsSync(at("store"))).toBe(true);
  });
});
