import { copyRemote, lookUp, readNetcat, sendMail, transferFiles, tryMail } from "./outgoing.js";
import type { Call } from "../shell/call.js";
import { sortWords } from "./flags.js";
import { readByTable } from "./read-call.js";
import type { Programs, Usage } from "./usage.js";
import { isHere, readCurl, readHttpie, readWget } from "./web-clients.js";

/** Programs that talk to other hosts. */
export const networkTools: Programs = {
  curl: {
    flags:
      "-s -S -f -L -i -I -v -k -g -G -N -# -4 -6 -0 -2 -j -n -q -a -R -l -p -B -Z -O -J -e= -X= -d= -F= -T= -H= -b= -c=write -o=write -A= -u= -x= -w= -m= -y= -Y= -z= -r= -C= -D=write -E= -K=read -Q=!sends_data -t= -U= -P= --request= --data= --data-raw= --data-binary= --data-urlencode= --data-ascii= --json= --form= --form-string= --upload-file= --header= --cookie= --cookie-jar=write --output=write --output-dir=write --user-agent= --user= --proxy= --write-out= --max-time= --connect-timeout= --retry= --retry-delay= --retry-max-time= --retry-connrefused --retry-all-errors --url= --referer= --range= --continue-at= --dump-header=write --cert= --key= --cacert=read --config=read --resolve= --connect-to= --abstract-unix-socket= --interface= --limit-rate= --max-redirs= --silent --show-error --fail --fail-with-body --location --location-trusted --include --head --verbose --insecure --globoff --get --no-buffer --progress-bar --ipv4 --ipv6 --http1.1 --http2 --http3 --compressed --remote-name --remote-name-all --remote-header-name --create-dirs --netrc --basic --digest --ntlm --anyauth --oauth2-bearer= --tlsv1.2 --tlsv1.3 --unix-socket= --no-progress-meter --parallel --trace=write --trace-ascii=write --stderr=write --path-as-is --proto= --raw --keepalive-time= --no-keepalive --tcp-nodelay --ciphers= --engine=!runs_hidden --libcurl=write --url-query= --aws-sigv4= --next -sS -fsSL --mail-from= --mail-rcpt= --max-filesize= --happy-eyeballs-timeout-ms= --doh-url= --dns-servers= --hsts=write --etag-save=write --etag-compare=read --no-location --rate=",
    read: readCurl,
  },
  "wget wget2": {
    flags:
      "-q -c -N -r -l= -p -k -np -nc -nd -nH -nv -v -S -b!later -i=read -O=write -o=write -a=write -P=write -T= -t= -U= -e=!runs_hidden -w= -Q= -A= -R= -D= -I= -X= -m -x -E -H -L -4 -6 -B= -d --quiet --continue --timestamping --recursive --level= --page-requisites --convert-links --no-parent --no-clobber --no-verbose --server-response --background!later --input-file=read --output-document=write --output-file=write --directory-prefix=write --timeout= --tries= --user-agent= --wait= --limit-rate= --accept= --reject= --mirror --header= --method= --post-data= --post-file= --body-data= --body-file= --user= --password= --no-check-certificate --spider --show-progress --progress= --content-disposition --adjust-extension --span-hosts --domains= --retry-connrefused --waitretry= --random-wait --no-host-directories --cut-dirs= --save-cookies=write --load-cookies=read --max-redirect= --https-only --secure-protocol= --referer= --use-askpass=!runs_hidden --execute=!runs_hidden --config=!runs_hidden --no-cache --ca-certificate=read --inet4-only --compression= --no-proxy --no-directories --reject-regex= --accept-regex= -nv",
    words: false,
    read: readWget,
  },
  "http https xh xhs httpie": {
    flags:
      "-v -h -b -p= -o=write -d -j -f -a= -A= -s= --verbose --headers --body --print= --output=write --download --json --form --auth= --follow --timeout= --check-status --ignore-stdin --verify= --pretty= --session= --offline:shows -F -I --stream --style=",
    read: readHttpie,
  },
  "nc ncat netcat nc.traditional nc.openbsd cryptcat sbd dbd socat": { read: readNetcat },
  "ttyd gotty shellinaboxd wetty webtty tty-share teleconsole tmate upterm rlogind telnetd in.telnetd dropbear sshd pwncat pwncat-cs": {
    flags: "-t:shows -T:shows -V:shows --version:shows --help:shows *",
    does: "remote_shell",
  },
  "xterm xeyes rxvt urxvt xclock": {
    flags: "*",
    does: "runs_outside",
    read: ({ reader, text }) =>
      reader.findings.note(/\s-d(?:isplay)?\s+(?!localhost|127\.|:)[\w.-]+:\d/.test(text) ? "remote_shell" : "runs_outside", text),
  },
  telnet: { flags: "*", does: "sends_data" },
  "ftp tftp lftp ncftp ncftpput": { flags: "-e= -c= -f=read -u= -p= -n -i -v -d *", read: transferFiles },
  sftp: {
    flags: "-r -p -q -C -v -4 -6 -P= -i=text -F=read -l= -o= -J= -S=!runs_hidden -D=!runs_hidden -b=read -a -f",
    read: transferFiles,
  },
  "croc wormhole wormhole-william ffsend transfer.sh onionshare onionshare-cli pastebinit pbin gist haste termbin bashupload woof": {
    flags: "*",
    does: "sends_data",
    takes: "text upload...",
  },
  scp: {
    flags: "-r -p -q -C -v -3 -4 -6 -B -P= -i=text -F=read -c= -l= -o= -J= -S=!runs_hidden -D=!runs_hidden -O -T -A -b=read",
    read: copyRemote,
  },
  "ping ping6 arping fping gping": {
    flags: "-c= -i= -W= -w= -s= -t= -I= -n -q -4 -6 -O -D -a -v -A -R -f!bomb -g -p= -M=",
    read: askHost,
  },
  "dig nslookup host whois drill kdig delv resolvectl dog doggo q": { flags: "-f=read -p= -t= -x= -q= -b= -y= -k=read *", read: lookUp },
  "traceroute traceroute6 tracepath mtr": {
    flags: "-n -m= -q= -w= -4 -6 -I -T -U -p= -i= -r -c= -b -z -t -g= -f= --report --report-cycles= --tcp --udp --no-dns",
    does: "reads_network",
  },
  "nmap masscan zmap rustscan": { flags: "*", does: "sends_data" },
  "ssh-keygen": {
    flags: "-l:shows -B:shows -t= -b= -C= -f=write -N= -q -y!reads_secret -p -R=text -F=text -e -i -m= -E= -v -a= -D=!runs_hidden",
    does: "writes_outside",
  },
  "ssh-keyscan": { flags: "-t= -H -p= -T= -4 -6 -f=read", does: "reads_network" },
  "ssh-add": { flags: "-l:shows -L:shows *", does: "sends_credential" },
  "ssh-copy-id": { flags: "*", does: "grants_access" },
  "ngrok cloudflared localtunnel lt bore frpc zrok autossh sshuttle chisel": { flags: "*", does: "opens_port" },
  "mail mailx mutt sendmail msmtp s-nail neomutt": { read: sendMail },
  swaks: { read: tryMail },
  "ab wrk hey siege vegeta bombardier oha autocannon": {
    flags: "-n= -c= -t= -d= -q= -z= -m= -k -r -l -s=script -H= -T= -p=upload",
    takes: "url...",
    read: loadHost,
  },
  // The script is the project's own; where it sends its load stands in there.
  k6: {
    flags: "-q --quiet --no-color",
    verbs: {
      run: {
        flags:
          "-u= --vus= -d= --duration= -i= --iterations= -s= --stage= -e= --env= --summary-export=write -o=text --out=text -q --quiet --no-color --http-debug? --tag= --no-summary --paused -v",
        takes: "script",
      },
      "inspect version stats help": { takes: "read", does: "harmless" },
      new: { takes: "write" },
    },
  },
  "yt-dlp youtube-dl": {
    flags:
      "-f= -o=write -x --audio-format= --audio-quality= -F -i --list-formats --write-sub --sub-lang= --write-thumbnail --yes-playlist --no-playlist --playlist-items= --format= --output=write --extract-audio -s --simulate --skip-download",
    takes: "url...",
  },
  "aria2c axel": {
    flags: "-d=write -o=write -x= -s= -j= -i=read -c -n= -a --max-connection-per-server= --split= -q -v --seed-time= --max-download-limit=",
    takes: "url...",
  },
  "grpcurl grpc_cli": {
    flags:
      "-plaintext -insecure -v -vv -d= -H= -rpc-header= -reflect-header= -proto=read -protoset=read -import-path=list -cacert=read -cert=read -key=read -authority= -max-time= -connect-timeout= -format= -format-error -emit-defaults -use-reflection -allow-unknown-fields -msg-template -servername=",
    words: true,
    takes: "host text...",
  },
  "lynx w3m links elinks": {
    flags:
      "-dump -dump_html -dump_source -source -listonly -nolist -nonumbers -head -color -width= -cols= -T= -useragent= -accept_all_cookies -stdin -dump-width= -no-references -no-numbering",
    words: true,
    takes: "url...",
  },
  "gallery-dl you-get lux streamlink spotdl get_iplayer instaloader bdfr ytfzf youtube-viewer ani-cli subliminal": {
    flags:
      "-o=write --output=write -d=write -D=write --directory=write --destination=write -P=write -u=!sends_credential --username=!sends_credential -p=!sends_credential --password=!sends_credential --login!sends_credential --cookies-from-browser=!reads_secret --cookies=read *",
    takes: "text...",
    does: "reads_network",
  },
  "mosquitto_pub mosquitto_sub mosquitto_rr kcat kafkacat": {
    flags:
      "-h=host --host=host -b=host -t= -m= -p= -q= -i= -r -v -d -C -L -Q -G= -o= -c= -e -K= -u=!sends_credential -P=!sends_credential -f=upload --topic= --message=",
    takes: "upload...",
    does: "local_request",
  },
  zsync: { flags: "-i=read -o=write -k=write -q -s -u= -A=!sends_credential", takes: "url" },
  "speedtest speedtest-cli fast": { flags: "*", does: "reads_network" },
  "gpg gpg2": {
    flags:
      "--list-keys:shows --list-secret-keys:shows -k:shows -K:shows --fingerprint:shows --verify --version:shows --armor -a -o=write --output=write -d -e -s -b -c -r= --decrypt!reads_secret --encrypt --sign --clearsign --detach-sign --symmetric --recipient= -u= --local-user= --batch --yes --no-tty --dearmor --enarmor --print-md=:shows --export --export-secret-keys!reads_secret --import=read!changes_system --recv-keys=!changes_system --keyserver=",
    takes: "read...",
  },
};

/** Load on another machine is more than reading it; a file that goes along is sent. */
function loadHost(call: Call, usage: Usage): void {
  const { read: _own, ...table } = usage;
  readByTable(call, table);
  const { flags, others } = sortWords(call.words, table);
  if (others.every((word) => word.text !== null && isHere(word.text))) return;
  if (flags.some(({ flag }) => flag.role === "upload")) call.reader.findings.note("sends_data", call.text);
}

/** `ping`: what stands in the packet goes along, too. */
function askHost(call: Call, usage: Usage): void {
  const { read: _own, ...table } = usage;
  readByTable(call, { ...table, does: "reads_network" });
  const { findings } = call.reader;
  if (call.words.some((word) => word.text === null && !word.outside)) findings.asksComputed = true;
}
