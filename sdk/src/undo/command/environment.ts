/** What says where programs, their settings and their networks are: whoever runs a program by hand has it, too. */
const ofAll = [
  ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "TZ", "LANG", "LANGUAGE"],
  ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"],
  ["http_proxy", "https_proxy", "all_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR", "SSH_AUTH_SOCK"],
  // Windows
  [
    "SystemRoot",
    "SystemDrive",
    "ComSpec",
    "PATHEXT",
    "TEMP",
    "TMP",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
    "ProgramData",
    "ProgramFiles",
  ],
].flat();

const cluster = ["KUBECONFIG"];
const python = ["PYENV_ROOT", "PYENV_VERSION", "PIP_CONFIG_FILE", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_CERT"];

/** What one program goes by beyond that: its own folders, and what it signs in with, which no other program is given. */
const ofPrograms: Readonly<Record<string, readonly string[]>> = {
  npm: ["npm_config_prefix", "npm_config_cache", "NODE_EXTRA_CA_CERTS"],
  pip: python,
  python,
  pipx: ["PIPX_HOME", "PIPX_BIN_DIR", ...python],
  uv: ["UV_TOOL_DIR", "UV_TOOL_BIN_DIR", "UV_CACHE_DIR", "UV_INDEX_URL", "UV_DEFAULT_INDEX"],
  cargo: ["CARGO_HOME", "CARGO_INSTALL_ROOT", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"],
  go: ["GOPATH", "GOBIN", "GOROOT", "GOMODCACHE", "GOPROXY", "GOSUMDB", "GONOSUMDB", "GOPRIVATE"],
  gem: ["GEM_HOME", "GEM_PATH"],
  brew: ["HOMEBREW_PREFIX", "HOMEBREW_CELLAR", "HOMEBREW_REPOSITORY"],
  docker: ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY"],
  podman: ["CONTAINER_HOST", "CONTAINERS_CONF", "CONTAINERS_STORAGE_CONF"],
  kubectl: cluster,
  helm: [...cluster, "HELM_CONFIG_HOME", "HELM_DATA_HOME", "HELM_CACHE_HOME", "HELM_DRIVER", "HELM_NAMESPACE"],
  // Its tokens for enterprises it hands to any other host, and the host stands in the agent's repository.
  gh: ["GH_CONFIG_DIR", "GH_TOKEN", "GITHUB_TOKEN"],
};

/**
 * The variables that a program is run with: those named here, and no others of the server's. Its tokens and the addresses of its
 * databases are none of theirs. Everything speaks English, and asks nobody for a password.
 */
export function environmentOf(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  const program = (argv[0] === "sudo" ? argv.find((word, at) => at > 0 && !word.startsWith("-")) : argv[0]) ?? "";
  const own = ofPrograms[program.replace(/[\d.]+$/, "")] ?? [];
  const named = new Set([...ofAll, ...own].map((name) => name.toLowerCase()));
  const passed = Object.entries(environment).filter(([name]) => named.has(name.toLowerCase()));
  return { ...Object.fromEntries(passed), LC_ALL: "C", GIT_TERMINAL_PROMPT: "0", GIT_SSH_COMMAND: "ssh -o BatchMode=yes", ...quiet };
}

/** No question, no news of a new version, no colours. */
const quiet = { DEBIAN_FRONTEND: "noninteractive", GH_PROMPT_DISABLED: "1", GH_NO_UPDATE_NOTIFIER: "1", NO_COLOR: "1" };
