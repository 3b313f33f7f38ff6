import { asRoot, eachAlone, operandsOf, optionOf, verbOf, type Family } from "../family.js";
import { notLookedAt, told } from "../run-program.js";

/** Settings of the kernel that act when they are written and say nothing when they are read, or can't be set back. */
const actsAtOnce =
  /(drop_caches|compact_memory|sysrq-trigger|stat_refresh|flush|modules_disabled|kexec_load_disabled|unprivileged_bpf_disabled|ns_last_pid)/;
const settingName = /^[a-z][\w./:@-]*$/;

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
    operandsOf(words).every((word) => settingName.test(word.split("=")[0] ?? "") && word.includes("=") && !actsAtOnce.test(word)),
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
    if (optionOf(words, ["-H", "--host", "-M", "--machine"]) !== undefined) return [];
    const verb = verbOf(command) ?? "";
    const isName = program === "hostnamectl" && /^(set-hostname|hostname)$/.test(verb) && operandsOf(words).length > 1;
    const isZone = program === "timedatectl" && /^(set-timezone|set-ntp)$/.test(verb);
    return isName ? [["hostname"]] : isZone ? [["clock"]] : [];
  },
  isAllOf: (command) => verbOf(command) !== "set-ntp",
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
