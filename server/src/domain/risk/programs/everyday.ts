import { asks, builds, keyed, looking, reads, shows } from "./shapes.js";
import type { Programs } from "./usage.js";

/** The user's own screen, sound and windows: nothing is lost, and everybody sees it at once. */
const desktop = [
  "playerctl pactl pamixer wpctl amixer alsamixer mpc cmus-remote audtool ncmpcpp moc mocp pulsemixer pavucontrol pulseaudio-ctl audacious qmmp deadbeef",
  "brightnessctl xbacklight ybacklight light gammastep redshift gummy kscreen-doctor wlr-randr ddcutil autorandr arandr xcalib xgamma hyprctl swaymsg i3-msg bspc herbstclient awesome-client qtile",
  "dunstctl makoctl swaync-client notify-osd polybar-msg waybar polybar picom picom-trans wmname slop slurp hyprpicker grabc xcolor gpick screenkey unclutter xbanish",
  "xteddy xcalc xlogo xbiff xmag openttd luanti nethack bastet nsnake ninvaders moon-buggy cacafire cacademo beep vitetris greed",
];
/** Viewers of files. */
const viewing = [
  "evince okular mupdf zathura xpdf qpdfview atril viewnior feh eog imv qiv gwenview gpicview ristretto geeqie gthumb display nomacs gitk gource",
  "shasum sha512 sha1 md5 xzdiff xzcmp xzless xzmore bzdiff bzcmp bzless bzmore zless zmore lzdiff lzmore zstdless ptx mmdblookup olevba oleid exif exifprobe pdfsig pdftocgen ul filefrag xmldiff",
  "tre dfc di duc erdtree lstr lsix as-tree dirstat diskus dirdiff",
  "flow-typed phan phpdox psalm-plugin rubocop brakeman fasterer haml_lint erblint ast-grep semgrep-core lizard scancode trivy clamscan yara yarac zizmor spectral redocly vacuum",
  "goaccess angle-grinder agrind humanlog ccze wn wordnet dict semver semver-tool vercmp dpkg-vercmp sort-versions",
  "fdupes jdupes fslint dupeguru pprof gprof gcov lcov genhtml llvm-cov llvm-profdata llvm-dwarfdump monodis ildasm ilspycmd",
];
/** Facts of the machine and its network. */
const facts = [
  "mytop innotop pg_top pg_activity pidstat sadf cifsiostat nfsiostat nfsstat tapestat smem smemstat hddtemp lspcmcia lsgpio amdgpu_top nvitop gpustat rocm-info systemd-ac-power ausyscall cloud-id xkbcli fgconsole consoles biosdecode vpddecode",
  "ioping mbw pveperf iperf iperf3 nuttcp",
  "ifdata getopt getsubids waitpid chronyc ntpq acpi_listen cbatticon",
];
/** Builds, checks and local previews by other tools. */
const building = [
  "verilator iverilog yosys nvc nextpnr-ice40 icepack gdc dmd fpc valac swig ragel re2go bindgen cbindgen cxxbridge wasm-pack trunk wasm-bindgen asc solc solcjs vyper kotlinc-js mcs csc fsharpc glib-compile-resources glib-compile-schemas rst2man mdbook zola pelican lektor antora vuepress slidev marp reveal-md tectonic texcount chktex lacheck latexdiff latex2html manim osage patchwork twopi pikchr svgbob_cli mscgen blockdiag seqdiag actdiag nwdiag wavedrom-cli graph-easy structurizr terraform-docs helm-docs swag esdoc yard rdoc ri godoc gomarkdoc pdoc pydoc pydoc3 phpdoc phpDocumentor doxygen naturaldocs",
  "setuptools-scm nbstripout nbdime jupytext bookdown pytest-watch ptw green nosetests hypothesis stestr behave robot lettuce phpbench codecept atoum kahlan infection gauge bats shellspec roundup cram lit FileCheck gtest-parallel tup redo gn cmake-lint cmake-format ghcid hlint stylish-haskell ormolu fourmolu brittany hindent ocamlformat dune elm-test elm-format purs spago psc-package coqc mdformat remark cargo-nextest cargo-clippy cargo-fmt",
];
/** Asks public services. */
const asking = "ippfind spfquery dnswalk exch rates cointop tuxi wikit wiki-tui stackexchange hn rsstail wait4x wait-for";

/** Everyday programs that only show, view or build. */
export const everyday: Programs = {
  ...keyed([...desktop, ...facts], shows),
  ...keyed(viewing, reads),
  ...keyed(building, builds),
  ...keyed([asking], asks),
  "tlmgr kaggle nmcli zfs borg restic duplicacy kopia bup duplicity tarsnap crane gcrane oras regctl etcdctl rabbitmqctl rabbitmq-diagnostics rpk kafkactl koji openstack nova salt-key chezmoi yadm timew watson taskwarrior task todo.sh dnote nb jrnl buku shiori papis khal vdirsyncer transmission-remote qbittorrent-cli aria2p deluge-console snapper timeshift bcachefs lvmconfig dmstats ostree rpm-ostree bootc toolbox distrobox colima limactl lima docker-machine krunvm quickget qm pct pvesm pvesh pveum nix-channel nixos-option home-manager eselect equery ghq zoxide autojump fasd pueue nomad consul boundary flux argocd linkerd istioctl cilium velero kubeseal cmctl kubectl-view kubie k3s kops gnome-extensions sdkman fwupdmgr udevadm ipset wg warp-cli nordvpn protonvpn mullvad piactl expressvpn jira trello linear hf huggingface-cli ollama llm lms modal wandb mlflow pio arduino-cli supabase neonctl turso planetscale pscale convox act drush wp":
    looking(
      "ps dump list-tasks due next today summary effective current images tags digest manifest catalog repos backends devices device inspect snapshots users keys projects active dag metrics plots params introspect generations packages news get-updates get-history get-devices get-releases get-remotes get-topology",
    ),
  "ddev lando docksal kool vessel": looking("", { flags: "*", does: "local_containers" }),
  "xmlstarlet xml": {
    flags: "*",
    verbs: {
      "sel select el elements val validate fo format c14n pyx esc unesc ls": { flags: "*", takes: "text read..." },
      "ed edit tr transform": { flags: "-L!writes_workspace --inplace!writes_workspace *", takes: "text... write" },
    },
  },
  "musl-gcc mpicc mpicxx mpif90 gfortran nvcc hipcc icc icx emcc em++": {
    flags:
      "-o=write -c -E -S -g? -O? -W? -std= -I= -L= -l? -D? -v -shared -fPIC -static -pthread -pipe -M? -f? -m? -x= -U? -isystem= -include=read -MF=write -march= -mtune= -pg -pedantic -ansi -s -w -wrapper=!runs_hidden -B=!runs_hidden -specs=!runs_hidden -fplugin=!runs_hidden -print-file-name= --version:shows -dumpversion:shows -dumpmachine:shows *",
    words: true,
    takes: "read...",
    does: "runs_task",
  },
};
