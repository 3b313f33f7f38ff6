import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { contain } from "./contained.js";
import { isHere, works, type RealMachine } from "./real.js";
import { isRoot } from "./scenes.js";

const isPossible =
  isRoot &&
  isHere("docker", "dockerd", "containerd", "busybox", "unshare", "setpriv") &&
  works("unshare", "--net", "--pid", "--fork", "true");

/** What a daemon writes outside its folder (`/run`, `/etc/docker`) is in memory, and its own. */
const start = `
set -e
mount -t tmpfs tmpfs /run
mkdir -p /etc/docker && mount -t tmpfs tmpfs /etc/docker
exec dockerd --data-root "$1/engine" --exec-root /run/docker --pidfile /run/docker.pid --host "unix://$1/docker.sock" \
  --iptables=false --ip6tables=false --bridge=none --storage-driver=vfs --cgroup-parent="/$2"
`;

export interface Engine {
  end(): Promise<void>;
}

/**
 * Docker's own engine, for this machine of a test alone, with one image: `base:1`.
 * @returns null where it does not get to run here
 */
export async function startDocker(machine: RealMachine): Promise<Engine | null> {
  if (!isPossible) return null;
  const { top, environment, run } = machine;
  const group = `pullcord-${process.pid}`;
  environment["DOCKER_HOST"] = `unix://${top}/docker.sock`;
  environment["DOCKER_CONFIG"] = join(top, "docker-config");
  const answers = () =>
    run(["docker", "info"]).then(
      () => true,
      () => false,
    );
  const engine = await contain(start, { arguments: [top, group], isReady: answers }).catch(() => null);
  if (engine === null) return null;
  mkdirSync(join(top, "image/bin"), { recursive: true });
  await run(["sh", "-c", 'cp "$(command -v busybox)" image/bin && for each in sh sleep true; do ln -s busybox image/bin/$each; done']);
  await run(["sh", "-c", "tar -C image -c . | docker import - base:1"]);
  return {
    end: async () => {
      await engine.end();
      // Empty by now, or not there: nothing runs in them any more.
      await run(["sh", "-c", `for each in $(find /sys/fs/cgroup -depth -type d -path '*/${group}*'); do rmdir "$each" || true; done`]);
    },
  };
}
