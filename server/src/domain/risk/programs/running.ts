import { keyed } from "./shapes.js";
import type { Programs, Usage } from "./usage.js";

/** Wrappers without options that take a word of their own. */
const plain: Usage = { takes: "command" };

/**
 * Programs that run, measure or confine the rest of their words. An option that takes a value has to be spelled out,
 * or its value would be taken for the command.
 */
export const running: Programs = {
  ...keyed(["fakechroot tsocks gamemoderun primusrun optirun prime-run mangohud dbus-run-session oniux"], plain),
  hyperfine: {
    flags:
      "-w= --warmup= -m= --min-runs= -M= --max-runs= -r= --runs= -p=shell --prepare=shell -s=shell --setup=shell -c=shell --cleanup=shell -C=shell --conclude=shell -S=!runs_hidden --shell=!runs_hidden -N -i --ignore-failure -u= --time-unit= -n= --command-name= --style= --sort= --show-output --output=text --input=read --export-json=write --export-csv=write --export-markdown=write --export-asciidoc=write --export-orgmode=write",
    takes: "shell...",
    does: "runs_task",
  },
  perf: {
    verbs: {
      "list report annotate diff version evlist buildid-list sched-report help": {
        flags: "-i=read --input=read --pager=!runs_hidden *",
        does: "harmless",
      },
      "stat record trace": {
        flags: "-e= -a!privilege -g -d -v -r= -o=write --output=write -F= -p=!stops_process -c= -I= --call-graph= -x= -s --",
        takes: "command",
      },
    },
  },
  samply: {
    verbs: {
      record: { flags: "-r= --rate= -o=write --output=write -s --save-only -n --no-open --duration=", takes: "command" },
      load: { flags: "*", takes: "read" },
    },
  },
  valgrind: {
    flags:
      "-q -v -s --tool? --leak-check? --show-leak-kinds? --track-origins? --log-file?=write --xml? --xml-file?=write --suppressions?=read --gen-suppressions? --error-exitcode? --num-callers? --trace-children? --massif-out-file?=write --callgrind-out-file?=write --dsymutil? --undef-value-errors? --vgdb?!opens_port",
    takes: "command",
  },
  gamescope: { flags: "-w= -h= -W= -H= -r= -o= -f -b -e -F= -S= -O= --prefer-output= -s= --", takes: "command" },
  retry: { flags: "-t= -d= --times= --delay= -u= --until= --", takes: "command" },
  trickle: { flags: "-s -d= -u= -w= -t= -l= -L= -v", takes: "command" },
  "systemd-inhibit": { flags: "--list:shows --what? --who? --why? --mode? --no-pager --no-legend", takes: "command" },
  setpriv: { flags: "-d:shows --dump:shows --no-new-privs --reset-env --clear-groups", takes: "command" },
  cgexec: { flags: "-g= --sticky", takes: "command", does: "other_effect" },
  "heaptrack memusage": { flags: "-o=write --output=write", takes: "command" },
  multitime: { flags: "-n= -q -s= -f=", takes: "command" },
  runlim: { flags: "--real-time-limit= --time-limit= --space-limit= -r= -t= -s= -k -o=write --output-file=write", takes: "command" },
  cpulimit: { flags: "-l= --limit= -f -m -q -v -i -p=!stops_process -e=!stops_process -P=!stops_process --", takes: "command" },
  prlimit: {
    flags: "-n? -p=!stops_process -u? -v? --nofile? --nproc? --as? --core? --cpu? -o= --output= --noheadings --raw",
    takes: "command",
  },
  rlwrap: { flags: "-a -A -c -r -i -n -q= -H=write -f=read -l=write -s= -S= -P= -p? -t= -b= -C= -D=", takes: "command" },
  jc: { flags: "*", takes: "command" },
  // Interpreters of the project's own scripts; code on the command line is not read.
  "raku rakudo racket guile mono wasmtime wasmer swipl xonsh elvish nu gosh csi chibi-scheme sbcl gjs qml io janet": {
    flags: "-I=list -e=!runs_code -M=!runs_hidden -c=!runs_code --eval=!runs_code --vanilla --quiet -q --no-save --debug --version:shows",
    stopsEarly: true,
    takes: "script text...",
    bare: "runs_unknown",
  },
  dlv: {
    verbs: { "debug test exec trace version help": { flags: "--headless!opens_port --listen=!opens_port *", does: "runs_project" } },
    otherVerbs: { flags: "*", does: "stops_process" },
  },
  tqdm: { flags: "*", does: "harmless" },
  entr: { flags: "-a -c -cc -d -n -p -r -s -z -x", takes: "command", words: true },
  pee: { flags: "--ignore-sigpipe --no-ignore-sigpipe --ignore-write-errors --no-ignore-write-errors", takes: "shell..." },
  mispipe: { takes: "shell shell" },
  "fakeroot eatmydata ifne": { flags: "-e -v -u -n -s=write -i=read", takes: "command" },
  "torify torsocks proxychains proxychains4": { flags: "-q -i -f=!runs_hidden -c=!runs_hidden -u= -p= -a= -P=", takes: "command" },
  "ccache sccache distcc": {
    flags:
      "-s:shows -p:shows -z -c -C!deletes_recreatable -M= --show-stats:shows --show-config:shows --zero-stats --cleanup --clear!deletes_recreatable --max-size=",
    takes: "command",
  },
  "scan-build intercept-build bear": {
    flags: "-o=write --output=write -v -k --append --cdb=write --status-bugs --keep-empty --",
    takes: "command",
  },
  ts: { flags: "-r -i -s -m", takes: "command" },
  combine: { takes: "read text read" },
  errno: { flags: "-l -s", takes: "text..." },
  vidir: { flags: "*", does: "runs_unknown" },
};
