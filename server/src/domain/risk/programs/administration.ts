import { keyed, looking, reads, shows } from "./shapes.js";
import type { Programs, Usage } from "./usage.js";

const changes: Usage = { flags: "*", does: "changes_system" };
/** Looks with the options named; everything else changes the machine. */
const looksWith = (options: string): Usage => ({ flags: `${options} *`, does: "changes_system" });
/** Looks by these subcommands; all others change the machine. */
const verbs = (words: string): Usage => ({ flags: "*", bare: "harmless", verbs: { [words]: shows }, otherVerbs: changes });

/** Counters, meters, lists of devices, logins and addresses. */
const facts = [
  "acpitool alsa-info archey3 battop cfonts colorpicker coretemp cowfortune bpytop cpu-x disfetch etherape fbcat ipmi-fru getlocale ifstatus ipmi-sel jdate landscape-sysinfo lastlog2 lspnp memstat netspeed neowofetch nvidia-detector nvidia-debugdump oping procinfo rsfetch screenresolution smemcap statgrab tiptop tmon xfce4-about xkcd xosview astroterm dijo gameoflife lolcrab mapscii mathomatic nbsdgames octofetch owofetch petname rbonsai rickrollrc rockfetch rusty-rain rxfetch snake4 solfege steamfetch stormy taoup tenki tetrigo ttysnake unimatrix wttrbar xjokes yafetch zeitfetch",
  "cpustat powerstat iwgetid iwspy iwevent mii-tool mtdinfo xrestop ubuntu-distro-info debian-distro-info distro-info lastb dump-utmp tcptrack trafshow pktstat slurm iptstate netstat-nat ifplugstatus jnettop cbm sg_vpd sg_readcap tpm2_getcap tpm2_pcrread spectre-meltdown-checker",
  "logread mdir minfo mtype varnishstat xentop virt-top whowatch vmtouch getcifsacl nfs4_getfacl showrgb utop edac-util scsi_id usbhid-dump sensors-conf-convert",
  "ipv6calc whatmask prips netmask iprange grepcidr aggregate ascii2binary sunwait sunclock moontool hebcal hdate ccal lunar dateadd datediff dateconv dateseq dateround datetest datesort datezone strptime ulid ksuid dice",
];

