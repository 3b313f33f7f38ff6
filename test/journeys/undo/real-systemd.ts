import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { contain, type Contained } from "./contained.js";
import { isHere, works, type RealMachine } from "./real.js";
import { isRoot } from "./scenes.js";

const systemd = ["/lib/systemd/systemd", "/usr/lib/systemd/systemd"].find((path) => existsSync(path));

const isPossible =
  isRoot &&
  systemd !== undefined &&
  isHere("systemctl", "unshare", "nsenter", "setpriv", "dbus-daemon") &&
  works("unshare", "--mount", "--pid", "--cgroup", "--fork", "sh", "-c", "mount -t cgroup2 cgroup2 /mnt");

/** Units that would look after the machine itself. */
const ofTheMachine =
  "systemd-udevd.service systemd-udev-trigger.service systemd-journald.service systemd-journald.socket systemd-journald-dev-log.socket systemd-journald-audit.socket systemd-journal-flush.service systemd-tmpfiles-setup.service systemd-tmpfiles-setup-dev.service systemd-sysctl.service systemd-modules-load.service systemd-random-seed.service systemd-sysusers.service systemd-remount-fs.service systemd-update-utmp.service systemd-firstboot.service kmod-static-nodes.service dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount sys-fs-fuse-connections.mount proc-sys-fs-binfmt_misc.automount";

/** The machine's own programs on a layer in memory: what is written stays in it. Only what the tests need is started. */
const start = `
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
cd "$1/root"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp
mount --rbind /dev dev
rm -rf etc/systemd/system
mkdir -p etc/systemd/system run/lock tmp/old
for unit in ${ofTheMachine}; do ln -s /dev/null "etc/systemd/system/$unit"; done
printf '[Unit]\\nRequires=basic.target dbus.service\\nAfter=basic.target dbus.service\\nAllowIsolate=yes\\n' > etc/systemd/system/try.target
ln -s try.target etc/systemd/system/default.target
pivot_root . tmp/old
umount -l /tmp/old
export container=other
# Clocks are not in namespaces.
exec setpriv --bounding-set=-sys_time,-sys_boot,-sys_module ${systemd ?? "systemd"} --show-status=false --log-target=null
`;

/** A running systemd, and programs that speak to it and to no other. */
export interface System {
  run(command: string): Promise<string>;
  end(): Promise<void>;
}

/** @returns null where a systemd of its own does not get to run here */
export async function startSystemd(machine: RealMachine, programs: readonly string[]): Promise<System | null> {
  if (!isPossible) return null;
  const top = join(machine.top, "system");
  mkdirSync(top);
  const within = ({ enter }: Contained, argv: readonly string[]) => machine.run(["sh", "-c", `exec ${enter} "$@"`, "sh", ...argv]);
  const answers = "systemctl is-active --quiet try.target dbus.service && hostnamectl --static && timedatectl show";
  const isReady = (contained: Contained) =>
    within(contained, ["sh", "-c", answers]).then(
      () => true,
      () => false,
    );
  const contained = await contain(start, { arguments: [top], isReady }).catch(() => null);
  if (contained === null) return null;
  for (const program of programs) machine.wrap(program, `exec ${contained.enter} ${program} "$@"`);
  return { run: (command) => within(contained, ["sh", "-c", command]), end: () => contained.end() };
}
