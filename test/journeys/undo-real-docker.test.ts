import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { startDocker } from "./undo/real-docker.js";
import { isHere, openRealMachine, skipped } from "./undo/real.js";

// Docker's own engine, in namespaces and a folder of the test's own.
const machine = openRealMachine();
const engine = await startDocker(machine);
afterAll(async () => {
  await engine?.end();
  await machine.remove();
});

const docker = (...words: readonly string[]) => machine.run(["docker", ...words]);
const act = (id: string, line: string, folder?: string) => machine.act(id, line.split(" "), folder === undefined ? {} : { folder });
/** A container that does nothing, and ends at once when it is told to. */
const idle = (name: string, image = "base:1") => `run --detach --name ${name} --network none --stop-signal KILL ${image} sleep 600`;

const state = async () => ({
  containers: (await docker("ps", "--all", "--no-trunc", "--format", "{{.ID}} {{.Names}} {{.State}}")).split("\n").toSorted(),
  images: (await docker("image", "ls", "--no-trunc", "--format", "{{.Repository}}:{{.Tag}} {{.ID}}")).split("\n").toSorted(),
  networks: await docker("network", "ls", "--format", "{{.Name}}"),
  volumes: await docker("volume", "ls", "--quiet"),
});
const id = async (name: string) => (await docker("inspect", "--format", "{{.Id}}", name)).trim();
const withoutIds = (runs: readonly string[]) => runs.map((call) => call.replaceAll(/[0-9a-f]{64}/g, "ID"));

describe.runIf(engine !== null)(`docker${skipped(engine !== null)}`, () => {
  afterEach(async () => {
    const removed = (list: string, remove: string) => machine.run(["sh", "-c", `for each in $(${list}); do ${remove} "$each"; done`]);
    await removed("docker ps --all --quiet", "docker rm --force");
    await removed("docker network ls --quiet --filter type=custom", "docker network rm");
    await removed("docker volume ls --quiet", "docker volume rm");
    machine.nextRun();
  });

  it("removes what was made, what uses a thing before the thing", async () => {
    const before = await state();
    await act("a1", "docker network create lan");
    await act("a2", "docker tag base:1 shop:1");
    await act("a3", `docker ${idle("web", "shop:1").replace("none", "lan")}`);
    const end = await machine.undo();
    expect(withoutIds(end.runs)).toEqual(["docker rm --force ID", "docker network rm ID", "docker rmi --no-prune shop:1"]);
    expect([await state(), end.left, end.unverified]).toEqual([before, [], []]);
  });

  it("leaves what somebody else uses, with what Docker says of it", async () => {
    await act("a1", "docker network create lan");
    await docker(...idle("mine").replace("none", "lan").split(" "));
    const after = await state();
    const end = await machine.undo();
    expect([await state(), end.left]).toEqual([
      after,
      [expect.stringMatching(/network lan: docker network rm \w+: .*has active endpoints/)],
    ]);
  });

  it("gives a container back its name and what it did, and never takes it for another", async () => {
    await docker(...idle("web").split(" "));
    await docker("pause", "web");
    const before = await state();
    await act("a1", "docker unpause web");
    await act("a2", "docker rename web shop");
    await act("a3", "docker stop shop");
    const end = await machine.undo();
    expect(withoutIds(end.runs)).toEqual(["docker start ID", "docker pause ID", "docker rename ID web"]);
    expect([await state(), end.left, end.unverified]).toEqual([before, [], []]);
  });

  it("removes a job that it started, also when that has ended by itself", async () => {
    const before = await state();
    await act("a1", `docker ${idle("job")}`);
    await docker("kill", "job");
    await docker("wait", "job");
    const end = await machine.undo();
    expect([await state(), end.left, end.unverified]).toEqual([before, [], []]);
  });

  it("leaves a container that somebody made anew under the same name", async () => {
    await act("a1", `docker ${idle("web")}`);
    await docker("rm", "--force", "web");
    await docker(...idle("web").split(" "));
    const mine = await state();
    expect((await machine.undo()).runs).toEqual([]);
    expect(await state()).toEqual(mine);
  });

  it("says that a volume stays, and an image that is gone", async () => {
    await docker("tag", "base:1", "also:1");
    await docker(...idle("web").split(" "));
    await docker("commit", "web", "gone:1");
    const last = await id("gone:1");
    await act("a1", "docker volume create data");
    await act("a2", "docker rmi gone:1");
    await act("a3", "docker rmi also:1");
    const end = await machine.undo();
    expect(end.left.toSorted()).toEqual([
      `docker's containers and images/image gone:1: The image is gone (${last}): only who built or pulled it has it again.`,
      expect.stringMatching(/volume data: The volume stays.*docker volume rm data$/),
    ]);
    expect(end.runs).toEqual([`docker tag ${await id("base:1")} also:1`]);
    await docker("rmi", "also:1");
  });

  const hasCompose = isHere("docker-compose");

  it.runIf(hasCompose)(`takes what compose made${skipped(hasCompose)}`, async () => {
    compose("600");
    const before = await state();
    await act("a1", "docker-compose up --detach");
    expect(await state()).not.toEqual(before);
    const end = await machine.undo();
    expect(withoutIds(end.runs)).toEqual(["docker rm --force ID", "docker rm --force ID", "docker network rm ID"]);
    expect([await state(), end.left, end.unverified]).toEqual([before, [], []]);
  });

  it.runIf(hasCompose)(`leaves containers that compose made anew, and says so${skipped(hasCompose)}`, async () => {
    compose("600");
    await machine.run(["docker-compose", "up", "--detach"]);
    compose("700");
    await act("a1", "docker-compose up --detach --scale extra=2");
    const after = await state();
    const end = await machine.undo();
    const said = [
      expect.stringMatching(/A container that was removed can't be made again/),
      expect.stringMatching(/made anew.*so it stays/),
    ];
    expect(end.left).toEqual(expect.arrayContaining(said));
    expect(end.left.length).toBe(2);
    // What it only added goes.
    expect((await state()).containers.length).toBe(after.containers.length - 1);
  });
});

/** Two services; how long the first one sleeps is in its settings. */
function compose(seconds: string): void {
  const service = (name: string, own: string) => `  ${name}: { image: "base:1", stop_signal: KILL, ${own} }\n`;
  const services =
    service("web", `command: sleep ${seconds}, network_mode: none`) + service("extra", "command: sleep 600, networks: [lan]");
  writeFileSync(join(machine.top, "docker-compose.yml"), `version: "3"\nservices:\n${services}networks: { lan: {} }\n`);
}
