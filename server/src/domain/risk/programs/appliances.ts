import type { Call } from "../shell/call.js";
import { readByTable } from "./read-call.js";
import { asks, builds, converts, keyed, looking, opens, reads, shows } from "./shapes.js";
import type { Programs, Usage } from "./usage.js";

const changes: Usage = { flags: "*", does: "changes_system" };
const remote: Usage = { flags: "*", does: "changes_remote" };
const installs: Usage = { flags: "*", does: "installs_new" };
const publishes: Usage = { flags: "*", does: "publishes" };

/** Print or compute, whatever their options. */
const showing =
  "banner buzzphrase chars clear_console gops leave nm-online texdoc whence progress gnomon fselect resolveip numlockx yetris a2query typeinc candump";
/** Read what they are named. */
const reading = "calendar funzip shar zip2john pdf2john.pl chroma tldrl zek vnu vgrep audit2why";
/** Windows in which a person works. */
const windows =
  "speedcrunch glava xman cheese simple-scan onboard padthv1 synthv1 samplv1 drumkv1 virt-viewer calibre ebook-viewer ebook-edit";
/** From one form to another. */
const converting =
  "ect upx zipsplit pcapfix unyaffs steghide stegsnow gladtex datashader_cli cc1541 ispell shc audit2allow vnstati sqfstar crunch";
/** Build and check. */
const building = "adscript ginkgo goreload arduino-builder phpize osv-scanner tslint yesod doctum box rpmspec avo ajv-cli orca-c azurite";

