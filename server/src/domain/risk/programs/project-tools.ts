import { builds, keyed } from "./shapes.js";
import type { Programs } from "./usage.js";

/** Bundlers, site generators, test runners, checkers and generators of code, by language. */
const tools = [
  "tsc-watch unbuild rolldown rslib rsdoctor wmr parcel-bundler pkgroll microbundle bunchee tsdx zshy sucrase lightningcss purgecss cssnano uglifycss stylus sass-embedded dart-sass windicss unocss closure-compiler google-closure-compiler html-minifier-terser minify minify-html imagemin-cli squoosh-cli sharp-cli penthouse subfont glyphhanger subset-font workbox workbox-cli pwa-asset-generator favicons real-favicon cordova-res capacitor-assets ncc esbuild-register nexe dtslint tsdoc compodoc jsdoc2md jsdoc-to-markdown react-docgen vue-docgen-cli apidoc redoc-cli widdershins spectaql graphdoc dociql gql-playground magidoc raml2html aglio snowboard esbuild-visualizer vite-bundle-visualizer webpack-cli gulp-cli grunt grunt-cli broccoli brunch metalsmith wintersmith docpad cuttlebelle aurelia ng-packagr lit-localize svelte-preprocess solid-start quasar react-scripts craco rescripts",
  "gutenberg soupault nanoc middleman bridgetown awestruct cryogen orchid jbake nikola stog statocles gostatic hugo-extended verless ssg ssg6 bashblog emanote obsidian-export",
  "nose2 zope-testrunner pytest-bdd tavern testinfra robotframework trial nbmake treon testbook sybil xdoctest cram3 scripttest bats-core bashunit shunit2 shpec critic.sh aruba clitest tush yath",
  "cabal-fmt cabal-plan hpack weeder hie-bios implicit-hie gen-hie doctest-haskell hspec-discover tasty-discover floskell stylish-cabal apply-refact retrie graphmod dialyzer dialyxir",
  "typer erlfmt eunit_progress",
  "rustdoc cargo-asm cargo-show-asm svd2rust",
  "golint gofumports goreturns gorename guru gocode godef gogetdoc errwrap dupl goconst go-callvis go-mod-graph-chart gomodguard depguard structslop nilaway go-enum go-bindata go-bindata-assetfs vfsgen fileb0x stuffbin go-winres rsrc goversioninfo gomobile gobind wails fyne-cross tinygo gopherjs richgo tparse gotest gocovmerge go-test-report go-acc",
  "rust-analyzer sqlmesh solargraph ruby-lsp jreleaser mdoc",
  "cargo-fix cargo-install-update cargo-hack cargo-about cargo-chef cargo-cyclonedx cargo-diet cargo-public-api cargo-spellcheck cargo-vet cargo-zigbuild cargo-xwin cargo-ndk cargo-apk dotnet-coverage dotnet-outdated dotnet-reportgenerator reportgenerator dotnet-ef premake premake4 cppcheck-htmlreport cmakelang cget qbs fbuild ninja-build erlang_ls dune-release mlton sml smlnj polyml clisp abcl chez bigloo nasmfmt",
  "fasmg wla-z80 ca65 cc65 cl65 ld65 da65 sdcc sdasz80 z80asm pasmo rgbasm rgblink rgbfix rgbgfx beebasm dasm vasm vlink",
  "avr-gcc avr-g++ avr-objcopy avr-size arm-none-eabi-gcc arm-none-eabi-objdump arm-none-eabi-size riscv64-unknown-elf-gcc xtensa-esp32-elf-gcc i686-w64-mingw32-gcc x86_64-w64-mingw32-gcc aarch64-linux-gnu-gcc dpkg-gencontrol dpkg-shlibdeps dpkg-genchanges dh dh_make dh_install rpmdev-bumpspec rpmdev-newspec rpmdev-setuptree spectool pkgcheck repoman portlint appstream-builder",
  "openapi-generator swagger-codegen-cli nswag graphql-inspector gql-gen relay-compiler apollo-codegen protolint protoc-gen-go capnpc avro-compiler smithy smithy-build tsp asyncapi ibm-openapi-validator oasdiff",
  "build-storybook ladle histoire styleguidist wsrun ultra-runner gazelle nightwatch wdio istanbul qunit mdbook-toc",
  "phpinsights php-parse swift-doc slather xcov xcparse terraform-validator datree kubesec fairwinds melos",
];

/** They stay in the project: its files, its tests, its output. */
export const projectTools: Programs = keyed(tools, builds);
