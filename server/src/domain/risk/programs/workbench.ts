import type { Call } from "../shell/call.js";
import { readByTable } from "./read-call.js";
import { builds, converts, keyed, looking, reads, shows } from "./shapes.js";
import type { Programs, Usage } from "./usage.js";

const publishes: Usage = { flags: "*", does: "publishes" };
const remote: Usage = { flags: "*", does: "changes_remote" };

/** Compilers, generators, formatters, checks and measurements, which stay in the project. */
const building = [
  "2to3 aclocal autoheader autoconf autoreconf autoupdate automake libtoolize autopoint gettextize intltoolize c99 c89 c2rust scan-view iwyu_tool fix_include clang-apply-replacements cmakelint run-clang-tidy",
  "golines gofumpt gci revive gotests gomodifytags impl wire templ go-junit-report gotestfmt benchstat gocov gocover-cobertura gocritic gosimple unparam deadcode go-mod-outdated go-licenses enumer ffjson msgp sqlboiler genqlient moq counterfeiter",
  "cargo-audit cargo-deny cargo-expand cargo-tarpaulin cargo-llvm-cov cargo-machete cargo-udeps cargo-outdated bacon cargo-geiger cargo-modules cargo-semver-checks cargo-msrv cargo-fuzz cargo-mutants cargo-sort mdbook-linkcheck",
  "lage eslint_d prettierd arethetypeswrong openapi-typescript conventional-changelog auto-changelog documentation pa11y-ci dts-bundle-generator rollup-plugin-visualizer html-validate sort-package-json tsc-alias ttsc swagger2openapi json2ts json-schema-to-typescript zod-to-ts i18next i18next-parser formatjs lingui",
  "pip-compile safety bump2version bumpversion bump-my-version towncrier scriv versioneer griffe pydeps pyre-check creosote ruff-lsp pip-extra-reqs",
  "clj-kondo cljfmt bundle-audit steep rubycritic flog flay erb-format rufo rbs-inline yardoc sdoc",
  "inframap terraform-config-inspect hclq chart-doc-gen",
  "debchange dch gendesk makeself tldr-lint gyb",
];
/** Catalogues, sources, logs, definitions: read and printed. */
const reading = ["rbs recfix ptargrep go-size-analyzer gsa goweight", "rga ripgrep-all"];
/** From one form to another. */
const converting = [
  "apkleaks jadx aapt dex2jar baksmali smali d8 assimp imgp sam2p ufraw-batch stl2gts pstoedit diff-pdf highlight mat2 kompose autopano dhall-to-json dhall-to-yaml json-to-dhall yaml-to-dhall cue-import tftopl pltotf vptovf vpltotf",
  "msgcat msginit msguniq msgen msgconv msgattrib msgcomm msgcmp msggrep msgunfmt po4a po4a-gettextize po4a-translate po4a-updatepo po4a-normalize poconv xliff2po po2xliff",
];

