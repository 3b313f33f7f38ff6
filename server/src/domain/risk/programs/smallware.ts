import { asks, builds, converts, keyed, looking, reads, shows } from "./shapes.js";
import type { Programs } from "./usage.js";

/** Programs that show or compute. */
const showing = "chalk bitwise pick kosmorro mate-color-select qtchooser pinfo bindkey zformat";
/** Programs that read what they are named. */
const reading =
  "ccat isutf8 editorconfig core-validate-commit fail2ban-regex bookworm inlyne docfd average bound interval numgrep numsum numprocess numnormalize numround numrange";
/** From one file to another. */
const converting = "cyclonedx cyclonedx-cli flips xdelta ksvgtopng pdfroff hakyll-init transcode lndir lz lunzip";
/** What works on the project. */
const building = "bugpoint h5perf mh_lint mh_style mh_metric mh_bmc pvs-studio-analyzer plog-converter";
/** Asks a public service. */
const asking = "astronomer fanyi cheatshh";

/** Programs with options of their own that belong to no greater family. */
export const smallware: Programs = {
  ...keyed([showing], shows),
  ...keyed([reading], reads),
  ...keyed([converting], converts),
  ...keyed([building], builds),
  ...keyed([asking], asks),
  accelerate: {
    verbs: {
      env: shows,
      test: { flags: "--config_file=read", does: "runs_task" },
      "estimate-memory": { flags: "*", does: "reads_network" },
      launch: {
        flags:
          "--config_file=read --num_processes= --num_machines= --mixed_precision= --multi_gpu --cpu --tpu --gpu_ids= --main_process_port= --dynamo_backend= --use_deepspeed --use_fsdp",
        stopsEarly: true,
        takes: "script text...",
      },
    },
  },
  "age-keygen": { flags: "-o=write --output=write -y -pq --version:shows", bare: "reads_secret", takes: "read" },
  "aircrack-ng": { flags: "-w=read -b= -e= -l=write -a= -p= -K -k= -q -C= -1 -J=write -S -u:shows", takes: "read..." },
  bob: looking("", { flags: "*", does: "installs_new" }),
  comby: {
    flags:
      "-i!writes_workspace -in-place!writes_workspace -d=folder -directory=folder -f= -extensions= -diff -match-only -stdout -stdin -count -json-lines -json-pretty -rewrite-only -matcher= -m= -rule= -exclude= -jobs= -config=read -templates=read -custom-matcher=read -n -sequential -version:shows",
    words: true,
    takes: "text...",
  },
  csvkit: shows,
  detox: { flags: "-n:dry --dry-run:dry -r -v -i -L:shows -s= -f=read --inline --special", takes: "write...", does: "writes_workspace" },
  "drawio draw.io": {
    flags:
      "-x -r -t -e -a -q= -s= -b= -g= -p= -f= -o=write --export --output=write --format= --recursive --crop --transparent --page-index= --scale= --width= --height=",
    takes: "read...",
  },
  emulator: { flags: "-list-avds:shows -accel-check:shows -version:shows *", words: true, does: "runs_task" },
  "fc-cache": { flags: "-f -r -s -v -y=", takes: "list...", does: "changes_tool" },
  fq: {
    flags: "-d= -o= -r -V -i -n -s -R -c -C -M -j -a --arg= --argjson= --slurp --raw-output --null-input -f=read",
    takes: "text read...",
  },
  hashcat: {
    flags:
      "-m= -a= -b --benchmark -I --backend-info -O -w= -r=read -o=write --outfile=write --show --username --force --identify:shows --example-hashes:shows --hash-info:shows --stdout -i --increment --increment-min= --increment-max= --session= --restore --status -D= -d= -1= -2= -3= -4=",
    takes: "read...",
  },
  homeshick: looking("cd", { flags: "*", does: "writes_outside" }),
  ludusavi: looking("backups manifest", { flags: "*", does: "writes_outside" }),
  mods: { flags: "*", does: "sends_data" },
  nagios2: { flags: "-v:shows -s:shows", does: "later" },
  nextflow: looking("", { flags: "*", does: "runs_unknown" }),
  nuget: {
    verbs: { "list search locals sources verify help": shows, "pack spec": builds, restore: { flags: "*", does: "installs_locked" } },
    otherVerbs: { flags: "*", does: "installs_new" },
  },
  resticprofile: looking("profiles", { flags: "*", does: "other_effect" }),
  steampipe: looking("", { flags: "*", does: "changes_remote" }),
  termsvg: { verbs: { play: reads, export: converts } },
  vhs: { verbs: { "validate themes manual": reads, new: { takes: "write" } } },
  wine: { flags: "--version:shows", takes: "command", does: "runs_unknown" },
};
