import type { Findings } from "../findings.js";
import type { Value } from "./word.js";

/** Variables that make ordinary tools run other code, find other programs, or talk to other places. */
const steering =
  /^(?:LD_.*|DYLD_.*|PATH|BASH_ENV|ENV|PROMPT_COMMAND|PS4|SHELLOPTS|BASHOPTS|BASH_FUNC_.*|IFS|CDPATH|GIT_.*|PAGER|MANPAGER|LESSOPEN|LESSCLOSE|LESS|EDITOR|VISUAL|BROWSER|NODE_OPTIONS|NODE_PATH|NODE_EXTRA_CA_CERTS|NODE_TLS_REJECT_UNAUTHORIZED|NPM_CONFIG_.*|npm_config_.*|PYTHON(?:PATH|STARTUP|HOME|INSPECT|BREAKPOINT|WARNINGS)|PERL5?(?:OPT|LIB|DB|5OPT|5LIB|5DB)|PERL5OPT|PERL5LIB|PERL5DB|RUBY(?:OPT|LIB)|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|MAVEN_OPTS|GRADLE_OPTS|CLASSPATH|LUA_INIT.*|LUA_PATH|LUA_CPATH|PHPRC|PHP_INI_SCAN_DIR|R_PROFILE.*|GCONV_PATH|LOCPATH|NLSPATH|HOSTALIASES|TERMINFO.*|TERMCAP|SSH_ASKPASS|SUDO_ASKPASS|SSH_AUTH_SOCK|TAR_OPTIONS|GZIP|XZ_OPT|ZIPOPT|UNZIP|MAKEFLAGS|GNUMAKEFLAGS|MAKEFILES|CC|CXX|LD|RUSTC_WRAPPER|RUSTC|CARGO_.*|GOFLAGS|GOPROXY|PIP_.*|UV_.*|OPENSSL_CONF|OPENSSL_ENGINES|CURL_HOME|CURL_CA_BUNDLE|WGETRC|DOCKER_HOST|DOCKER_CONTEXT|KUBECONFIG|KUBE_EDITOR|AWS_(?:PROFILE|ENDPOINT.*|CONFIG_FILE|SHARED_CREDENTIALS_FILE)|TF_CLI_.*|TF_PLUGIN.*|HELM_.*|ANSIBLE_.*|PG(?:HOST|HOSTADDR|PORT|OPTIONS|SERVICE.*|SYSCONFDIR)|PGPASSFILE|DATABASE_URL|(?:HTTPS?|ALL|FTP)_PROXY|(?:https?|all|ftp)_proxy|HOME|SHELL|XDG_.*|INPUTRC|HISTFILE|FPATH|ZDOTDIR|AUTOM4TE|BAT_PAGER|SYSTEMD_(?:PAGER|EDITOR)|FZF_.*|PSQLRC|PSQL_.*|MYSQL_(?:HOME|HOST|TCP_PORT|UNIX_PORT)|RIPGREP_CONFIG_PATH|LESSKEY.*|DELTA_PAGER|RSYNC_RSH|CVS_RSH|DOTNET_STARTUP_HOOKS|ERL_.*FLAGS)$/;

/** Values under which such a variable does nothing new. */
const harmlessValues: Readonly<Record<string, RegExp>> = {
  PAGER: /^(?:cat|less|)$/,
  MANPAGER: /^(?:cat|less|)$/,
  GIT_PAGER: /^(?:cat|less|)$/,
  SYSTEMD_PAGER: /^(?:cat|)$/,
  BAT_PAGER: /^(?:cat|)$/,
  LESS: /^[-A-Za-z]*$/,
  GIT_TERMINAL_PROMPT: /^[01]$/,
  GIT_OPTIONAL_LOCKS: /^[01]$/,
  GIT_AUTHOR_DATE: /^/,
  GIT_COMMITTER_DATE: /^/,
  GIT_AUTHOR_NAME: /^/,
  GIT_AUTHOR_EMAIL: /^/,
  GIT_COMMITTER_NAME: /^/,
  GIT_COMMITTER_EMAIL: /^/,
  GIT_EDITOR: /^(?:true|:|cat)$/,
  EDITOR: /^(?:true|:|cat)$/,
  VISUAL: /^(?:true|:|cat)$/,
  NODE_OPTIONS:
    /^(?:--(?:max-old-space-size=\d+|enable-source-maps|no-warnings|trace-warnings|experimental-vm-modules|no-deprecation|trace-deprecation)\s*)*$/,
  IFS: /^[\s,:;|]*$/,
  PYTHONPATH: /^(?:\.|src|\.\/src|lib|services(?:\/\w+)?)?$/,
  PYTHONWARNINGS: /^/,
  CC: /^(?:gcc|clang|cc)$/,
  CXX: /^(?:g\+\+|clang\+\+|c\+\+)$/,
  MAKEFLAGS: /^-j\d*$/,
  GOFLAGS: /^-(?:mod=(?:mod|vendor|readonly)|count=\d+|v)$/,
  CARGO_TERM_COLOR: /^/,
  CARGO_TARGET_DIR: /^(?:\.\/)?target$/,
  // The project's own databases on this machine; what is done there is judged by the command.
  DATABASE_URL:
    /^(?:postgres(?:ql)?|mysql):\/\/(?:[\w-]+(?::[\w-]*)?@)?(?:localhost|127\.0\.0\.1)(?::\d+)?\/(?!pullcord)\w+_(?:dev|test|ci)$/,
  HISTFILE: /^never$/,
  SSH_AUTH_SOCK: /^never$/,
};

/** A variable being set. */
export interface Setting {
  readonly name: string;
  readonly value: Value;
  /** Programs get to see it. */
  readonly exported: boolean;
}

/** Records what setting a variable means, when programs get to see it. */
export function noteAssignment({ name, value, exported }: Setting, findings: Findings): void {
  const shown = `${name}=${value.text ?? "…"}`;
  if (name.startsWith("PULLCORD_")) return findings.gate(`Sets ${name}, which steers Pullcord.`, shown);
  if (!steering.test(name)) return;
  // Unexported, most of these only matter to the shell that sets them; PATH and its like are exported already.
  if (
    !exported &&
    !/^(?:PATH|LD_.*|BASH_ENV|ENV|PROMPT_COMMAND|PS4|HOME|SHELL|PAGER|EDITOR|VISUAL|GIT_.*|NODE_OPTIONS|CDPATH|HISTFILE|DOCKER_HOST|KUBECONFIG)$/.test(
      name,
    )
  )
    return;
  if (value.text !== null && harmlessValues[name]?.test(value.text)) return;
  if (name === "IFS") return;
  if (name.startsWith("LD_PRELOAD") && value.text === "") return;
  findings.note("steers_tools", shown);
}
