import type { Call } from "../shell/call.js";
import { noteSecretFiles } from "./carried-files.js";
import { sortWords } from "./flags.js";
import { noteForbiddenText } from "./hidden-commands.js";
import { readByTable } from "./read-call.js";
import type { Programs, Usage } from "./usage.js";

/** Programs that only show, search, count and compare. Options that write or run are the ones spelled out. */
export const readers: Programs = {
  "tail head": { flags: "-n= --lines= -c= --bytes= -s= --sleep-interval= --pid= --max-unchanged-stats= *", takes: "read..." },
  "cat tac nl wc cut paste fold fmt expand unexpand rev hexdump strings cksum md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum sum cmp comm join base64 base32 basenc column pr tsort zcat zgrep zegrep zfgrep bzcat bzgrep xzcat xzgrep zstdcat zstdgrep lzcat look colrm hd cmark zdiff zcmp mdcat glow":
    {
      flags: "-n= --lines= -c= --bytes= -d= --delimiter= -f= --fields= -s= -t= -w= -N= -j= -A= -p= --files0-from=read *",
      takes: "read...",
    },
  "cowsay cowthink": { flags: "-f=script -e= -T= -W= -n -l -b -d -g -p -s -t -w -y", takes: "data..." },
  od: { flags: "-A= -j= -N= -S= -t= -w? --address-radix= --skip-bytes= --read-bytes= --format= --width? *", takes: "read..." },
  lolcat: { flags: "-p= -F= -S= *", takes: "read..." },
  "sha3sum crc32 hashdeep xxhsum b3sum rhash": { flags: "*", takes: "read..." },
  xxd: { flags: "-b -c= -e -E -g= -i -l= -len= -n= -o= -p -ps -r!writes_unknown -s= -u -a -C -d", takes: "read write" },
  iconv: { flags: "-f= -t= -l -c -s --from-code= --to-code= --list -o=write --output=write", takes: "read..." },
  uniq: {
    flags: "-c -d -D -f= -i -s= -u -w= -z --count --repeated --unique --ignore-case --skip-fields= --all-repeated? --group?",
    takes: "read write",
  },
  sort: {
    flags:
      "-b -d -f -g -i -M -h -n -R -r -V -c -C -k= -m -s -S= -t= -u -z -o=write --output=write --key= --reverse --unique --numeric-sort --human-numeric-sort --version-sort --ignore-case --field-separator= --random-sort --check? --stable --parallel= --sort= --zero-terminated --merge -T= --general-numeric-sort --month-sort --dictionary-order --ignore-leading-blanks --debug",
    takes: "read...",
  },
  shuf: {
    flags: "-e -i= -n= -z -r --echo --input-range= --head-count= --random-source=read --repeat -o=write --output=write",
    takes: "read...",
  },
  "grep egrep fgrep": {
    flags:
      "-e= -f=read -m= -A= -B= -C= -NUM --regexp= --file=read --max-count= --include= --exclude= --exclude-dir= --exclude-from=read --color? --colour? --context= --after-context= --before-context= -d= -D= --binary-files= --label= *",
    takes: "data readall...",
  },
  "rg ripgrep": {
    flags:
      "-e= -f=read -g= -t= -T= -A= -B= -C= -m= -j= -M= -r= --glob= --type= --type-not= --max-count= --max-depth= -d= --sort= --context= --after-context= --before-context= --color= --replace= --iglob= --pre=!runs_hidden --hostname-bin=!runs_hidden --ignore-file=read --regexp= --file=read --max-columns= --threads= *",
    takes: "data readall...",
  },
  "ag ack ugrep ug pt": {
    flags:
      "--pager=!runs_hidden --filter=!runs_hidden -G= -A= -B= -C= -m= --ignore= --ignore-dir= --depth= --type= -t= -g= -l -i -w -v -n -c -r -R -Q -s -S -o -L -h -H -q -u -U -a -F -E -P -1 --nocolor --color --nogroup --group --hidden --literal --ignore-case --python --js --ts --ruby --java --html --css --nobreak --column --count --files-with-matches -z",
    takes: "data readall...",
  },
  "ls dir vdir stat du df readlink realpath basename dirname namei lsattr getfacl eza exa lsd pathchk mountpoint erd dust duf ncdu broot getfattr":
    {
      flags:
        "-o=text -L= -I= -P= --max-depth= --level= --exclude= --sort= --time= --format= --printf= -c= -f= --files0-from=read -m= -d= -t= -h -s -a -l -i -1 *",
      takes: "list...",
    },
  file: {
    flags: "-f=read --files-from=read -m=read --magic-file=read -e= --exclude= -P= -F= -C!writes_workspace --compile!writes_workspace *",
    takes: "list...",
  },
  tree: { flags: "-o=write -L= -I= -P= --filelimit= --timefmt= --charset= --sort? --fromfile -T= -H= *", takes: "list..." },
  "diff sdiff diff3 colordiff wdiff dwdiff delta difft icdiff": {
    flags:
      "-o=write --output=write --diff-program=!runs_hidden -U= --unified? -C= -I= -x= --exclude= -X=read --label= --color? -W= --width= --pager=!runs_hidden *",
    takes: "readall...",
  },
  "less more most": {
    flags:
      "-N -S -R -F -X -i -n -e -E -r -s -I -M -m -q -p= -x= --LINE-NUMBERS --chop-long-lines --RAW-CONTROL-CHARS --quit-if-one-screen --no-init --pattern= -o=write -O=write -k=!runs_hidden -t=read",
    read: readPager,
  },
  "bat batcat": {
    flags:
      "-n -p -A -L -l= -r= -H= -f -P -u -d -s --file-name= --italic-text= --squeeze-blank --strip-ansi= --chop-long-lines -S --language= --style= --color= --paging= --line-range= --theme= --plain --number --list-languages --list-themes --wrap= --tabs= --decorations= --diff --show-all --highlight-line=",
    takes: "read...",
  },
  jq: {
    read: (call, { read: _own, ...table }) => {
      // `jq -n env` shows what `env` shows.
      if (sortWords(call.words, table).others.some((word) => /\$ENV\b|(?<![.\w$"])env\b/.test(word.text ?? "")))
        call.reader.findings.note("reads_secret", call.text);
      readByTable(call, table);
    },
    flags:
      "-r -c -n -e -s -S -M -C -j -a -R -f=read --raw-output --compact-output --null-input --exit-status --slurp --sort-keys --raw-input --tab --indent= --arg= --argjson= --slurpfile=read --rawfile=read --args --jsonargs --from-file=read --stream --unbuffered --join-output --monochrome-output --color-output --ascii-output --raw-output0",
    takes: "text read...",
  },
  "yq dasel gron fx jello xq tomlq": {
    read: (call, { read: _own, ...table }) => {
      if (call.words.some((word) => /\b(?:load(?:_\w+)?|env|strenv|envsubst)\s*\(/.test(word.text ?? "")))
        call.reader.findings.confused("The expression reads other files or the environment.", call.text);
      const inPlace = call.words.some((word) => /^(?:-\w*i\w*|--in-?place)$/.test(word.text ?? ""));
      readByTable(call, { ...table, takes: inPlace ? "text write..." : "text read..." });
    },
    flags:
      "-r -c -n -e -s -S -M -C -j -P -o= -p= --output-format= --input-format= --raw-output -I= --prettyPrint -i!writes_workspace --inplace!writes_workspace --ungron --stream -f= -m=",
    takes: "text read...",
  },
  mlr: { flags: "-I!writes_workspace -s=read *", read: readTable },
  "xsv qsv": { flags: "-o=write --output=write *", read: readTable },
  "csvlook csvcut csvgrep csvstat csvsort csvjson in2csv csvjoin csvstack csvformat csvclean": {
    flags: "-f=read --file=read *",
    takes: "text...",
  },
  "xmllint xidel htmlq pup tidy": {
    flags:
      "-o=write --output=write --noout --format --xpath=data -c= -m= -r= --icsv --ojson --opprint --json --csv -n --html -q -s= --schema=read --valid -d= --headers",
    takes: "read...",
  },
  date: {
    flags:
      "-s=!changes_system --set=!changes_system -d= --date= -r=list --reference=list -f=read --file=read -u -R -I? --iso-8601? --utc --rfc-3339= --rfc-email -Is -Iseconds -j -v=",
    does: "harmless",
  },
  "cal ncal uptime uname whoami id groups users tty arch nproc hostid logname sleep seq factor expr units getconf locale lscpu lsblk lspci lsusb lsmod lsns lsmem lsipc free vmstat iostat mpstat sar w who last lastlog pinky localectl timedatectl-status tzselect nstat hwinfo sensors acpi upower inxi lshw cpuid cpufreq-info pmap slabtop tload":
    { flags: "-f= -s= -d= *", does: "harmless" },
  getent: {
    flags: "-s= -i",
    read: ({ reader, text, words }) =>
      reader.findings.note(words.some((word) => /shadow/.test(word.text ?? "shadow")) ? "reads_secret" : "harmless", text),
  },
  "neofetch fastfetch": {
    flags: "--off --stdout -l= --logo= -s= --structure= --color= --list-modules --list-logos --logo-type= --format= --print-logos",
    does: "harmless",
  },
  pv: {
    flags: "-p -t -e -r -b -a -n -q -s= -L= -l -i= -w= -N= --size= --rate-limit= --progress --timer --eta --bytes --name=",
    takes: "read...",
  },
  yes: { flags: "*", does: "harmless" },
  bc: { flags: "-l -q -s -w --mathlib --quiet", takes: "read..." },
  ps: {
    // `ps e` shows every process's environment.
    read: ({ reader, text, words }) =>
      reader.findings.note(
        words.some((word) => /^[a-df-z]*e[a-z]*$/.test(word.text ?? "e")) && /^[a-z]*$/.test(words[0]?.text ?? "")
          ? "reads_secret"
          : "harmless",
        text,
      ),
  },
  "pgrep pidof pstree ifstat": { flags: "-u= -f -p= -o= -C= -t= *", does: "harmless" },
  "top htop btop atop": {
    flags: "-b -n= -d= -p= -u= -o= -s= -H -c -i -t -1 -C --readonly --tree --no-color --sort-key= --delay= --user= --pid=",
    does: "harmless",
  },
  glances: { flags: "-t= -1 -2 -3 -4 -f= -w!opens_port -s!opens_port -c=host --stdout= --stdout-json= --stdout-csv= -q", does: "harmless" },
  lsof: { flags: "-i? -i= -p= -u= -c= -d= -t -n -P -a -l -s? -F? -U -L +D= +d= -r= -R -w -b", does: "harmless" },
  ss: { flags: "-K!stops_process --kill!stops_process -F=read *", does: "harmless" },
  netstat: { flags: "*", does: "harmless" },
  ip: {
    flags: "-4 -6 -s -d -o -br -brief -c -color -j -json -p -family= -details -stats -n= -b=!runs_unknown -batch=!runs_unknown",
    verbs: {
      "addr address a link l route r ro neigh neighbor n rule ru maddress maddr mroute netns tunnel tuntap xfrm vrf nexthop token": {
        flags: "*",
        stopsEarly: true,
        verbs: { "show list ls l get g dev lst sh s": { flags: "*", does: "harmless" } },
        otherVerbs: { flags: "*", does: "changes_system" },
      },
      "monitor mo m": { flags: "*", takes: "text..." },
      help: { flags: "*" },
    },
  },
  "ifconfig iwconfig": { flags: "-a -s -v -L -m", takes: "text unknown..." },
  "route arp hostname domainname dnsdomainname": { flags: "-a -n -s -v -e -f -i -I -d -A", bare: "harmless", takes: "unknown..." },
  hostnamectl: {
    flags: "--no-pager -a --all -p= --value",
    bare: "harmless",
    verbs: {
      "status show": { flags: "*", does: "harmless" },
    },
    otherVerbs: { flags: "*", does: "changes_system" },
  },
  journalctl: {
    flags:
      "--rotate!tampers_audit --vacuum-size=!tampers_audit --vacuum-time=!tampers_audit --vacuum-files=!tampers_audit --flush!changes_system -u= --unit= -n= --lines= -p= --priority= -S= -U= --since= --until= -o= --output= -b? -t= -g= --grep= --user-unit= -k -f -e -x -r -a -q --no-pager --user --system --disk-usage --list-boots --follow --reverse --boot? -xe -fu= -D=read --file=read --no-tail --no-hostname --utc",
    does: "harmless",
  },
  dmesg: {
    flags:
      "-C!tampers_audit -c!tampers_audit --clear!tampers_audit --read-clear!tampers_audit -T -w -l= -f= -k -x -L --level= --follow --ctime --color?",
    does: "harmless",
  },
  "tput clear reset stty tabs setterm figlet toilet fortune sl cmatrix screenfetch numfmt": {
    flags: "*",
    does: "harmless",
  },
  "tldr man info help apropos whatis cheat": {
    flags: "-k -f -a -w --where -u --update --list -l -p= -L= -s= -M= -K --apropos --whatis --all --path -h",
    takes: "text...",
  },
};

/** Table tools with a language of their own, which may run programs and write files. */
function readTable(call: Call, { read: _own, ...table }: Usage): void {
  const acts = /\b(?:system|exec|tee|emit\w*|dump|split|luau|py|fetch\w*|foreach|edit)\b|[|>]/;
  if (call.words.some((word) => acts.test(word.text ?? "|")))
    call.reader.findings.confused("What its own language does is not read.", call.text, "runs_code");
  readByTable(call, { ...table, takes: "text..." });
  noteSecretFiles(call);
}

/** `less +!command`: what stands behind a plus is typed as keys; a line or a search is no more than that. */
function readPager(call: Call, { read: _own, ...table }: Usage): void {
  const keys = call.words.find((word) => /^\+(?!\d*$|[GFg]$|\/|\d+p?$)/.test(word.text ?? ""));
  if (keys) {
    noteForbiddenText(call, keys.text?.slice(1));
    call.reader.findings.note("runs_hidden", call.text);
  }
  readByTable({ ...call, words: call.words.filter((word) => !(word.text ?? "").startsWith("+")) }, { ...table, takes: "read..." });
}
