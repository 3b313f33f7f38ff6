import type { HazardName } from "../hazards.js";
import { keyed, shows } from "./shapes.js";
import type { Programs, Usage } from "./usage.js";

const changes: Usage = { flags: "*", does: "changes_system" };

/** The machine, its devices and its kernel, looked at. */
const facts = [
  "nicstat tcptop tcplife execsnoop opensnoop biolatency biosnoop cachestat runqlat zps below btdu gdu dua diskonaut dutree godu pdu dysk lfs findmnt",
  "lsgpu intel_gpu_frequency corefreq-cli i7z x86info lstopo-no-graphics numademo likwid-topology mcelog decode-dimms read-edid get-edid parse-edid ddccontrol kbdinfo dumpkeys ipmi-sensors efivar efibootdump iasl acpidump acpixtract psensor xsensors rocminfo clpeak oclgrind xpu-smi tegrastats vcgencmd pinout gpiodetect gpioinfo gpiofind i2cdetect i2cdump usbview lsusb.py cyme sg_inq sg_map sg_scan",
  "llvm-config gcc-config pkg-config pkgconf pkgconfig sdl2-config freetype-config curl-config xml2-config xslt-config pcre-config gpg-error-config ncurses5-config ncurses6-config icu-config net-snmp-config gdal-config mysql_config mariadb_config apr-1-config php-config python-config python3-config wx-config root-config cups-config",
  "getsebool sestatus seinfo sesearch getenforce matchpathcon avcstat aa-status aa-enabled apparmor_status getpcaps pscap netcap filecap",
  "lpq lpstat lpinfo sane-find-scanner airscan-discover",
  "rc-status svstat s6-svstat",
];

/** The machine: what shows is free, what sets asks. */
export const hardware: Programs = {
  ...keyed(facts, shows),
  "dstat pcp-dstat": {
    // Any other long option names a plugin, which is Python.
    flags:
      "-c -d -D= -g -i -I= -l -m -n -N= -p -r -s -S= -t -T -v -y -f -a --cpu --disk --net --mem --io --load --proc --swap --sys --time --vmstat --all --full --list:shows --top-cpu --top-mem --top-io --top-bio --top-latency --tcp --udp --nocolor --noheaders --output=write",
    does: "harmless",
  },
  "nvidia-smi": {
    flags: "-L -q -l? -i= -f=write -x -d= -a -h --query-gpu? --query-compute-apps? --format? --list-gpus --id= --loop? --filename=write",
    bare: "harmless",
    verbs: { "topo nvlink dmon pmon mig vgpu": { flags: "-s -m -c= -e= -lgi -lci -i=", does: "harmless" } },
  },
  ethtool: {
    flags:
      "-S:shows -i:shows -k:shows -a:shows -c:shows -g:shows -l:shows -x:shows -P:shows -T:shows -m:shows -n:shows -u:shows -d:shows -p:shows -t!changes_system -s!changes_system -K!changes_system -A!changes_system -C!changes_system -G!changes_system -L!changes_system -N!changes_system -U!changes_system -X!changes_system -E!changes_system -f!changes_system -r!changes_system --show-features:shows --statistics:shows --driver:shows --identify:shows",
    takes: "text...",
  },
  iw: {
    verbs: {
      "list event help": shows,
      reg: { verbs: { get: shows } },
      "dev phy": {
        flags: "*",
        read: ({ words, reader, text }) =>
          reader.findings.note(
            words.length < 2 || /^(?:info|link|scan|station|survey|channels)$/.test(words[1]?.text ?? "") ? "harmless" : "changes_system",
            text,
          ),
      },
    },
  },
  bridge: {
    flags: "-s -d -j -p -c -o",
    verbs: {
      "monitor mo": shows,
      "link l fdb f mdb m vlan v vni": { flags: "*", read: showsBy(/^(?:show|list|s|ls)$/, "changes_system") },
      "help h": shows,
    },
  },
  conntrack: {
    flags: "-L:shows -E:shows -C:shows -S:shows -G:shows --dump:shows --event:shows --count:shows --stats:shows",
    does: "changes_system",
  },
  "v4l2-ctl": {
    flags:
      "--all --list-devices --list-formats --list-formats-ext --list-ctrls --list-ctrls-menus --get-fmt-video --info --get-input --get-ctrl= -L -l -D -V -d= --device=",
    takes: "text...",
  },
  uvcdynctrl: { flags: "-c -l -f -d= -g= -v -s!changes_system --clist --list --formats --get=", takes: "text..." },
  bluetoothctl: { flags: "--timeout=", verbs: { "list show devices info version help paired-devices": shows }, otherVerbs: changes },
  bpftool: {
    flags: "-j -p -f -m",
    verbs: {
      "prog map link btf feature net perf cgroup struct_ops": {
        flags: "*",
        read: showsBy(/^(?:show|list|dump|probe|tree|help)$/, "changes_system"),
      },
      "version help": shows,
    },
  },
  rfkill: { flags: "*", bare: "harmless", verbs: { list: shows }, otherVerbs: changes },
  smartctl: {
    flags: "-a:shows -i:shows -H:shows -A:shows -x:shows -l:shows --all:shows --info:shows --health:shows --scan:shows",
    verbs: { "list list-subsys id-ctrl id-ns smart-log error-log fw-log show-regs version help": shows },
    otherVerbs: changes,
  },
  "tuned-adm cpupower powerprofilesctl": {
    flags: "*",
    verbs: { "active list recommend profile_info get info frequency-info idle-info list-holds version verify": shows },
    otherVerbs: changes,
  },
  timedatectl: {
    flags: "--no-pager -a --all -p= --value",
    bare: "harmless",
    verbs: { "status show timesync-status show-timesync list-timezones": shows },
    otherVerbs: changes,
  },
  busctl: {
    flags: "--user --system --no-pager -j --json= -l --acquired --activatable --unique --list",
    bare: "harmless",
    verbs: { "list status tree introspect get-property help": shows },
    otherVerbs: { flags: "*", does: "other_effect" },
  },
  lpoptions: { flags: "-l:shows -p=", bare: "harmless", takes: "unknown..." },
  trust: { verbs: { "list check-format dump help": shows, extract: { flags: "*", takes: "write..." } } },
  postconf: {
    flags: "-e!changes_system -X!changes_system -#!changes_system -M -m -n -d -f -h -a -A -l -C= -c=read -P -t -x -T=",
    takes: "text...",
  },
  swapon: { flags: "-s:shows --show?:shows --summary:shows --noheadings --raw --bytes", does: "changes_system", bare: "harmless" },
  losetup: {
    flags: "-a:shows --all:shows -l:shows --list:shows -j=:shows -O= --noheadings --raw --json",
    does: "changes_system",
    bare: "harmless",
  },
  macchanger: { flags: "-l:shows --list?:shows -s:shows --show:shows *", does: "changes_system" },
  choom: { flags: "-p=", takes: "unknown..." },
  needrestart: { flags: "-v -b -k -l -p -n -r=", does: "harmless" },
  sysbench: { flags: "*", takes: "text...", does: "runs_task" },
};

/** Groups of a program whose second word says what is done. */
function showsBy(showing: RegExp, otherwise: HazardName): NonNullable<Usage["read"]> {
  return ({ words, reader, text }) => {
    const named = words.map((word) => word.text ?? "?").filter((word) => !word.startsWith("-"));
    reader.findings.note(named.length === 0 || showing.test(named[0] ?? "") ? "harmless" : otherwise, text);
  };
}