/** The administration of a machine: what looks is free, what changes asks. */
export const administration: Programs = {
  ...keyed(facts, shows),
  ...keyed(["grub-script-check grub-mkrelpath"], reads),
  "acme.sh": { flags: "--list:shows --version:shows --info:shows --listraw:shows *", does: "changes_remote" },
  arecord: {
    flags:
      "-l:shows -L:shows --list-devices:shows --list-pcms:shows --dump-hw-params:shows -D= -d= -f= -r= -c= -t= -v -q -V= --device= --duration= --format= --rate= --channels=",
    takes: "write",
    does: "other_effect",
  },
  attr: { flags: "-l -g= -q -L -R -S -s=!other_effect -V= -r=!other_effect", takes: "read..." },
  "bitcoin-cli litecoin-cli": {
    flags: "-testnet -regtest -signet -named -netinfo:shows -getinfo:shows -rpcwallet= -datadir=list",
    words: true,
    verbs: {
      "getinfo help getblockchaininfo getnetworkinfo getmininginfo getblock getblockcount getblockhash getblockheader getbestblockhash getdifficulty getrawmempool getmempoolinfo getpeerinfo getconnectioncount getrawtransaction decoderawtransaction decodescript uptime validateaddress estimatesmartfee gettxout":
        shows,
      "stop encryptwallet backupwallet createwallet loadwallet": { flags: "*", does: "other_effect" },
    },
    otherVerbs: { flags: "*", does: "pays" },
  },
  "fprintd-list": shows,
  gphoto2: {
    flags:
      "--auto-detect:shows --list-files:shows -L:shows --summary:shows --abilities:shows --list-ports:shows --list-config:shows --list-cameras:shows *",
    does: "other_effect",
  },
  "grub-mkrescue grub2-mkrescue": { flags: "-o=write --output=write --modules= --directory=list --compress= -v", takes: "readall..." },
  keychain: { flags: "-l:shows --list:shows -L:shows -V:shows *", does: "later" },
  kubeadm: {
    verbs: {
      "version help": shows,
      config: { verbs: { "view print images validate migrate": shows } },
      token: { verbs: { list: { flags: "*", does: "reads_secret" } } },
      certs: { verbs: { "check-expiration": shows } },
    },
    otherVerbs: { flags: "*", does: "changes_remote" },
  },
  "kpackagetool5 kpackagetool6": { flags: "-l:shows --list:shows --list-types:shows -t= --type= -g --global *", does: "changes_tool" },
  sync: { flags: "-d -f --data --file-system", takes: "list...", does: "harmless" },
  "termux-battery-status termux-wifi-connectioninfo": shows,
  ykman: { flags: "*", verbs: { "list info": shows }, otherVerbs: changes },
  ykinfo: shows,
  "avahi-daemon": looksWith("-c:shows --check:shows -V:shows"),
  btmgmt: verbs("info find-adapter phys"),
  "cgget cgsnapshot lscgroup lssubsys": shows,
  clusterctl: looking("config", { flags: "*", does: "changes_remote" }),
  "cupsctl lpmove cupsaccept cupsreject cupsenable cupsdisable": { flags: "-h=host -E -U=", bare: "harmless", does: "changes_system" },
  e2label: { takes: "read unknown..." },
  xfs_admin: looksWith("-l:shows -u:shows"),
  exportfs: { flags: "-v:shows -s:shows", bare: "harmless", takes: "unknown..." },
  "fail2ban-client": verbs("status ping get version banned"),
  fwupdtool: looking(
    "get-devices get-updates get-history get-releases get-remotes get-topology get-upgrades get-results get-details security",
    changes,
  ),
  "grub-editenv grub2-editenv": {
    takes: "read text...",
    verbs: { list: shows, "-": { verbs: { list: shows }, otherVerbs: changes } },
    otherVerbs: changes,
  },
  ifup: changes,
  ipcrm: changes,
  iwctl: {
    flags: "*",
    verbs: {
      "adapter device station known-networks ad-hoc ap": {
        verbs: { "list show get-networks get-hidden-access-points": shows },
        otherVerbs: changes,
      },
    },
    otherVerbs: changes,
  },
  keyctl: {
    verbs: {
      "show list rlist describe rdescribe search supports id get_persistent security": shows,
      "print pipe read": { flags: "*", does: "reads_secret" },
    },
    otherVerbs: changes,
  },
  "kernel-install": looking("inspect", changes),
  lighttpd: { flags: "-t:shows -tt:shows -p:shows -v:shows -V:shows -f=read -D -m=", does: "opens_port" },
  "iptables-save ip6tables-save ebtables-save": { flags: "-t= -c -M= -f=write --counters --table= --file=write", does: "harmless" },
  logwatch: {
    flags: "--output= --range= --service= --detail= --format= --archives --logfile= --hostname= --filename=write",
    does: "harmless",
  },
  lvm: verbs(
    "version help lvs vgs pvs lvdisplay vgdisplay pvdisplay lvscan vgscan pvscan fullreport segtypes formats tags devtypes lastlog",
  ),
  "mailq postqueue": { flags: "-p:shows -j:shows -v", bare: "harmless", takes: "unknown...", does: "changes_system" },
  microk8s: looking("inspect", { flags: "*", does: "changes_system" }),
  multipath: looksWith("-l:shows -ll:shows -t:shows -T:shows"),
  "ndctl daxctl": looking("", changes),
  nfsconf: looksWith("--dump:shows -d:shows --get:shows -g:shows"),
  "nvidia-ctk": { flags: "*", verbs: { cdi: { verbs: { list: shows }, otherVerbs: changes }, info: shows }, otherVerbs: changes },
  "oneuser onevm onehost onevnet onedatastore onetemplate oneimage onecluster": looking("top", { flags: "*", does: "changes_remote" }),
  "openvpn openvpn3 openconnect openfortivpn vpnc wg-quick strongswan": {
    flags: "--version:shows --show-ciphers:shows --show-digests:shows *",
    does: "opens_port",
  },
  pdbedit: looksWith("-L:shows --list:shows"),
  plymouth: { flags: "--ping:shows --has-active-vt:shows *", does: "changes_system" },
  pihole: looking("-q -t -c -v chronometer tail", changes),
  pulseaudio: {
    flags: "--check:shows --dump-conf:shows --dump-modules:shows --dump-resample-methods:shows --version:shows *",
    does: "other_effect",
  },
  "pwck grpck": looksWith("-r:shows -q --read-only:shows"),
  quotacheck: changes,
  "raspi-config": changes,
  rdma: {
    verbs: { "dev link resource res statistic system": { flags: "*", verbs: { "show list": shows }, otherVerbs: changes } },
    flags: "-d -j -p",
  },
  realm: verbs("list discover"),
  "rpi-eeprom-update": { flags: "-h:shows -l:shows", bare: "harmless", does: "changes_system" },
  rtcwake: looksWith("-n:shows --dry-run:shows --mode=text -m=text --list-modes:shows"),
  "runsvdir runsv chpst": { flags: "*", does: "later" },
  semanage: {
    verbs: {
      "boolean fcontext login user port interface module node permissive": {
        flags: "-l:shows --list:shows -C:shows *",
        does: "changes_system",
      },
      export: shows,
    },
    otherVerbs: changes,
  },
  setpci: { flags: "-s= -d= -v -r -D --dumpregs:shows", takes: "text unknown..." },
  "smbstatus testparm": shows,
  "snmpwalk snmpget snmpbulkwalk snmptranslate snmpstatus snmpdf": {
    flags: "-v= -c= -u= -l= -a= -A= -x= -X= -O= -m= -M= -t= -r= *",
    takes: "host text...",
  },
  "synopkg synoupgrade synoservice": looking("", changes),
  tlp: changes,
  "tracker3 localsearch tinysparql": looking("daemon", { flags: "*", does: "other_effect" }),
  usbip: looking("port", changes),
  varnishadm: verbs("status ping banner vcl.list param.show backend.list ban.list"),
  "varnishlog varnishtop varnishncsa varnishhist": { flags: "-n= -q= -g= -i= -I= -d -c -b -1 -C -X= -x= -F= -w=write", does: "harmless" },
  "virt-ls virt-cat virt-log": {
    flags: "-a=read -d= -m= -h -l -R -A --add=read --domain= --human-readable --csv --all --long --partitions --logical-volumes --extra",
    takes: "text...",
    does: "harmless",
  },
  "xfs_repair xfs_growfs ntfsfix fsck.ext4 reiserfsck": { flags: "-n:shows --no-action:shows *", does: "writes_device" },
  ntfsinfo: { flags: "-m -i= -F= -v -f -q", takes: "read..." },
  "yast yast2": looking("", changes),
};
