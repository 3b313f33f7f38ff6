import type { Call } from "../shell/call.js";
import { sortWords } from "./flags.js";
import { noteForbiddenText } from "./hidden-commands.js";
import { noteProductionWipe } from "./production.js";
import { serve } from "./python-modules.js";
import { runProjectScript } from "./project-scripts.js";
import { readByTable, runScript } from "./read-call.js";
import { hasDangerousName, noteScriptName } from "./script-names.js";
import type { Programs, Usage } from "./usage.js";

/** Builders, test runners, linters, formatters: they run the project's own code. */
export const builders: Programs = {
  "make gmake": { read: readMake },
  "just rake invoke inv fab doit gulp mage": { read: readTask },
  cmake: {
    flags:
      "-P=!runs_hidden -E=!runs_code -S=list -B=write -G= -D? -DCMAKE_BUILD_TYPE? --build=list --target= -t= -j= --parallel? --config= --preset= --install=!writes_outside -L -N --clean-first -v --version:shows --list-presets? -Wno-dev --fresh --help:shows",
    takes: "list...",
    does: "runs_task",
  },
  "ctest ninja meson samu": {
    flags: "-C=folder -j= -R= -V --output-on-failure -v -n --test-dir= -k= -t= -l= -f=script -S=script -P=script --script=script",
    takes: "text...",
    does: "runs_task",
  },
  "gcc g++ cc c++ clang clang++ cpp tcc": {
    flags:
      "-wrapper=!runs_hidden -B=!runs_hidden -fplugin?!runs_hidden -specs?!runs_hidden -o=write -c -S -E -g -x= -I= -L= -l= -D= -std= -shared -static -pthread -pedantic -w -v -M -MM -MD -MP -MF=write -march= -mtune= -include=read -isystem= -W? -Wall -Wextra -Werror -O0 -O1 -O2 -O3 -Os -Og -fPIC -fsanitize= -ggdb -lm -ansi -pg --save-temps",
    words: true,
    takes: "read...",
    does: "runs_task",
  },
  "ld as ar-x nm objdump readelf size addr2line strip objcopy ldd c++filt": {
    flags: "-o=write -T=!runs_hidden -plugin=!runs_hidden *",
    takes: "read...",
  },
  "tsc vue-tsc tsgo": {
    flags:
      "-p=read -b --build -w --watch --project=read --outDir=write --outFile=write --noEmit --target= -t= --module= -m= --moduleResolution= --jsx= --lib= --declaration -d --strict --init --showConfig:shows --listFiles --pretty --skipLibCheck --incremental --tsBuildInfoFile=write --sourceMap --emitDeclarationOnly --clean --force --dry --verbose --allowJs --checkJs --esModuleInterop --types= --traceResolution --extendedDiagnostics --diagnostics --declarationDir=write --rootDir= -v:shows -h:shows --all:shows --preserveWatchOutput --generateTrace=write --noEmitOnError",
    words: true,
    takes: "read...",
    does: "runs_task",
  },
  "vitest jest mocha ava tap jasmine karma cypress c8 nyc web-test-runner wtr uvu": {
    flags:
      "-u --run --reporter= -t= --config=script -c=script -r=!runs_hidden --require=!runs_hidden --import=!runs_hidden --globalSetup=!runs_hidden --testRunner=!runs_hidden --runner=!runs_hidden *",
    does: "runs_task",
    takes: "text...",
  },
  playwright: {
    verbs: {
      "test show-report merge-reports codegen open show-trace install-deps-not": { flags: "*", does: "runs_task" },
      install: { flags: "*", does: "installs_locked" },
      "screenshot pdf": {
        flags:
          "-b= --browser= --channel= --color-scheme= --device= --full-page --geolocation= --ignore-https-errors --lang= --load-storage=read --paper-format= --save-storage=write --timeout= --timezone= --user-agent= --viewport-size= --wait-for-selector= --wait-for-timeout=",
        takes: "url write",
      },
    },
  },
  eslint: {
    flags:
      "--rulesdir=!runs_hidden --resolve-plugins-relative-to=!runs_hidden --plugin=!runs_hidden --parser=!runs_hidden -c=script --config=script -f= -o=write --format= --output-file=write --fix!writes_workspace --fix-dry-run --ext= --ignore-path=read --rule= --max-warnings= --cache --cache-location=write --quiet --no-eslintrc --no-ignore --ignore-pattern= --stdin --stdin-filename= --debug --print-config= --env-info:shows --report-unused-disable-directives --no-warn-ignored --concurrency=",
    takes: "read...",
    does: "runs_task",
  },
  prettier: {
    flags:
      "--plugin=!runs_hidden --config=read --write!writes_workspace -w!writes_workspace --check -c --list-different -l --ignore-path=read --parser= --stdin-filepath= --no-config --log-level= --loglevel= --cache --ignore-unknown -u --single-quote --no-semi --tab-width= --print-width= --find-config-path= --trailing-comma= --no-error-on-unmatched-pattern",
    takes: "read...",
    does: "runs_task",
  },
  "oxlint oxfmt biome stylelint markdownlint cspell knip publint depcheck svelte-check ls-lint dprint rome standard xo hadolint shellcheck yamllint jsonlint actionlint tflint checkov semgrep codespell typos vale proselint htmlhint tsd attw madge":
    {
      flags:
        "-f= -s= -x -e= -S= -a -c=read --config=read --fix!writes_workspace --write!writes_workspace --apply!writes_workspace -w!writes_workspace *",
      takes: "text...",
      does: "runs_task",
    },
  "pytest py.test": {
    flags:
      "-p=!runs_hidden -c=read -k= -m= -n= -o=!runs_hidden --rootdir= --override-ini=!runs_hidden --basetemp=write --confcutdir= --junitxml=write --junit-xml=write --cov? --cov-branch --cov-append --cov-fail-under= --cov-config=read --cov-context= --cov-report= -W= --maxfail= --durations= --tb= -r= -q -v -x -s -l --lf --ff --nf --sw --pdb --co --collect-only --ignore= --deselect= -vv -rA --no-header --no-cov --asyncio-mode= --timeout= --count= --randomly-seed= --reruns= --html=write --snapshot-update --last-failed --failed-first --exitfirst --verbose --quiet --cache-clear --fixtures --markers --dist= --import-mode= --strict-markers --setup-show -qq -sv -xvs",
    read: runTests,
  },
  "ruff black isort flake8 pylint mypy pyright bandit autopep8 yapf pydocstyle vulture pyflakes pycodestyle autoflake pyupgrade basedpyright ty":
    {
      flags:
        "--junit-xml=write --any-exprs-report=write --html-report=write --txt-report=write --xml-report=write --cache-dir=write -w --load-plugins=!runs_hidden --init-hook=!runs_code --python-executable=!runs_hidden --output-file=write -o=write --config=read *",
      takes: "text...",
      does: "runs_task",
    },
  coverage: {
    verbs: {
      run: { flags: "-m=text -p --source= --omit= --branch --include= --rcfile=read -a", takes: "script text...", does: "runs_task" },
      "report html xml json lcov combine erase annotate debug": { flags: "-o=write -d=write *", does: "runs_task" },
    },
  },
  "vite webpack rollup esbuild parcel swc babel tsup tsdown next nuxt astro svelte-kit remix gatsby ng vue-cli-service storybook start-storybook sb snowpack rspack rsbuild farm nest wrangler-dev metro expo-not eleventy hexo hugo jekyll mkdocs sphinx-build docusaurus vitepress typedoc jsdoc":
    { read: serveOrBuild },
  "uvicorn gunicorn flask hypercorn daphne waitress-serve streamlit puma rackup http-server serve live-server json-server caddy-not webpack-dev-server":
    { read: serve },
  nodemon: {
    flags:
      "-x=shell --exec=shell -w= --watch= -e= --ext= -i= --ignore= -d= --delay= -L --legacy-watch -q --quiet -V --verbose -s= --signal= -I -C --on-change-only --inspect? --config=read",
    stopsEarly: true,
    takes: "script text...",
  },
  concurrently: {
    flags:
      "-n= --names= -c= --prefix-colors= -p= --prefix= -k --kill-others --kill-others-on-fail -r --raw -s= --success= -m= --max-processes= -g --group --no-color --hide= -i --handle-input --restart-tries= --restart-after= -l= -t=",
    read: readTasks,
  },
  "sass node-sass lessc postcss tailwindcss terser uglifyjs csso svgo cleancss html-minifier pug ejs handlebars": {
    flags: "-o=write --output=write -w --watch -m -c -i=read --input=read --minify --source-map -s --no-source-map --style=",
    takes: "read write",
  },
  "cross-env": { read: (call) => crossEnvironment(call) },
  dotenv: { flags: "-e= -f= -c= -o --", takes: "command" },
  "npm-run-all run-s run-p npm-run-all2": { read: readTask },
  "wait-on wait-for-it wait-for-it.sh": { flags: "-t= -i= -d= *", does: "local_request" },
  "gh-pages surge vercel netlify firebase flyctl fly heroku railway render wrangler sls sst amplify eas fastlane semantic-release release-it np changeset-publish standard-version goreleaser twine cargo-release shipit cap kamal dokku caprover now deployctl":
    { read: readDeploy },
  "protoc buf graphql-codegen openapi-generator-cli swagger-codegen orval msgpack flatc thrift": {
    flags: "--plugin=!runs_hidden -o=write --out=write *",
    does: "runs_task",
  },
  "tox nox": {
    flags:
      "-e= -p? -v -q -r -s= --session= -k= -t= -m= -l:shows --list:shows --list-sessions:shows -a:shows -c=read -f=script --noxfile=script -x=!runs_hidden --override=!runs_hidden *",
    takes: "text...",
    does: "runs_task",
  },
  "latexmk tex etex pdftex xetex ptex uptex platex uplatex htlatex make4ht texi2dvi texi2pdf pdflatex xelatex lualatex latex bibtex biber dvips context":
    {
      read: ({ reader, text }) =>
        /shell-escape|write18|-e\b|latexoption|(?:^|\s)-(?:pdf|lua|xe)?latex=(?!(?:pdf|lua|xe)?latex(?:\s|$))|-use-make/.test(text)
          ? reader.findings.note("runs_hidden", text)
          : /\\/.test(text)
            ? reader.findings.confused("TeX code on the command line is not read.", text)
            : reader.findings.note("runs_task", text),
    },
  "dot neato fdp circo mmdc plantuml": { flags: "-T? -o=write -i=read -O -K= -G? -N? -E?", takes: "read..." },
  "convert magick identify compare montage composite mogrify-not pngquant optipng jpegoptim cwebp exiftool-not ffprobe mediainfo pdftotext pdfinfo qrencode":
    {
      flags: "-o=write *",
      words: true,
      takes: "write...",
      read: convertImage,
    },
};

