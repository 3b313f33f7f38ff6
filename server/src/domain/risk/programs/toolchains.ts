import type { Call } from "../shell/call.js";
import { readByTable } from "./read-call.js";
import { noteScriptName } from "./script-names.js";
import { builds, keyed, looking, shows } from "./shapes.js";
import type { Programs, Usage } from "./usage.js";

/** Compilers, assemblers, generators of code. */
const compilers = [
  "ctags etags gtags cscope mkid flex flex++ byacc bison++ jflex javacc antlr antlr4 peg leg lemon gperf cweb ctangle cweave noweb notangle noweave nasm yasm fasm ld.lld ld.gold mold lld ranlib llvm-link llvm-ar llvm-mca clang-tidy clang-check clang-query clangd clang-scan-deps clazy include-what-you-use iwyu_tool.py cppclean compiledb intltool-extract uic rcc lupdate lrelease qmllint qmlformat qmltyperc wayland-scanner gdbus-codegen g-ir-scanner g-ir-compiler vapigen glib-mkenums glib-genmarshal blueprint-compiler protoc-c grpc_tools_ruby_protoc capnp thriftgo kitex hertz goctl sqlc mockgen mockery stringer easyjson gqlgen oapi-codegen ogen twirp wsdl2java xjc wsgen",
  "ghc-pkg haddock hsc2hs c2hs happy purty dhall-docs ocamlc ocamlopt ocamldep ocamllex ocamlyacc menhir ocamlfind ocamldoc refmt melange fstar.exe erlc elixirc elm-review elm-verify-examples fable fantomas csharpier dotnet-format roslynator ilasm sn resgen vbc xbuild scalafmt scalafix pmd spotbugs jdeprscan jpackage google-java-format javadoc javah proguard r8 aapt2 zipalign bundletool dart2js dartfmt dartdoc nekoc swiftc swiftlint swiftformat swift-format sourcery xcbeautify xcpretty ibtool actool momc ameba nimgrep nimpretty nimsuggest zls fnlfmt stylua luac luaformatter selene moonc teal tl perltidy perlcritic podchecker pod2html pod2man pod2text pod2usage podselect tclint fprettify findent fpm flang ifort gnatmake gnatprep gnatpp gprbuild gprclean vhdl_ls vsg svlint slang vvp coqdep lean4checker solhint solium slither mythril aderyn wasm-tools wasm-validate wasm-strip wasm-decompile wasm-interp wizer wasm2js javy",
];
/** Tests, linters, measurements, documentation, project scaffolds that stay in the folder. */
const checking = [
  "php-cs-fixer phpcbf pint rector paratest simple-phpunit codeception php-scoper composer-normalize easy-coding-standard ecs pa11y axe lighthouse lhci backstop reg-suit pixelmatch looks-same swagger-cli api-extractor api-documenter size-limit bundlesize bundlewatch webpack-bundle-analyzer statoscope ts-prune unimported ts-unused-exports dependency-cruiser depcruise skott arkit syncpack manypkg sherif markdownlint-cli2 remark-lint eclint editorconfig-checker quick-lint-js standardx semistandard ember-template-lint lit-analyzer vti vue-docgen svelte-package electron-vite appium-doctor",
  "sphinx-quickstart sphinx-apidoc sphinx-autobuild sphinx-intl pdoc3 pydocmd docstr-coverage docformatter pydocstringformatter doc8 rstcheck blacken-docs nbqa nbval pyinstrument scalene snakeviz gprof2dot pyan3 pyreverse symilar monkeytype stubgen stubtest pytype pyre pyanalyze dmypy mypyc cythonize cython f2py sip-build pybind11-stubgen hatchling pbr check-manifest check-wheel-contents auditwheel abi3audit pip-audit liccheck pip-missing-reqs fawltydeps tach import-linter lint-imports slotscheck unimport removestar reorder-python-imports usort ufmt fixit flynt perflint wemake-python-styleguide ssort add-trailing-comma codemod bowler djlint djhtml curlylint j2lint jinjalint jinja2 mutmut cosmic-ray yamlfix yamlfmt check-jsonschema jsonschema ajv v8r dotenv-linter sqlfluff sqlcheck sql-lint pgsanity terrascan regula conftest regal cfn-guard kics puppet-lint puppet-syntax foodcritic salt-lint arm-ttk nixfmt nixpkgs-fmt alejandra statix deadnix shellharden beautysh zunit fishtape gersemi buildifier buildozer skylint checkmake mbake dockerfilelint container-diff helm-unittest chart-testing smalltalkci",
];

const publishes: Usage = { flags: "*", does: "publishes" };

