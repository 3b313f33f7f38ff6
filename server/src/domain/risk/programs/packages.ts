import type { Call } from "../shell/call.js";
import { literal } from "../shell/word.js";
import { readInstall, readNamedScript, readNpmConfig, readNpx, readPipInstall, readScript, readSetField } from "./package-calls.js";
import { noteOptions } from "./flags.js";
import { runInput, runScript } from "./read-call.js";
import { noteScriptName } from "./script-names.js";
import type { Programs, Usage } from "./usage.js";

const shows: Usage = { flags: "*", does: "harmless" };
const steersInstall =
  "--registry=!installs_new --index-url=!installs_new -i=!installs_new --extra-index-url=!installs_new --trusted-host=!installs_new --prefix=!writes_outside -g!installs_new --global!installs_new --location=!installs_new --target=!writes_outside --userconfig=!runs_hidden --script-shell=!runs_hidden --node-options=!runs_hidden --find-links=!installs_new -f=!installs_new";
const npmFlags = `${steersInstall} -w= --workspace= --workspaces --prefix= -C=folder --silent -s --loglevel= --no-audit --no-fund --prefer-offline --offline --ignore-scripts --legacy-peer-deps --omit= --include= --production --only= --no-save --save-exact -E --json --long --depth= --all --verbose --if-present --no-optional --no-progress --cache= --quiet -q --foreground-scripts --audit=`;

const npm: Usage = {
  flags:
    "-s --silent --prefix=folder -w= --workspace= --workspaces -C=folder --loglevel= --offline --json --version:shows -v:shows --filter= -F= -r --recursive --script-shell=!runs_hidden --node-options=!runs_hidden --registry=!installs_new --userconfig=!runs_hidden",
  bare: "harmless",
  verbs: {
    "ci clean-install install-clean icit install-ci-test rebuild rb prune": { flags: npmFlags, does: "installs_locked" },
    "install i add in isntall update up upgrade": {
      flags: `${npmFlags} -D -P -O -S --save-dev --save --save-prod --save-optional --frozen-lockfile --package-lock-only --dry-run:dry --force!installs_new --no-package-lock!installs_new --no-frozen-lockfile!installs_new -d -E --dev --immutable --mode=text --latest!installs_new --immutable-cache --no-lockfile!installs_new --prod --shamefully-hoist --exact --production`,
      read: readInstall,
    },
    "test t tst it install-test": {
      flags: "-w= --workspace= --workspaces --if-present --silent -s *",
      read: readNamedScript,
    },
    "start stop restart": { flags: "-w= --workspace= --workspaces --if-present -s --silent", read: readNamedScript },
    "run run-script rum urn": {
      flags:
        "-w= --workspace= --workspaces --if-present -s --silent --script-shell=!runs_hidden --node-options=!runs_hidden --prefix=folder",
      read: readScript,
      bare: "harmless",
    },
    "exec x dlx create init": {
      flags: "-y --yes --package= -p= -c=shell --call=shell -w= --workspace= -q --no --no-install",
      read: readNpx,
    },
    "view info show v ls list la ll outdated search s docs home repo bugs help fund explain why query root prefix bin ping whoami completion diff doctor licenses config-list":
      { flags: "-g --global --registry=!reads_unknown_host *", does: "reads_network" },
    audit: {
      flags: "--fix!installs_new --json --production --omit= --audit-level= --dry-run:dry --level= --registry=",
      verbs: { fix: { flags: "--force!installs_new --dry-run:dry *", does: "installs_new" }, signatures: shows },
      bare: "harmless",
    },
    version: {
      flags: "--no-git-tag-version --allow-same-version -m= --preid= --json --force --no-commit-hooks!git_guarded -w= --workspaces",
      does: "writes_workspace",
    },
    pack: { flags: "--dry-run:dry --json --pack-destination=write -w= --ignore-scripts", does: "writes_workspace" },
    "uninstall remove rm r un unlink": { flags: `${npmFlags} -D -S --save --save-dev`, does: "writes_workspace" },
    "publish unpublish deprecate dist-tag owner access star token adduser login logout team org hook profile add-user": {
      flags: "--dry-run:dry *",
      does: "publishes",
    },
    "config set get c": { flags: "-g --global -l --long --json *", read: readNpmConfig },
    cache: {
      flags: "*",
      verbs: { "ls verify dir": shows, "clean clear rm": { flags: "*", does: "deletes_recreatable" } },
      otherVerbs: shows,
    },
    "dedupe ddp": { flags: "--dry-run:dry *", does: "installs_new" },
    pkg: {
      verbs: {
        get: shows,
        set: { flags: "--json -w= --workspace=", read: readSetField },
        "delete fix": { flags: "*", does: "writes_guarded" },
      },
    },
    "link ln": { flags: "*", does: "installs_new" },
    npm: { flags: "*", verbs: { "info audit whoami": shows }, otherVerbs: { flags: "*", does: "publishes" } },
    node: { takes: "command" },
    "workspace workspaces": {
      flags: "*",
      read: ({ reader, text, words, ...call }) => readScript({ ...call, reader, text, words: words.slice(1) }, {}),
    },
    pm: { flags: "*", verbs: { "ls cache hash bin": shows }, otherVerbs: { flags: "*", does: "installs_new" } },
    store: { verbs: { "path status": shows, prune: { flags: "*", does: "deletes_recreatable" } } },
    "approve-builds patch patch-commit import deploy": { flags: "*", does: "installs_new" },
    "build dev lint typecheck check format coverage e2e serve preview": { flags: "*", read: readNamedScript },
  },
  otherVerbs: {
    flags: "*",
    stopsEarly: true,
    read: (call) => readScript({ ...call, words: [literal(call.program.split(" ").at(-1) ?? ""), ...call.words] }, {}),
  },
};
const { otherVerbs: _scripts, ...npmOnly } = npm;