/** What people and agents develop with, beside the great builders. */
export const workbench: Programs = {
  ...keyed(building, {
    ...builds,
    flags: `-o=write --output=write --out=write --require=!runs_hidden -r= --config-file=read --fix --publish!publishes --push!publishes --base-formatter=!runs_hidden --cmd=!runs_hidden --handlebars-setup=!runs_hidden --index-url=!installs_new --extra-index-url=!installs_new --find-links=!installs_new *`,
  }),
  ...keyed(reading, { ...reads, flags: "--pre=!runs_hidden --hostname-bin=!runs_hidden *" }),
  ...keyed(converting, { ...converts, flags: `-d=write --output-dir=write ${converts.flags ?? ""}` }),
  patchelf: {
    flags: "--print-interpreter:shows --print-rpath:shows --print-needed:shows --print-soname:shows --shrink-rpath --output=write",
    takes: "write...",
  },
  "lint-staged plop hygen": {
    flags:
      "-c=script --config=script --plopfile=script -f!writes_irreplaceable --force!writes_irreplaceable --no-stash!git_discards --cwd=!runs_hidden --preload=!runs_hidden *",
    takes: "text...",
    does: "runs_task",
  },
  gotestsum: {
    flags: "--junitfile=write --jsonfile=write --post-run-command=!runs_hidden --raw-command!runs_hidden *",
    takes: "text...",
    does: "runs_task",
  },
  ghc: {
    flags:
      "-e=!runs_code -F!runs_hidden -pgmF=!runs_hidden -pgml=!runs_hidden -pgmc=!runs_hidden -pgmP=!runs_hidden -fplugin=!runs_hidden -o=write -outputdir=write -odir=write -hidir=write -package= -main-is= --make -c -O -O0 -O1 -O2 -Wall -Werror -threaded -i -v -fno-code -ddump-simpl -prof -dynamic -static -XOverloadedStrings -j",
    words: true,
    takes: "read...",
    does: "runs_task",
  },
  gs: { flags: "-sOutputFile=write -o=write *", words: true, takes: "read...", read: readPages },
  "npm-check-updates ncu taze": {
    flags:
      "-u!writes_workspace --upgrade!writes_workspace -w!writes_workspace --write!writes_workspace --doctor!installs_new -d!installs_new --doctorInstall=!runs_hidden --doctorTest=!runs_hidden --install=!installs_new -i!installs_new --interactive!installs_new -g!changes_system --global!changes_system *",
    takes: "text...",
    does: "reads_network",
  },
  "degit tiged": {
    flags: "-f!writes_irreplaceable --force!writes_irreplaceable -v --verbose -c --cache",
    takes: "text write",
    does: "reads_network",
  },
  changeset: {
    verbs: { "status version add init pre": { flags: "*", does: "writes_workspace" }, tag: { flags: "*", does: "git_reversible" } },
    otherVerbs: publishes,
  },
  flit: { verbs: { "build init info": builds }, otherVerbs: publishes },
  maturin: { verbs: { "build develop dev sdist list-python new init generate-ci": builds }, otherVerbs: publishes },
  celery: {
    flags: "-A= --app= -b= --broker= --workdir=folder",
    verbs: {
      "worker beat inspect status report events list graph": {
        flags: "--detach!later -D!later -l= -c= -Q= -P= -n= -B -E *",
        does: "runs_project",
      },
    },
  },
  "dramatiq huey_consumer huey_consumer.py arq": {
    flags: "--pid-file=write --watch= -p= -t= --processes= --threads= -w= -k= --burst",
    takes: "text...",
    does: "runs_project",
  },
  fastapi: { verbs: { dev: { flags: "--port= --reload --no-reload --app=", takes: "script...", does: "runs_project" } } },
  marimo: {
    verbs: {
      "check export convert tutorial new": builds,
      "edit run": { flags: "--host=!opens_port --port= -p= --headless --no-token --watch", takes: "script...", does: "runs_project" },
    },
  },
  papermill: { flags: "-p= -r= -f=read -k= --log-output --no-progress-bar --prepare-only --cwd=folder", takes: "script write text..." },
  dbt: {
    flags: "--profiles-dir=read --project-dir=folder --no-use-colors --quiet -q",
    verbs: { "compile parse ls list docs debug test show": { flags: "*", does: "database_reads" } },
  },
  pygmentize: {
    flags: "-x!runs_hidden -l= -f= -o=write -O= -P= -S= -L:shows -N= -g -s -C -F= -a= -H=:shows -V:shows -v",
    takes: "read...",
  },
  "py-spy rbspy": {
    verbs: {
      "top dump record": {
        flags:
          "-p= --pid= -o=write --output=write -f= --format= -r= --rate= -d= --duration= --native -s --subprocesses -i -g --gil -t -l -n",
        does: "runs_task",
        takes: "command",
      },
    },
  },
  virtualenv: {
    flags:
      "-p= --python= --system-site-packages --no-pip --no-setuptools --no-wheel --prompt= -q -v --copies --always-copy --download --seeder= --pip=",
    takes: "write",
    does: "writes_workspace",
  },
  "ansible-galaxy": looking("role-not init", { flags: "*", does: "installs_new" }),
  molecule: {
    flags: "--debug",
    verbs: {
      "list lint syntax matrix drivers": shows,
      "test converge create destroy verify idempotence prepare cleanup check": { flags: "*", does: "local_containers" },
    },
  },
  jcmd: { flags: "-l:shows -h:shows", bare: "harmless", takes: "unknown..." },
  bloop: looking("compile test projects about run clean", builds),
  srb: { verbs: { "tc typecheck": { flags: "-e=!runs_code *", does: "runs_task" } } },
  tapioca: looking("gem gems dsl annotations check-shims todo"),
  "erb slimrb haml": { flags: "-T= -x -n -v -P -c -p", takes: "script..." },
  nuxi: {
    verbs: {
      "build build-module dev typecheck preview analyze generate info prepare test devtools": builds,
      cleanup: { flags: "*", does: "deletes_recreatable" },
    },
  },
  vue: { verbs: { "build serve lint inspect info outdated": builds } },
  quarto: { verbs: { "render preview check convert list tools inspect": builds }, otherVerbs: publishes },
  meteor: { verbs: { "run test lint list build show test-packages": builds } },
  "tree-sitter": { verbs: { "generate parse test highlight query tags build dump-languages": builds } },
  "idf.py": {
    verbs: { "build menuconfig size size-components reconfigure docs set-target clean create-project": builds },
    otherVerbs: { flags: "*", does: "other_machine" },
  },
  ampy: { flags: "-p= --port= -b= --baud= -d=", verbs: { "ls get": shows }, otherVerbs: { flags: "*", does: "other_machine" } },
  apktool: {
    flags: "-o=write -f!deletes_many --force!deletes_many -r -s -p=read",
    verbs: {
      "d decode b build": {
        flags: "-o=write --output=write -f!deletes_many --force!deletes_many -r -s -p=read --no-res --no-src",
        takes: "read...",
        does: "writes_workspace",
      },
    },
  },
  "sdkmanager avdmanager": {
    flags: "--list:shows --list_installed:shows --version:shows *",
    verbs: { list: shows },
    otherVerbs: { flags: "*", does: "installs_new" },
    bare: "installs_new",
  },
  helmfile: {
    flags: "-e= --environment= -f=read --file=read -l= --selector= -n= --kube-context=text",
    verbs: { "list lint template diff build status fetch": { flags: "*", does: "reads_remote" } },
    otherVerbs: remote,
  },
  argo: looking("lint template", remote),
  "kn calicoctl hubble": looking("observe", remote),
  cue: { verbs: { "eval vet export fmt def trim version": { flags: "-o=write --out= --outfile=write *", takes: "text..." } } },
  "tk tanka": { verbs: { "show diff eval fmt lint status": { flags: "*", does: "reads_remote" } }, otherVerbs: remote },
  kubescape: looking("scan", remote),
  awslogs: { verbs: { "get groups streams": { flags: "*", does: "reads_remote" } } },
  driftctl: { verbs: { "scan completion version": { flags: "*", does: "reads_remote" } } },
  bicep: { verbs: { "build lint format decompile generate-params build-params": builds }, otherVerbs: publishes },
  infracost: { verbs: { "breakdown diff output": { flags: "--out-file=write *", does: "reads_network" } } },
  "gitlab-runner": { verbs: { "list status verify --version": shows }, otherVerbs: { flags: "*", does: "changes_system" } },
  circleci: { verbs: { config: { verbs: { "validate process pack": builds } }, "diagnostic version": shows }, otherVerbs: remote },
  skopeo: {
    flags: "--debug",
    verbs: { "inspect list-tags manifest-digest": { flags: "--creds=!sends_credential *", does: "reads_network" } },
    otherVerbs: publishes,
  },
  "kafka-topics kafka-topics.sh kafka-consumer-groups kafka-consumer-groups.sh": {
    flags:
      "--bootstrap-server= --zookeeper= --list:shows --describe:shows --topic= --group= --all-groups --members --state --command-config=read",
    does: "changes_remote",
  },
  "mongostat mongotop mysqlshow": {
    flags: "-u= -h= --host= --port= -P= --uri=!sends_credential -p!sends_credential *",
    does: "database_reads",
  },
  mysqlcheck: {
    flags: "-c --check -A --all-databases -u= -h= --databases -B -e --extended -m -q -v -g",
    takes: "text...",
    does: "database_reads",
  },
  "git-cliff": {
    flags:
      "-o=write --output=write -p=write --prepend=write -c=read --config=read --exec=!runs_hidden -u -l --unreleased --latest --tag= --bump --bumped-version -w=folder -r=folder *",
    does: "runs_task",
  },
  gita: { verbs: { "ls ll info context": shows } },
  gitmoji: { flags: "-l:shows --list:shows -s:shows --search:shows -v:shows" },
  gibo: { verbs: { "dump list search root version": { flags: "*", does: "harmless" }, update: { flags: "*", does: "reads_network" } } },
  p4: looking("opened files client filelog annotate where have changes fstat print"),
  lnav: { flags: "-n -q -r -t -R -N -H -W -S= -u -c=!runs_code -f=!runs_hidden -e=shell -V:shows", takes: "read..." },
  multitail: { flags: "-l=shell -L=!runs_hidden -i=read -s= -M= -cS= -f -Q= -n= -e= -ev= -C -c -N=", takes: "read..." },
  "visidata vd": { flags: "-f= -b -o=write --batch --output=write -d= --delimiter= --skip= -n --nothing --null-value=", takes: "read..." },
  perldoc: { flags: "-f= -v= -q= -a= -m= -l -T -t -u -o= -w= -i -r", takes: "text..." },
  watchexec: {
    flags:
      "-e= --exts= -w=list --watch=list -r --restart -c --clear? -i= --ignore= -f= --filter= -s= --signal= -d= --debounce= -n -N -p --postpone -v --no-vcs-ignore -q --quiet --project-origin=list --on-busy-update= -o= --stop-signal= --no-meta",
    takes: "command",
  },
  watchman: {
    verbs: { "version watch watch-project watch-list find since query clock get-config get-sockname log-level list-capabilities": shows },
  },
  asciinema: {
    verbs: {
      "play cat convert": { flags: "-s= -i= -l -p *", takes: "write..." },
      rec: {
        flags: "-c=shell --command=shell --append --stdin -t= --title= -i= --idle-time-limit= -y -q --overwrite!writes_irreplaceable",
        takes: "write",
        bare: "sends_data",
      },
    },
    otherVerbs: { flags: "*", does: "sends_data" },
  },
  unsquashfs: {
    bare: "not_understood",
    flags: "-l:shows -ll:shows -lls:shows -s:shows -d=write -dest=write -f!writes_irreplaceable -no-xattrs -q -n -i -li",
    words: true,
    takes: "read text...",
    does: "writes_workspace",
  },
  localstack: { verbs: { "status logs wait start stop restart": { flags: "*", does: "local_containers" } } },
  travis: looking("lint open whatsup branches accounts", remote),
};

/** Ghostscript: a file name may be a pipe, and pages may be told to leave the safe mode. */
function readPages(call: Call, { read: _own, ...table }: Usage): void {
  if (call.words.some((word) => /%(?:pipe|handle)%|^-c$|NOSAFER|DELAYSAFER|^--permit|OutputFile=\s*\|/.test(word.text ?? "-c")))
    call.reader.findings.note("runs_hidden", call.text);
  readByTable(call, { ...table, does: "runs_task" });
}
