import { asRoot, eachAlone, hasOnlyOptions, isElsewhere, operandsOf, verbOf } from "../family.js";
import type { Call, Family, ThingChange, Ways } from "../family.js";
import { notLookedAt, told } from "../run-program.js";

/** Settings of the kernel that act when they are written and say nothing when they are read, or can't be set back. */
const actsAtOnce =
  /(drop_caches|compact_memory|sysrq-trigger|stat_refresh|flush|modules_disabled|kexec_load_disabled|unprivileged_bpf_disabled|ns_last_pid)/;
const settingName = /^[a-z][\w./:@-]*$/;
/**
 * Settings that stand alone: none that other settings follow (`net.*.all`, `ip_forward`, `dirty_bytes`), that takes something along
 * (`disable_ipv6` an interface's addresses), or that can be set but once (`yama.ptrace_scope`).
 */
const standsAlone =
  /^(vm[./](swappiness|max_map_count|vfs_cache_pressure|overcommit_memory|page-cluster|oom_kill_allocating_task)|fs[./](file-max|nr_open|aio-max-nr|inotify[./]max_\w+)|net[./]core[./](somaxconn|[rw]mem_(max|default)|netdev_max_backlog)|net[./]ipv4[./](ip_local_port_range|tcp_(fin_timeout|tw_reuse|syncookies|max_syn_backlog|keepalive_\w+|[rw]mem))|kernel[./](pid_max|threads-max|perf_event_paranoid|kptr_restrict|dmesg_restrict|printk|panic|sem|shm(max|all|mni)|msg(max|mnb|mni)))$/;
const sysctlOptions = ["-w", "--write", "-q", "--quiet"];

/** Settings of the running kernel that `sysctl` names; a place is one. What stands in its files is kept with those. */
export const sysctl: Family = {
  name: "sysctl",
  placesOf: ({ program, words }) => {
    const isSet = words.some((word) => word === "-w" || word === "--write" || /^[a-z][^=\s]*=/.test(word ?? ""));
    if (program !== "sysctl" || !isSet) return [];
    const names = operandsOf(words).flatMap((word) => (word.includes("=") ? [word.split("=")[0] ?? ""] : []));
    return names.filter((name) => settingName.test(name) && !actsAtOnce.test(name)).map((name) => [name]);
  },
  isAllOf: ({ words }) =>
    hasOnlyOptions(words, sysctlOptions) &&
    operandsOf(words).every((word) => word.includes("=") && standsAlone.test(word.split("=")[0] ?? "")),
  named: ([name]) => `kernel setting ${name}`,
  look: async ([name = ""], { ask }) => new Map([["value", told(await ask({ argv: ["sysctl", "--values", "--", name] })).trim()]]),
  ways: ([name = ""], changes) =>
    eachAlone(changes, ({ to }) =>
      to === null ? "It had no value." : [asRoot(["sysctl", "--quiet", "--write", "--", `${name}=${to.replaceAll("\t", " ")}`])],
    ),
};

/** What this machine is called, and its clock's zone; of systemd's small programs for it. */
export const machineSettings: Family = {
  name: "machine-settings",
  placesOf: (command) => {
    const { program, words } = command;
    if (isElsewhere(words)) return [];
    const verb = verbOf(command) ?? "";
    const isName = program === "hostnamectl" && /^(set-hostname|hostname)$/.test(verb) && operandsOf(words).length > 1;
    const isZone = program === "timedatectl" && /^(set-timezone|set-ntp)$/.test(verb);
    return isName ? [["hostname"]] : isZone ? [["clock"]] : [];
  },
  // Without `--static`, the names for people and of the moment are set, too.
  isAllOf: (command) => {
    const { program, words } = command;
    const isOfStatic = program === "hostnamectl" && words.includes("--static");
    return (isOfStatic || verbOf(command) === "set-timezone") && hasOnlyOptions(words, ["--static", "--no-ask-password"]);
  },
  named: ([what]) => (what === "hostname" ? "name of this machine" : "clock of this machine"),
  look: async ([what], { ask }) => {
    if (what === "hostname") {
      const name = async (which: string) => told(await ask({ argv: ["hostnamectl", "hostname", `--${which}`] })).trim();
      return new Map([
        ["static", await name("static")],
        ["of the moment", await name("transient")],
        ["for people", await name("pretty")],
      ]);
    }
    const said = told(await ask({ argv: ["timedatectl", "show", "--property=Timezone", "--property=NTP"] }));
    const property = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(said)?.[1];
    const found = { timezone: property("Timezone"), ntp: property("NTP") };
    if (found.timezone === undefined || found.ntp === undefined) throw notLookedAt("timedatectl did not say how the clock is set.");
    return new Map(Object.entries(found as Record<string, string>));
  },
  ways: ([what], changes) => (what === "hostname" ? nameWays(changes) : eachAlone(changes, clockWay)),
};

const unsettable = "How it was before is not for these programs to set.";

/** Setting the static name sets that of the moment, too: another one is set right after it. */
function nameWays(changes: readonly ThingChange[]): Ways {
  const [fixed, moment] = ["static", "of the moment"].map((name) => changes.find((change) => change.name === name));
  const both = eachAlone(fixed ? [fixed] : [], ({ to }) => {
    const now = moment?.to ?? to;
    if (!isName(to) || !isName(now)) return unsettable;
    const ofMoment = now === to ? [] : [asRoot(["hostname", now])];
    return [asRoot(["hostnamectl", "hostname", "--static", to]), ...ofMoment];
  });
  const along = fixed && moment ? [moment] : [];
  const others = eachAlone(
    changes.filter((change) => change !== fixed && !along.includes(change)),
    ({ name, to }) => {
      if (name === "of the moment") return isName(to) ? [asRoot(["hostname", to])] : unsettable;
      const isText = to !== null && !to.startsWith("-") && !/\p{Cc}/u.test(to);
      return isText ? [asRoot(["hostnamectl", "hostname", "--pretty", to])] : unsettable;
    },
  );
  return {
    steps: [...both.steps.map(({ changes: own, calls }) => ({ changes: [...own, ...along], calls })), ...others.steps],
    cannot: [...both.cannot, ...others.cannot],
  };
}

/** Also none: without a static name, the machine is called as its programs see fit. */
function isName(text: string | null): text is string {
  return text !== null && /^(\w[\w.-]*)?$/.test(text);
}

function clockWay({ name, to }: ThingChange): Call[] | string {
  if (to === null || !/^\w[\w/+.-]*$/.test(to)) return unsettable;
  return [asRoot(["timedatectl", name === "ntp" ? "set-ntp" : "set-timezone", to])];
}