export const pip: Usage = {
  flags:
    "-q -v --quiet --verbose --disable-pip-version-check --no-input --version:shows --require-virtualenv --cache-dir= --no-cache-dir --python=",
  verbs: {
    install: {
      flags: `${steersInstall} -r=read -c=read -e= -U --upgrade -q -v --quiet --requirement=read --constraint=read --editable= --no-deps --no-cache-dir --user!installs_new --break-system-packages!installs_new --dry-run:dry --pre --no-build-isolation --require-hashes --only-binary= --no-binary= --disable-pip-version-check --force-reinstall --no-input --prefer-binary --system!installs_new --no-warn-script-location --ignore-installed -I`,
      read: readPipInstall,
    },
    "show list freeze check inspect index help debug config-list hash cache-info tree": { flags: "*", does: "reads_network" },
    "download wheel": { flags: `${steersInstall} -r=read -d=write -w=write --no-deps -c=read *`, does: "installs_new" },
    uninstall: { flags: "-y --yes -r=read", does: "installs_new" },
    cache: { verbs: { "dir info list": shows, "purge remove": { flags: "*", does: "deletes_recreatable" } } },
    config: { verbs: { "list get debug": { flags: "*", does: "reads_secret" } }, otherVerbs: { flags: "*", does: "writes_guarded" } },
    "sync compile": {
      flags: `${steersInstall} -o=write --output-file=write -q -U --upgrade --extra= --all-extras`,
      takes: "read...",
      does: "installs_locked",
    },
  },
};

const buildTool: Usage = { flags: "*", does: "runs_task" };

