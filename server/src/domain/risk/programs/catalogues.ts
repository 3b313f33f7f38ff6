import { asks, keyed, looking, reads, shows } from "./shapes.js";
import type { Programs, Usage } from "./usage.js";

const installs: Usage = { flags: "*", does: "installs_new" };

/** Package and version managers: looking is free, getting something new asks. */
const packageManagers =
  "luarocks conan vcpkg xrepo spack raco pecl pear haxelib apm rvm perlbrew plenv phpenv phpbrew exenv fvm puro cs coursier gvm jabba nodist nvs pkcon pkgin prt-get slapt-get sbopkg auracle pamac bpkg basher fisher omz oh-my-posh krew devbox flox pkgx fink nala deb-get aqua ghcup elan juliaup zvm zigup dvm tenv wapm pixi gup cave urpmi skills";
/** Programs that only ask a catalogue of packages, or read packages. */
const packageReaders = [
  "urpmq urpmf pkg_info eix qlist qfile qsearch quse qdepends portageq grep-dctrl grep-status grep-available debtags deborphan repodiff repoclosure npm-check eol pacini pacinfo paclog pacsift paclock rankmirrors lddd namcap lintian licensecheck debsecan dpkg-parsechangelog debdiff licensor",
];
/** Clusters and queues, shown by their own programs. */
const clusterViewers = [
  "kubetail kail kube-capacity kubespy rbac-lookup rakkess kdash ktop ketall popeye kubent pluto polaris kubepug sinfo squeue sacct sreport sprio sshare sstat sdiag",
];
/** Questions about names and addresses that public services answer. */
const publicServices = [
  "dnsx asnmap mapcidr subfinder assetfinder rdap openrdap geoiplookup dnstrace dnsviz zonemaster-cli ldns-walk unbound-host ntpdig sntp tcptraceroute lft nexttrace howdoi so tlsx ntpdate gau",
];

/** Catalogues of others: packages, clusters, names, notes. */
export const catalogues: Programs = {
  ...keyed(
    [packageManagers],
    looking(
      "outdated leaves env which current versions available depends contents files releases channels get-packages get-details get-updates security-status changelog prefix root where",
      installs,
    ),
  ),
  opam: {
    verbs: {
      "list show info search env config var lint option tree": { flags: "--install!installs_new *", does: "harmless" },
      exec: { flags: "--switch= --color=", takes: "command" },
      switch: { flags: "*", bare: "harmless", verbs: { "list show": shows }, otherVerbs: installs },
    },
    otherVerbs: installs,
  },
  ...keyed(packageReaders, { ...reads, takes: "text..." }),
  ...keyed(clusterViewers, { ...shows, does: "reads_remote" }),
  ...keyed(publicServices, asks),
  // `finger words@host` hands the words to the host.
  finger: {
    read: ({ words, reader, text }) =>
      reader.findings.note(words.some((word) => (word.text ?? "@").includes("@")) ? "sends_data" : "harmless", text),
  },
  prowler: { flags: "-F= -o=write --output-directory=write *", does: "reads_remote", takes: "text..." },
  module: {
    flags: "-t -l -d",
    bare: "harmless",
    verbs: {
      "list avail av show display whatis keyword key spider overview help is-loaded load add unload rm swap switch purge reset restore use unuse":
        shows,
    },
  },
  "xdg-mime xdg-settings handlr": { verbs: { "query get check list expand": shows }, otherVerbs: { flags: "*", does: "changes_system" } },
  fastboot: { flags: "-s=", verbs: { "devices getvar help": shows }, otherVerbs: { flags: "*", does: "other_machine" } },
  "ideviceinfo idevice_id idevicesyslog idevicename idevicedate": {
    flags: "-u= -k= -q= -x -l -n -d -s=!other_machine -c!other_machine",
    takes: "unknown...",
  },
  devcontainer: {
    verbs: { "build up read-configuration features templates outdated": { flags: "--push!publishes *", does: "local_containers" } },
  },
  "pro ubuntu-advantage": looking("security-status", { flags: "*", does: "changes_system" }),
  starship: {
    verbs: {
      "completions explain module modules print-config prompt timings bug-report help preset": {
        flags: "-o=write --output=write *",
        does: "harmless",
      },
    },
  },
  "virsh virt-admin": {
    flags: "-c=text --connect=text -r -q --readonly --quiet",
    verbs: {
      "list dominfo domstate domstats domblklist domiflist domid domname domuuid dumpxml capabilities nodeinfo nodecpumap version hostname uri help net-list net-info net-dumpxml pool-list pool-info vol-list vol-info snapshot-list snapshot-info iface-list secret-list nwfilter-list vcpuinfo vcpucount sysinfo freecell domcapabilities":
        { flags: "*", does: "harmless" },
    },
    otherVerbs: { flags: "*", does: "container_breakout" },
  },
  vagrant: {
    flags: "--no-color --machine-readable",
    verbs: {
      "status global-status version validate port list-commands help": { flags: "*", does: "harmless" },
      "box plugin snapshot": { verbs: { "list outdated": shows }, otherVerbs: { flags: "*", does: "container_breakout" } },
    },
    otherVerbs: { flags: "*", does: "container_breakout" },
  },
  VBoxManage: {
    verbs: { "list showvminfo showmediuminfo getextradata": { flags: "*", does: "harmless" } },
    otherVerbs: { flags: "*", does: "container_breakout" },
  },
  machinectl: {
    flags: "*",
    bare: "harmless",
    verbs: { "list status show list-images image-status show-image": shows },
    otherVerbs: { flags: "*", does: "container_breakout" },
  },
  multipass: { verbs: { "list ls info find version networks get help": shows }, otherVerbs: { flags: "*", does: "container_breakout" } },
  "obsidian joplin": looking("read files tags tasks notebooks"),
  pgbench: { flags: "*", does: "database_writes" },
  navi: { flags: "*", bare: "harmless", verbs: { "info fn": shows } },
};
