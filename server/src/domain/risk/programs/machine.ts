import { asks, keyed, looking, reads, shows } from "./shapes.js";
import type { Programs, Usage } from "./usage.js";

const changes: Usage = { flags: "*", does: "changes_system" };

/** Accounts, blocks, modules, messages, packages of a Linux machine: shown. */
const facts = [
  "ac sa lastcomm aulastlog findfs lnstat mcookie isosize on_ac_power isoquery uprecords vcstime raspinfo kjv cvt ico iris tlp-stat rolldice pwmake vmware-checkvm",
  "hwe-support-status ubuntu-security-status vrms modinfo pkaction pkcheck secon systool hardinfo wdctl quota pkginfo license genid amtterm",
  "avahi-browse avahi-resolve nmblookup iptables-xml ibv_devinfo cyclictest numatop sysprof-cli",
];
/** Programs that read what they are named and print. */
const readers = [
  "lsinitrd utmpdump fswatch inotifywait inotifywatch fbi mimetype zipdetails compsize f3read recsel recinf sqfscat zsv choose diff2html",
];
/** Questions to public services. */
const services = "dnslookup adig ahost prettyping";

/** The machine's parts by programs with verbs or modes: what looks is free, what changes asks. */
export const machine: Programs = {
  ...keyed(facts, shows),
  ...keyed(readers, { ...reads, flags: "--exec=!runs_hidden -e= -F=write -o=write --outfile=write *" }),
  ...keyed([services], asks),
  "dialog whiptail": { flags: "--prgbox!runs_hidden --file=read *", takes: "read..." },
  blkid: { flags: "-g!changes_system *", does: "harmless" },
  "lvs vgs pvs lvdisplay vgdisplay pvdisplay lvscan pvscan vgscan lvmdiskscan": {
    flags: "--cache!changes_system --mknodes!changes_system *",
    does: "harmless",
  },
  dmsetup: { verbs: { "ls info status table deps version targets": shows }, otherVerbs: changes },
  dkms: looking("", changes),
  "btrfs btrbk": {
    verbs: {
      "filesystem fi f": { verbs: { "show df usage du": shows }, otherVerbs: changes },
      "subvolume sub s": { verbs: { "list show get-default find-new": shows }, otherVerbs: changes },
      "device d": { verbs: { "stats usage": shows }, otherVerbs: changes },
      "property qgroup balance scrub replace": { verbs: { "get list show status": shows }, otherVerbs: changes },
      "inspect-internal version list stats": shows,
    },
    otherVerbs: changes,
  },
  brctl: { verbs: { "show showmacs showstp": shows }, otherVerbs: changes },
  boltctl: looking("domains monitor", changes),
  bootctl: looking("is-installed", changes),
  coredumpctl: {
    flags: "-r -1 -S= -U= --since= --until= --no-pager --no-legend -q --json= -F= -o=write --output=write -n= --reverse",
    bare: "harmless",
    verbs: {
      "list info": shows,
      dump: { flags: "-o=write --output=write -q", takes: "text..." },
    },
    otherVerbs: { flags: "*", does: "runs_unknown" },
  },
  networkctl: looking("lldp label cat", changes),
  "portablectl homectl userdbctl": looking("user group users-in-group groups-of-user services inspect is-attached", changes),
  "hciconfig xhost": { bare: "harmless", flags: "-a", takes: "unknown..." },
  hcitool: looking("dev scan inq name con rssi lq", changes),
  iwlist: { flags: "*", takes: "text..." },
  mokutil: {
    flags:
      "-l:shows -N:shows -X:shows --list-enrolled:shows --list-new:shows --sb-state:shows --pk:shows --kek:shows --db:shows --dbx:shows",
    does: "changes_system",
  },
  mmcli: {
    flags:
      "-L:shows -M:shows -G= -m= -i= -b= -s= --list-modems:shows --modem= --list-bearers --list-sms --messaging-list-sms --messaging-status",
    does: "harmless",
  },
  xmodmap: { flags: "-pm:shows -pk:shows -pke:shows -pp:shows -e=!changes_tool -display=", words: true, takes: "read..." },
  xrdb: { flags: "-query:shows -symbols:shows -n -merge -load -edit=write", words: true, takes: "read...", does: "changes_tool" },
  xsetwacom: {
    flags: "--list:shows --get=:shows --shell -v",
    verbs: { "list get": shows, set: { flags: "*", does: "changes_tool" } },
  },
  zramctl: { flags: "-n --noheadings -o= --output= --output-all --bytes --raw -b", bare: "harmless", takes: "unknown..." },
  repquota: { flags: "-a -u -g -s -v -p -i -n", does: "harmless" },
  "nvidia-settings": { flags: "-q=:shows --query=:shows -t -v:shows", does: "changes_system" },
  "ubuntu-drivers": looking("devices debug", changes),
  pacdiff: { flags: "-o:shows --output:shows -l -f -p", does: "changes_system" },
  paccache: { flags: "-d:shows --dryrun:shows *", does: "changes_system" },
  vkpurge: looking("", changes),
  "xfs_info dumpe2fs e2freefrag": { flags: "-h -x -c= *", takes: "text..." },
  powertop: {
    flags:
      "--html?=write --csv?=write -C?=write -r?=write --time? -i? -q --debug --version:shows --auto-tune!changes_system --calibrate!changes_system",
    does: "harmless",
  },
  "update-alternatives update-java-alternatives": {
    flags: "--display=:shows --list=:shows --query=:shows --get-selections:shows -l:shows *",
    does: "changes_system",
  },
  "trash-list": shows,
  scontrol: looking("ping hostnames completing", { flags: "*", does: "changes_remote" }),
  "resolvconf resolveconf": { flags: "-l:shows", does: "changes_system" },
  "kreadconfig5 kreadconfig6": shows,
  "rmlint rdfind": {
    flags:
      "--deleteduplicates=!deletes_many -deleteduplicates=!deletes_many -makehardlinks=!writes_irreplaceable -makesymlinks=!writes_irreplaceable -c=!runs_hidden --config=!runs_hidden -o=write -O=write -dryrun= -n= -T= -g -p -s= --progress -outputname=write -resultsfile=write -ignoreempty= -minsize= -checksum=",
    takes: "list...",
    does: "writes_workspace",
  },
  fclones: {
    verbs: { group: { flags: "--transform=!runs_hidden -o=write --output=write *", takes: "list..." } },
    otherVerbs: { flags: "*", does: "deletes_many" },
  },
  ldconfig: { flags: "-p:shows --print-cache:shows -v", does: "changes_system" },
};
