import { keyed, looking, reads, shows } from "./shapes.js";
import type { Programs } from "./usage.js";

/** Machine code, images of memory and disks, packets, tables of databases: read and printed. */
const binaries = [
  "binwalk blkstat fls fsstat ifind ils img_stat istat jls mmls mmstat sigfind srch_strings hfind mactime evtx_dump capa floss oledump.py rtfobj pdfid.py pdf-parser.py peepdf zsteg ent diec trid magika sigcheck pescan readpe pev peres pesec pehash eu-readelf eu-nm eu-size eu-elfcmp eu-elflint eu-stack eu-addr2line scanelf pspax dumpelf one_gadget ROPgadget apkanalyzer androguard class-dump jtool2 vtool dyldinfo swift-demangle undname serialver jfr",
  "capinfos captype ipsumdump nfdump zeek-cut sc_tracediff sc_analysis_dump bgpdump tcptrace tcpstat",
  "pg_walsummary pg_waldump pg_controldata pg_verifybackup pgbadger mysqlbinlog mysqldumpslow pt-query-digest innochecksum myisam_ftdump aria_read_log redis-check-rdb bsondump sst_dump sqldiff sqlite3_analyzer mdb_stat",
  "jhat bloaty twiggy cargo-bloat puncover",
];
/** Hashes, certificates, signatures, tokens. */
const certificates = [
  "x509lint zlint certlint gpgv gpgsplit pgpdump sqv nth name-that-hash argon2 mkpasswd cracklib-check pwscore zxcvbn md5deep sha1deep sha256deep tigerdeep whirlpooldeep hashrat cfv sfv xxh32sum xxh64sum xxh128sum k12sum slsa-verifier",
];
/** Code, configuration, accessibility, licences: checked by reading. */
const checkers = [
  "drupal-check phpmnd parallel-lint deptrac dephpend churn twigcs twig-lint security-checker local-php-security-checker idnits desktop-file-validate appstreamcli appstream-util xmlcatalog cupstestppd named-checkconf named-checkzone unbound-checkconf nsd-checkconf kzonecheck dnssec-verify",
];
export const inspectors: Programs = {
  ...keyed([...binaries, ...certificates, ...checkers], reads),
  // Programs that serve unless they are told to check their configuration.
  "haproxy varnishd": { flags: "-c:shows -C:shows -f=read -V -q", does: "opens_port" },
  foremost: { flags: "-o=write -i=read -c=read -t= -v -q -a -w -d -T", takes: "read", does: "writes_workspace" },
  certtool: {
    flags:
      "-i --certificate-info --verify --verify-chain --infile=read --load-certificate=read --load-ca-certificate=read --key-info --p7-info --dh-info --crl-info --crq-info",
    does: "harmless",
  },
  "grub-file grub2-file": { flags: "*", takes: "text..." },
  nginx: { flags: "-t:shows -T:shows -v:shows -V:shows -c=read -p=read -q", does: "opens_port" },
  "apachectl apache2ctl httpd": {
    flags: "-t:shows -S:shows -M:shows -v:shows -V:shows -l:shows -D=",
    bare: "opens_port",
    verbs: { "configtest status fullstatus": shows },
    otherVerbs: { flags: "*", does: "changes_system" },
  },
  promtool: { verbs: { "check test debug": reads, query: { flags: "*", takes: "text url text..." } } },
  amtool: looking("check-config alert"),
  cfssl: {
    verbs: { "certinfo version print-defaults": { flags: "-cert=read -csr=read -domain=!reads_network *", words: true, does: "harmless" } },
  },
  step: {
    verbs: { certificate: { verbs: { "inspect verify lint fingerprint": { flags: "*", takes: "text..." } } }, "version help": shows },
  },
  keytool: {
    flags:
      "-list -printcert -printcertreq -printcrl -v -rfc -keystore=read -storetype= -alias= -file=read -jarfile=read -sslserver=!reads_network -storepass= -help:shows",
    words: true,
    does: "harmless",
  },
  jarsigner: { flags: "-verify:shows -certs -verbose -keystore=read -strict", words: true, takes: "write text..." },
  "minisign signify": { flags: "-V -p=read -P= -m=read -x=read -q -Q -o -H", does: "harmless" },
  jwt: { flags: "--secret=!sends_credential -S=!sends_credential *", verbs: { "decode help": shows } },
};