/** ImageMagick's file names may say more: `label:@file` shows one, `|command` runs one. */
function convertImage(call: Call, usage: Usage): void {
  const { read: _own, ...table } = usage;
  const { reader, state, text } = call;
  readByTable(call, table);
  for (const word of call.words) {
    const [, scheme, path = ""] = /^(label|caption|text|msl|mvg|ephemeral|info):@?(.+)$/i.exec(word.text ?? "") ?? [];
    if (scheme === "ephemeral") reader.touch("delete", { ...word, text: path }, state);
    else if (scheme) reader.touch("read", { ...word, text: path }, state);
    if (word.text?.startsWith("|") || scheme === "msl") reader.findings.note("runs_hidden", text);
  }
}

const makeFlags =
  "-f=script --file=script --makefile=script -C=folder --directory=folder -n:dry --dry-run:dry --just-print:dry --recon:dry -q:dry --question:dry -s -k -B -i -t -w -r -R -j? -l? --jobs? --keep-going --silent --quiet --always-make --no-print-directory --print-directory --trace --debug? -d -p -v:shows -h:shows --warn-undefined-variables -e -I= -O? --output-sync? --eval=!runs_code -E=!runs_code";

function readMake(call: Call): void {
  const { reader, text, state } = call;
  const given = sortWords(call.words, { flags: makeFlags });
  for (const word of given.unknown) reader.findings.confused(`The option ${word.source} of make is not known.`, text, "unknown_option");
  const dry = given.flags.some(({ flag }) => flag.mark === "dry");
  const folder = given.flags.findLast(({ flag }) => flag.role === "folder")?.value;
  const inner = state.copy();
  if (folder) inner.folder = folder.text === null ? null : reader.surroundings.resolve(folder.text, state.folder ?? "/").path;
  if (given.flags.some(({ flag }) => flag.role === "script")) inner.folder = null;
  for (const { flag, value, source } of given.flags) {
    if (flag.does) reader.findings.note(flag.does, source);
    if (flag.role === "script" && value) runScript(call, value);
    // Recipes that come with the command: `make -f - <<EOF`.
    if (flag.role === "script" && /^(?:-|\/dev\/stdin)$/.test(value?.text ?? "") && state.input.kind === "text")
      for (const line of (state.input.text ?? "").split("\n")) noteForbiddenText(call, /^\s+[@+-]*(.+)$/.exec(line)?.[1]);
    if (/^(?:--eval|-E)$/.test(flag.name)) noteForbiddenText(call, value?.text?.replace(/^[^:;\n]*:[^;\n]*[;\n]\s*/, ""));
  }
  for (const word of given.others) {
    const target = word.text ?? "";
    const setting = /^([A-Za-z_]\w*)[:+?]?=(.*)$/.exec(target);
    if (word.text === null) reader.findings.confused("Which target is made is only known when it runs.", text, "runs_unknown");
    else if (setting && /^(?:SHELL|CC|CXX|LD|AR|MAKE|MAKEFLAGS|PATH|RUN|CMD|COMMAND)$/.test(setting[1] ?? ""))
      reader.findings.note("runs_hidden", text);
    else if (setting && /[$`;|&]/.test(setting[2] ?? "")) reader.findings.note("runs_hidden", text);
    else if (!dry && !setting && target === "install") reader.findings.note("writes_outside", text);
    else if (!dry && !setting) runProjectScript({ ...call, state: inner }, { runner: "make", name: target });
  }
  reader.findings.note(dry ? "harmless" : "runs_task", text);
}

function readTask(call: Call): void {
  const { words, reader, text } = call;
  if (words.some((word) => word.text === null)) return reader.findings.confused("Which task runs is only known when it runs.", text);
  if (
    words.some((word) =>
      /^(?:-f|-e|-r|-I|--rakefile|--shell|--justfile|--execute|--require|-c|--taskfile|-d|--collection|-p|-E|--execute\S*)/.test(
        word.text ?? "",
      ),
    )
  )
    return reader.findings.confused("Which tasks there are cannot be known.", text);
  reader.findings.note(words.some((word) => hasDangerousName(word.text ?? "")) ? "dangerous_script" : "runs_task", text);
}

function serveOrBuild(call: Call): void {
  const { words, reader, text } = call;
  if (words.some((word) => /^(?:deploy|publish|add|telemetry|upgrade|generate|create|init|login|install)$/.test(word.text ?? "")))
    return reader.findings.note("installs_new", text);
  if (words.some((word) => /^(?:--require|--plugin|-p|--require-hook|--loader)/.test(word.text ?? "")) && call.program !== "next")
    return reader.findings.note("runs_hidden", text);
  serve(call);
}

function crossEnvironment(call: Call): void {
  const at = call.words.findIndex((word) => !/^\w+=/.test(word.text ?? ""));
  call.reader.readText(
    call.words
      .map((word, index) => (index < at ? (word.text ?? "X=$unknown") : `'${(word.text ?? "").replaceAll("'", "'\\''")}'`))
      .join(" "),
    call.state.copy(),
  );
}

const deployReads =
  /^(?:logs?|list|ls|status|info|inspect|whoami|help|dev|env:list|releases|ps|apps|config|open|domains|--help|--version|version|build|link|functions:list|doctor|check|local|serve|emulators:start)$/;

/** Deployment tools: looking is free, anything else deploys or changes what is deployed. */
function readDeploy(call: Call): void {
  const { words, reader, text } = call;
  const verb = words.find((word) => !(word.text ?? "").startsWith("-"))?.text ?? "";
  const secret = /^(?:config|env:list|secrets?)/.test(verb);
  noteProductionWipe(call);
  if (/^(?:keys|ssh-keys|authorizations|access|members|collaborators):?(?:add|create)?$|^ssh-keys?$/.test(verb) && /add|create/.test(text))
    return reader.findings.note("grants_access", text);
  if (
    words.some((word) =>
      /^(?:[\w-]+:)?(?:destroy|delete|remove|rm|create|add|set|scale|restart|stop|update|rollback|transfer)$/.test(word.text ?? ""),
    )
  )
    return reader.findings.note("publishes", text);
  if (words.some((word) => word.text === "--dry-run")) return reader.findings.note("reads_remote", text);
  if (deployReads.test(verb) && !words.some((word) => /^(?:set|unset|add|rm|remove|:set)$|:set$/.test(word.text ?? "")))
    return reader.findings.note(secret ? "reads_secret" : "reads_remote", text);
  reader.findings.note("publishes", text);
}

/** `-p no:name` switches a plugin off; any other `-p` loads one. */
function runTests(call: Call, { read: _own, ...table }: Usage): void {
  const switchesOff = (index: number): boolean =>
    call.words[index]?.text === "-p" && /^no:[\w.-]+$/.test(call.words[index + 1]?.text ?? "");
  const words = call.words.filter((_, index) => !switchesOff(index) && !switchesOff(index - 1));
  readByTable({ ...call, words }, { ...table, takes: "text...", does: "runs_task" });
}

/** Each word is a command; `npm:name` is a script, and stars in its name stand for several. */
function readTasks(call: Call, usage: Usage): void {
  const { others, unknown } = sortWords(call.words, { flags: usage.flags ?? "" });
  for (const word of unknown)
    call.reader.findings.confused(`The option ${word.source} of concurrently is not known.`, call.text, "unknown_option");
  for (const word of others) {
    const script = /^(?:npm|pnpm|yarn|bun|node):([\w:.*-]+)/.exec(word.text ?? "")?.[1];
    if (word.text === null) call.reader.findings.confused("It runs text that is only known when it runs.", call.text, "runs_unknown");
    else if (script?.includes("*")) noteScriptName(script, call.reader.findings, call.text);
    else call.reader.readText(script === undefined ? word.text : `npm run ${script}`, call.state.copy());
  }
  call.reader.findings.note("runs_project", call.text);
}