/** The project's own tools: they work on its files and run its tests. */
export const toolchains: Programs = {
  ...keyed([...compilers, ...checking], builds),
  "jps jstat jstack jinfo jmap": { flags: "-dump?!stops_process -dump!stops_process -F!stops_process *", words: true, does: "harmless" },
  "jwebserver jconsole": { flags: "*", does: "opens_port" },
  phing: {
    flags: "-f=!runs_hidden -buildfile=!runs_hidden -lib=!runs_hidden -logger=!runs_hidden *",
    words: true,
    read: readTargets,
  },
  "web-ext": { flags: "-s=folder --source-dir=folder", verbs: { "build lint run docs dump-config": builds }, otherVerbs: publishes },
  zapier: {
    verbs: {
      "test validate build versions history logs describe integrations analytics help convert": builds,
      init: { flags: "*", takes: "write" },
    },
    otherVerbs: publishes,
  },
  pants: { flags: "*", read: readTargets },
  "pre-commit lefthook": {
    flags: "-c=!runs_hidden",
    verbs: {
      "run validate-config validate-manifest sample-config validate dump version": {
        flags: "-a --all-files --files= -v --hook-stage= --from-ref= --to-ref= --show-diff-on-failure --color=",
        takes: "text...",
        does: "runs_task",
      },
      "clean gc": { flags: "*", does: "deletes_recreatable" },
    },
    otherVerbs: { flags: "*", does: "git_guarded" },
  },
  "dpkg-buildpackage debuild sbuild pdebuild makepkg rpmbuild rpmlint mock abuild ebuild snapcraft flatpak-builder appimagetool linuxdeploy nfpm cpack electron-packager pyinstaller nuitka pex shiv briefcase pygbag makebuildserver":
    {
      flags:
        "-o=write --output=write -i!installs_new --install!installs_new --syncdeps!installs_new -s!installs_new --sign --upload!publishes --publish!publishes *",
      read: readTargets,
    },
  "sfdk tmt jigsaw docsify sails laravel-zero scrapy react-native expo": {
    flags: "*",
    verbs: {
      "build build-init build-shell cmake make qmake check test run start serve init new genspider list lint bench doctor prebuild discover plan export generate qmake5 package":
        builds,
    },
    otherVerbs: { flags: "*", does: "changes_remote" },
  },
  mkcert: {
    flags:
      "-install!changes_system -uninstall!changes_system -CAROOT:shows -cert-file=write -key-file=write -p12-file=write -client -ecdsa -pkcs12 -csr=read",
    words: true,
    takes: "text...",
    does: "writes_workspace",
  },
  htpasswd: { flags: "-b -c -n -m -B -C= -d -s -p -D -v -i", takes: "write text..." },
  convmv: {
    flags:
      "-f= -t= -r --notest!writes_workspace --replace!writes_irreplaceable --exec=!runs_hidden --list:shows -i --nfc --nfd --lower --upper",
    takes: "list...",
  },
  stow: { flags: "-n:shows --no:shows --simulate:shows -v? *", does: "writes_outside", takes: "text..." },
  "llama-cli whisper whisper-cli tts piper espeak espeak-ng flite festival": {
    flags: "-o=write -w=write -of=write -f=read -m=read --out_path=write --wav=write *",
    takes: "text...",
    does: "runs_task",
  },
  dvc: {
    verbs: {
      "add commit move freeze unfreeze import import-url get get-url init root version doctor list ls status diff dag metrics params plots data":
        { flags: "*", does: "git_reversible" },
      "repro run exp": { flags: "*", does: "runs_project" },
      "fetch pull": { flags: "*", does: "git_fetches" },
      push: { flags: "*", does: "changes_remote" },
      "checkout remove gc": { flags: "*", does: "git_discards" },
    },
  },
  sqlx: {
    flags: "*",
    verbs: { migrate: { flags: "*", verbs: { "info list": shows, add: { flags: "*", does: "writes_workspace" } } }, prepare: builds },
  },
  quilt: {
    verbs: {
      "series applied unapplied top next previous diff files graph header annotate patches grep": shows,
      "push pop new add edit refresh fold fork rename snapshot": { flags: "*", does: "git_reversible" },
    },
  },
  "rlog rcsdiff ident rcsmerge merge": { flags: "-p *", takes: "write..." },
  "ci co rcs": { flags: "-f!git_discards *", takes: "write...", does: "git_reversible" },
  dolt: {
    verbs: {
      "status log diff show ls blame branch remote schema version help": {
        flags: "-d!git_discards -D!git_discards -f!git_discards *",
        does: "harmless",
      },
      "add commit init clone fetch merge cherry-pick tag": { flags: "-f!git_discards --force!git_discards *", does: "git_reversible" },
      push: { flags: "*", does: "git_pushes" },
    },
  },
  exercism: looking("open workspace troubleshoot configure", publishes),
  codecrafters: looking("test ping", publishes),
  "rostopic rosnode rosparam rosservice ros2": looking("topic node param service interface pkg doctor echo hz bw type"),
};

/** Targets of a build: judged by their names, as scripts are. */
function readTargets(call: Call, usage: Usage): void {
  const { read: _own, ...table } = usage;
  const named = call.words.filter((word) => !(word.text ?? "-").startsWith("-"));
  for (const word of named) noteScriptName(word.text ?? "", call.reader.findings, call.text);
  readByTable(call, { ...table, takes: "text...", does: "runs_task" });
}