/** Package managers. From the lock file is fine; anything new asks. */
export const packages: Programs = {
  npm: npmOnly,
  "pnpm yarn": npm,
  bun: {
    ...npm,
    // `bun -e` is an interpreter; `bun src/a.ts` runs a file.
    flags: `${npm.flags ?? ""} -e=code --eval=code -p=code --print=code`,
  },
  "npx bunx pnpx": {
    flags:
      "-y --yes --no-install --no -p=!installs_new --package=!installs_new -c=shell --call=shell -q --quiet -w= --workspace= --prefix=folder",
    read: readNpx,
  },
  corepack: { verbs: { "enable disable prepare use install up": { flags: "*", does: "installs_new" } } },
  "nvm fnm volta n nodenv pyenv rbenv asdf mise rtx sdk jenv tfenv goenv": {
    flags: "*",
    bare: "harmless",
    verbs: {
      "ls list current which version versions ls-remote list-all where plugin-list use local shell root prefix latest global-show init doctor env activate exec-not settings":
        shows,
    },
    otherVerbs: { flags: "*", does: "installs_new" },
  },
  "pip pip3 pip3.11 pip3.12": pip,
  uv: {
    flags: "-q -v --quiet --directory=folder --project=folder --no-cache --offline --version:shows",
    verbs: {
      pip,
      "sync lock": {
        flags: `${steersInstall} --frozen --locked --all-extras --extra= --group= --dev --no-dev --upgrade!installs_new -U!installs_new --check --quiet`,
        does: "installs_locked",
      },
      run: {
        flags:
          "--with=!installs_new --with-requirements=!installs_new --frozen --locked --no-sync --extra= --group= --dev --python= -p= -q -m=text --isolated --all-extras --no-project --env-file=",
        takes: "command",
      },
      "add remove tool python self publish": {
        flags: "*",
        verbs: { "list dir find": shows },
        otherVerbs: { flags: "*", does: "installs_new" },
      },
      init: {
        flags: "--lib --app --package --bare --script --no-readme --no-workspace --name= --description= --vcs= -p= --python=",
        takes: "write",
      },
      venv: { flags: "-p= --python= --seed --clear -q", takes: "write" },
      "tree version export help build": { flags: "-o=write --output-file=write *", does: "runs_task" },
    },
  },
  "poetry pdm pipenv hatch rye conda mamba micromamba": {
    flags: "-q -v -n --no-interaction -C=folder --directory=folder -p=folder",
    verbs: {
      "install sync": {
        flags: "--no-root --with= --without= --only= --no-dev --sync --all-extras --deploy --frozen --no-interaction -q -v --dev",
        takes: "unknown...",
        does: "installs_locked",
      },
      "lock check show version env list info search graph tree config-list about": { flags: "*", does: "harmless" },
      run: { takes: "command" },
      deactivate: shows,
      compare: { flags: "-n= -p=list --json", takes: "read..." },
      config: { flags: "--show?:shows --show-sources:shows --describe?:shows --get?:shows --list:shows", does: "changes_system" },
      build: buildTool,
      publish: { flags: "*", does: "publishes" },
      "add update remove create upgrade uninstall self activate": { flags: "*", does: "installs_new" },
    },
  },
  pipx: { verbs: { list: shows }, otherVerbs: { flags: "*", does: "installs_new" } },
  uvx: { flags: "-q --from=!installs_new --with=!installs_new", read: readNpx },
  cargo: {
    flags:
      "-q -v --quiet --verbose --offline --locked --frozen --color= -Z= --config=!runs_hidden --manifest-path=read -C=folder +nightly +stable --version:shows --list:shows",
    verbs: {
      "build b check c test t bench doc d clippy fmt run r metadata tree fetch verify-project nextest expand llvm-cov version locate-project read-manifest pkgid search info rustc rustdoc fix audit deny outdated udeps":
        {
          flags:
            "-p= --package= -j= --features= --target= --bin= --example= --test= --profile= --manifest-path=read --target-dir=write --message-format= --config=!runs_hidden *",
          does: "runs_task",
          stopsEarly: true,
        },
      clean: { flags: "-p= --release --doc", does: "deletes_recreatable" },
      "generate-lockfile vendor": { flags: "*", does: "installs_locked" },
      "add update install uninstall remove upgrade": { flags: "--dry-run:dry --list:shows *", does: "installs_new" },
      "new init": { flags: "--lib --bin --name= --vcs= --edition=", takes: "write" },
      "deb generate-rpm": { flags: "-o=write --output=write -p= --no-build --no-strip --target= --variant= -v -q", does: "runs_task" },
      "publish yank owner login logout package": { flags: "--dry-run:dry --list:shows *", does: "publishes" },
    },
  },
  go: {
    verbs: {
      run: {
        flags: "-exec=!runs_hidden -toolexec=!runs_hidden -race -tags= -ldflags= -gcflags= -mod= -C=folder -trimpath -n -x -v -cover",
        words: true,
        stopsEarly: true,
        read: runGo,
      },
      "build test vet": {
        flags:
          "-exec=!runs_hidden -toolexec=!runs_hidden -vettool=!runs_hidden -o=write -v -race -run= -bench= -count= -cover -coverprofile=write -timeout= -tags= -ldflags= -gcflags= -mod= -json -short -x -n -a -p= -cpu= -parallel= -failfast -benchmem -trimpath -buildvcs= -buildmode= -cpuprofile=write -memprofile=write -fuzz= -fuzztime= -C=folder",
        words: true,
        does: "runs_task",
      },
      "fmt doc list version help tool fix": { flags: "-toolexec=!runs_hidden *", words: true, does: "runs_task" },
      env: { flags: "-w!writes_guarded -u!writes_guarded *", words: true, does: "runs_task" },
      mod: { verbs: { "download verify tidy graph why vendor edit init": { flags: "*", does: "installs_locked" } } },
      clean: { flags: "*", does: "deletes_recreatable" },
      "get install generate": { flags: "*", does: "installs_new" },
      work: { flags: "*", does: "writes_workspace" },
    },
  },
  "bundle bundler": {
    flags: "-v --version:shows",
    bare: "installs_locked",
    verbs: {
      "install check list show info outdated lock platform env doctor": {
        flags: "--jobs= --quiet --path= --deployment --without= --local --retry= -j= --all --source *",
        does: "installs_locked",
      },
      exec: { takes: "command" },
      "add update remove init gem open help": { flags: "*", does: "installs_new" },
    },
  },
  composer: {
    flags: "-n -q -d=folder",
    verbs: {
      "install validate show outdated dump-autoload dumpautoload check-platform-reqs licenses diagnose why why-not audit about status": {
        flags: "*",
        does: "installs_locked",
      },
      "run run-script": { read: readScript },
      exec: { flags: "--", takes: "command" },
      "require update remove global create-project self-update": { flags: "*", does: "installs_new" },
      "config archive init bump": { flags: "*", does: "writes_guarded" },
    },
    // Any other word is a script of composer.json.
    otherVerbs: {
      read: ({ program, reader, text }) => {
        reader.findings.note("runs_project", text);
        noteScriptName(program, reader.findings, text);
      },
    },
  },
};

/** `go run .` is the project's own; a package with a version is fetched first. */
function runGo(call: Call, usage: Usage): void {
  const given = noteOptions(call, usage);
  const [first] = given.others;
  if (first?.text === "-" || first?.text === "/dev/stdin") return runInput(call);
  if (first?.text?.endsWith(".go")) return runScript(call, first);
  const foreign = /@|^[\w-]+(?:\.[\w-]+)+\//.test(first?.text ?? "@");
  call.reader.findings.note(foreign && first !== undefined ? "runs_foreign" : "runs_task", call.text);
}
