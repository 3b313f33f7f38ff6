import { asRoot, eachAlone, hasOnlyOptions, isElsewhere, operandsOf, verbOf, type Family } from "../family.js";
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
    if (what === "hostname") return new Map([["static", told(await ask({ argv: ["hostnamectl", "hostname", "--static"] })).trim()]]);
    const said = told(await ask({ argv: ["timedatectl", "show", "--property=Timezone,NTP"] }));
    const property = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(said)?.[1];
    const found = { timezone: property("Timezone"), ntp: property("NTP") };
    if (found.timezone === undefined || found.ntp === undefined) throw notLookedAt("timedatectl did not say how the clock is set.");
    return new Map(Object.entries(found as Record<string, string>));
  },
  ways: (_at, changes) =>
    eachAlone(changes, ({ name, to }) => {
      if (to === null || !/^\w[\w/+.-]*$/.test(to)) return "How it was before is not for these programs to set.";
      if (name === "static") return [asRoot(["hostnamectl", "hostname", "--static", to])];
      return [asRoot(["timedatectl", name === "ntp" ? "set-ntp" : "set-timezone", to])];
    }),
};