/** Servers, workshops and instruments of many kinds, each with the verbs that only look. */
export const appliances: Programs = {
  ...keyed([showing], shows),
  ...keyed([reading], reads),
  ...keyed([windows], opens),
  ...keyed([converting], { ...converts, flags: `-M=write ${converts.flags ?? ""}` }),
  ...keyed([building], { ...builds, flags: `--push!publishes --publish!publishes ${builds.flags ?? ""}` }),
  ...keyed(["dnstwist waybackurls ticker"], asks),
  "diff-so-fancy": { flags: "--set-defaults!git_guarded *", takes: "read..." },
  "gdown megadl megatools-dl": {
    flags: "-O=write -o=write --path=write --folder --id= -q --fuzzy -c --continue --no-progress",
    takes: "text...",
    does: "reads_network",
  },
  "debuginfod-find nix-prefetch-url": { flags: "-v --type= --name= --unpack", takes: "text...", does: "reads_network" },
  "nix-locate": shows,
  "nix-store": {
    flags: "-q:shows --query:shows --verify:shows --verify-path:shows -l:shows --read-log:shows --print-env:shows",
    does: "changes_system",
  },
  "nix-instantiate": { flags: "--parse --eval --json --strict -A=", takes: "read..." },
  cpan: { flags: "-l:shows -D=:shows -v:shows -O:shows -L=:shows", does: "installs_new" },
  "apt-key": { verbs: { "list finger": shows }, otherVerbs: changes },
  "add-apt-repository": { flags: "-L:shows --list:shows", does: "changes_system" },
  "pacman-key": { flags: "--list-keys?:shows --list-sigs?:shows -f:shows --finger:shows", does: "changes_system" },
  "pacman-mirrors": { flags: "--status:shows --get-branch:shows -l:shows --country-list:shows", does: "changes_system" },
  "archlinux-java rc-update netctl monit balooctl balooctl6 optimus-manager fscrypt cloud-init espanso": looking(
    "is-active summary indexSize analyze schema path",
    changes,
  ),
  euse: { flags: "-i=:shows -a:shows -I=:shows", does: "changes_system" },
  chkconfig: { flags: "--list?:shows", does: "changes_system" },
  "auto-cpufreq": { flags: "--monitor:shows --stats:shows --debug:shows", does: "changes_system" },
  envycontrol: { flags: "-q:shows --query:shows", does: "changes_system" },
  faillock: { flags: "--user= --dir=read --reset!changes_system", does: "harmless" },
  netplan: { verbs: { "get status info": shows }, otherVerbs: changes },
  wpa_cli: { flags: "-i=", verbs: { "status scan_results list_networks": shows }, otherVerbs: changes },
  ipcmk: { flags: "-M= -Q -S= -p=", does: "runs_task" },
  uclampset: { flags: "-m= -M= -p= -a -s -R -v", takes: "command" },
  zrun: { takes: "command" },
  lckdo: { flags: "-w -W= -e -E= -s -x -t -q", takes: "write command" },
  "xvfb-run": {
    flags: "-a --auto-servernum -n= --server-num= -s= --server-args= -e=write --error-file=write -l -f=write -w= --wait= -d --auto-display",
    takes: "command",
  },
  "virt-df virt-filesystems virt-inspector": { flags: "-a=read --add=read -d= --domain= *", does: "harmless" },
  "trace-cmd": { verbs: { report: { flags: "-i=read -l -f -t -q", takes: "read..." }, "list stat": shows }, otherVerbs: changes },
  bpftrace: { flags: "-l:shows --info:shows", does: "runs_code" },
  lttng: looking("", { flags: "*", does: "other_effect" }),
  atom: { flags: "-n -w -a -d --new-window --wait --add --dev --safe", takes: "read..." },
  berks: looking("outdated verify viz contingent", installs),
  "bower nrm": looking("lookup home current test", installs),
  caddy: {
    verbs: {
      fmt: { flags: "--overwrite -w --diff", takes: "write..." },
      "validate adapt list-modules version build-info": {
        flags: "-c=read --config=read --overwrite!writes_workspace -w!writes_workspace *",
        takes: "read...",
      },
    },
    otherVerbs: { flags: "*", does: "opens_port" },
  },
  certbot: { verbs: { "certificates plugins": shows }, otherVerbs: changes },
  certutil: { flags: "-L:shows -d= -n= -h= -V:shows -a -r -u=", does: "changes_system" },
  cf: looking("apps app services service routes target buildpacks orgs spaces events marketplace domains", remote),
  "knife stolonctl tkn": looking("", remote),
  clamdscan: {
    flags:
      "--remove!deletes_many --move=!writes_irreplaceable --copy=write -f=read --file-list=read --log=write -l=write --multiscan -m --fdpass --stream -i --infected --no-summary --verbose -v --config-file=read --reload --wait -w",
    takes: "read...",
  },
  cross: {
    flags: "--target= --release -v -q",
    verbs: { "build b test t check c run r clippy bench rustc": { flags: "*", does: "local_containers" } },
  },
  "django-admin": {
    verbs: {
      "check makemessages compilemessages showmigrations makemigrations test version help": builds,
      "startproject startapp": { flags: "--template=!runs_foreign -n= -e= -x=", takes: "text write" },
    },
  },
  "esptool esptool.py": {
    flags: "-p= --port= -b= --baud= -c= --chip= --before= --after= --no-stub",
    verbs: {
      "chip_id flash_id read_mac image_info version get_security_info chip-id flash-id read-mac image-info": shows,
      "elf2image merge_bin": converts,
    },
    otherVerbs: { flags: "*", does: "other_machine" },
  },
  fastmod: {
    flags:
      "-d=write --dir=write -e= --extensions= -m --multiline -i --ignore-case -g= --glob= --iglob= -F --fixed-strings --accept-all --print-changed-files --hidden",
    takes: "text text write...",
    does: "writes_workspace",
  },
  func: { verbs: { "init new start host templates": builds }, otherVerbs: publishes },
  grails: {
    verbs: {
      "compile test-app run-app clean war stats dependency-report create-controller create-service create-domain-class help": builds,
    },
  },
  "kafka-console-consumer kafka-console-consumer.sh": {
    flags: "--bootstrap-server= --topic= --from-beginning --group= --max-messages= --partition= --offset= --timeout-ms= --property=",
    does: "reads_remote",
  },
  "apptainer singularity": {
    flags: "-q -v -d -s",
    verbs: {
      "exec run": {
        flags:
          "-B=!container_breakout --bind=!container_breakout -C --contain --containall -c -e --cleanenv --nv --rocm --pwd= -W= --no-home -H=!container_breakout --fakeroot!container_breakout -f!container_breakout --env=",
        takes: "script command",
        read: runImage,
        does: "local_containers",
      },
      "inspect version help verify": shows,
      "cache plugin remote key": { verbs: { list: shows } },
      build: {
        flags: "--fakeroot!container_breakout --remote!sends_data --force!writes_irreplaceable -F!writes_irreplaceable --notest",
        takes: "write text",
        does: "local_containers",
      },
      pull: {
        flags: "--name=write --dir=write --arch= -F!writes_irreplaceable --force!writes_irreplaceable",
        takes: "text...",
        does: "local_containers",
      },
    },
  },
  tailscale: {
    verbs: { "status ip netcheck version whois dns": { flags: "*", does: "reads_local" } },
    otherVerbs: { flags: "*", does: "opens_port" },
  },
  lynis: { verbs: { "show audit": shows } },
  pack: {
    verbs: {
      build: { flags: "--publish!publishes --volume=!container_breakout --network=!container_breakout *", does: "local_containers" },
      "inspect inspect-image suggest-builders version sbom": shows,
    },
  },
  puppet: { verbs: { "parser epp": builds, "facts describe doc": shows, module: looking("", installs) }, otherVerbs: changes },
  "redis-server valkey-server": {
    flags:
      "--port= --daemonize=!later --bind=!opens_port --protected-mode=!opens_port --save= --appendonly= --dir=write --loglevel= --version:shows -v:shows",
    takes: "read",
    does: "runs_task",
  },
  mongod: {
    flags:
      "--dbpath=write --port= --logpath=write --fork!later --bind_ip=!opens_port --bind_ip_all!opens_port -f=read --config=read --version:shows --replSet= --logappend",
    does: "runs_task",
  },
  schroot: { flags: "-l:shows --list:shows -i:shows --info:shows --config:shows", does: "privilege" },
  snyk: { verbs: { "test code container iac": builds }, otherVerbs: remote },
  sq: { verbs: { "inspect verify packet version": { flags: "-o=write --output=write *", takes: "read..." } } },
  "sqlite-utils": {
    verbs: {
      "tables views schema rows analyze-tables indexes triggers search": {
        flags: "--load-extension=!runs_hidden *",
        takes: "read text...",
      },
    },
  },
  tcpdump: {
    flags:
      "-r=read -w=write -D:shows --list-interfaces:shows -z=!runs_hidden -n -nn -v -vv -c= -A -X -x -q -e -t -tttt -s= -i= -l -S -C= -W= -F=read",
    words: true,
    read: readCapture,
  },
  tshark: {
    flags:
      "-r=read -w=write -D:shows -X=!runs_hidden -G? -n -V -c= -Y= -R= -T= -e= -E= -z= -q -i= -f= -a= -b= -d= -o= -x -O= -2 -j= -l -S=",
    read: readCapture,
  },
  tmsu: looking("tags files values"),
  vsce: { verbs: { "ls package show search": { flags: "-o=write --out=write *", does: "runs_task" } }, otherVerbs: publishes },
  csvsql: {
    flags: "--db=!database_writes --insert!database_unread --query= --tables= -i= --dialect= --no-constraints --snifflimit= -y= -d= -q= *",
    takes: "read...",
  },
};

/** Packets from a file are read; from the network they are anybody's. */
function readCapture(call: Call, { read: _own, ...table }: Usage): void {
  const { words, reader, text } = call;
  const fromFile = words.some((word) => /^(?:-r|-D|--list-interfaces)/.test(word.text ?? ""));
  if (!fromFile) reader.findings.note("reads_device", text);
  readByTable(call, { ...table, takes: "text..." });
}

/** Images from elsewhere run with the user's own files in reach; one that lies in the project is the project's. */
function runImage(call: Call, { read: _own, ...table }: Usage): void {
  if (call.words.some((word) => /^[a-z-]+:\/\//.test(word.text ?? "?://"))) call.reader.findings.note("runs_foreign", call.text);
  readByTable(call, table);
}
