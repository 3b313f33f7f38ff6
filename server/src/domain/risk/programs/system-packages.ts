import type { Call } from "../shell/call.js";
import { hasDangerousName } from "./script-names.js";
import type { Programs, Usage } from "./usage.js";

const shows: Usage = { flags: "*", does: "harmless" };

/** Build tools with goals, and the package managers of systems. */
export const systemPackages: Programs = {
  gem: {
    verbs: {
      "list search info query which env environment contents dependency outdated help specification": shows,
      "install update uninstall": { flags: "*", does: "installs_new" },
      "push yank owner signin": { flags: "*", does: "publishes" },
      build: { takes: "read", does: "runs_task" },
    },
  },
  "rustc rustfmt clippy-driver": {
    flags:
      "-o=write --out-dir=write --edition= -O -g --crate-type= --emit= --print=:shows -C=!runs_hidden --check --explain= -v -V:shows -L= -l= --cfg= --test --target= -W=",
    takes: "read...",
    does: "runs_task",
  },
  "gofmt goimports golangci-lint staticcheck gopls": { flags: "-w!writes_workspace -l -d -s -e --fix --timeout= *", does: "runs_task" },
  rustup: {
    verbs: {
      "show which doc check help": shows,
      run: { flags: "--install!installs_new", takes: "text command" },
      "toolchain target component override": { verbs: { list: shows }, otherVerbs: { flags: "*", does: "installs_new" } },
    },
    otherVerbs: { flags: "*", does: "installs_new" },
  },
  "mvn mvnw mvnd gradle gradlew sbt ant lein mill bazel bazelisk buck buck2 dotnet msbuild nx turbo lerna rush": { read: readBuildGoals },
  "apt apt-get aptitude dnf yum zypper pacman apk snap flatpak brew port nix nix-env xbps-install emerge pkg rpm dpkg dpkg-query apt-cache apt-file apt-mark yay paru pacaur yaourt trizen aura pikaur eopkg slackpkg guix swupd opkg winget choco scoop mas":
    { read: readSystemPackages },
};

const goals =
  /^(?:clean|compile|test|test-compile|package|verify|build|check|assemble|classes|testClasses|jar|bootJar|bootRun|run|tasks|dependencies|dependency:tree|help|properties|projects|lint|format|spotlessCheck|spotlessApply|validate|restore|watch|new|query|info|version|sln|fetch|graph|show|list|affected|run-many|format:check|typecheck|e2e|--list|bootTestRun|integrationTest|detekt|ktlintCheck|javadoc|site|test-only|fmt|scalafmt|~compile|repl)$/;

function readBuildGoals(call: Call): void {
  const { reader, words, text } = call;
  const named = words.filter(
    (word, index) => !/^[-/@]/.test(word.text ?? "-") && !/^(?:-c|--configuration)$/.test(words[index - 1]?.text ?? ""),
  );
  if (words.some((word) => word.text === null)) return reader.findings.confused("What it builds is only known when it runs.", text);
  if (words.some((word) => /^(?:-I|--init-script|-f|-b|--build-file|--file|-Dexec|-s|--settings)/.test(word.text ?? "")))
    return reader.findings.note("runs_hidden", text);
  // A plugin by its coordinates is fetched and run; a task of sbt's own may be code.
  if (
    named.some((word) => /^(?!org\.(?:apache\.maven|codehaus\.mojo)|com\.diffplug)[\w.-]+:[\w.-]+:/.test(word.text ?? "")) &&
    call.program.startsWith("mvn")
  )
    return reader.findings.note("installs_new", text);
  if (named.some((word) => /^(?:eval|set)\s/.test(word.text ?? "")))
    return reader.findings.confused("It runs code of its own words.", text, "runs_code");
  if (named.some((word) => /deploy|release|publish|upload|push/i.test(word.text ?? ""))) return reader.findings.note("publishes", text);
  const first = named[0]?.text ?? "build";
  if (named.some((word) => hasDangerousName(word.text ?? ""))) return reader.findings.note("dangerous_script", text);
  if (/^(?:fsi|repl|script|exec|console)$/.test(first) && named.length < 2)
    return reader.findings.confused("It opens an interpreter whose input nobody can see here.", text, "runs_unknown");
  reader.findings.note(goals.test(first) || goals.test(first.replace(/^.*:/, "")) ? "runs_task" : "runs_project", text);
  if (/^(?:add|tool|exec|nuget|migrate|generate|g|create)$/.test(first)) reader.findings.note("installs_new", text);
}

const systemReads =
  /^(?:list|search|show|info|policy|depends|rdepends|madison|showpkg|pkgnames|stats|changelog|check-update|provides|whatprovides|repolist|history|leaves|deps|desc|outdated|doctor|config|home|cat|log|uses|services|find|se|if|lu|repos|lr|home|help|-h|showhold|moo|changes|known|connections|version|check|repoquery|remotes|contents|--prefix|--cellar|--repository|--cache|files|owns|stats|dot|manifest|audit|missing)$/;

/** System package managers: looking is free, changing asks. */
function readSystemPackages(call: Call): void {
  const { words, reader, text, program } = call;
  const texts = words.map((word) => word.text ?? "");
  if (
    texts.some((word) => /^(?:-s|--simulate|--just-print|--dry-run|--recon|--no-act|-n|--assumeno|--print-uris|-p)$/.test(word)) &&
    /^(?:apt|apt-get|aptitude|dnf|brew)$/.test(program) &&
    !texts.some((word) => /=/.test(word))
  )
    return reader.findings.note("harmless", text);
  if (program === "apt-cache" || program === "apt-file" || program === "dpkg-query") return reader.findings.note("harmless", text);
  const verb = texts.find((word) => !word.startsWith("-")) ?? texts[0] ?? "";
  if (/^(?:rpm)$/.test(program) && /^-q\w*$|^--query$|^-V/.test(texts[0] ?? "") && !text.includes("--eval") && !text.includes("--pipe"))
    return reader.findings.note("harmless", text);
  if (
    program === "dpkg" &&
    /^(?:-l|-L|-S|-s|-p|-c|-I|--list|--listfiles|--search|--status|--print-architecture|--get-selections|--contents|--info)$/.test(
      texts[0] ?? "",
    )
  )
    return reader.findings.note("harmless", text);
  if (
    /^(?:pacman|yay|paru|pacaur|yaourt|trizen|aura|pikaur)$/.test(program) &&
    /^(?:-Q\w*|-S[sgil]+|-F\w*|-As|--query)$/.test(texts[0] ?? "")
  )
    return reader.findings.note("harmless", text);
  const hidden = texts.some((word) => /^(?:-o|-c|-F|--config-file|--option|--pager)|=.*(?:\/|sh)|Invoke/.test(word));
  if (systemReads.test(verb) && !hidden && words.every((word) => word.text !== null)) return reader.findings.note("reads_network", text);
  reader.findings.note("installs_new", text);
}
