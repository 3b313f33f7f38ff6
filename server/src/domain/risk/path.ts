import type { Surroundings } from "../reading.js";
import { type GateRelation, gateRelation } from "./gate-paths.js";

/** What a resolved path means for a careful reader. */
export interface Place {
  readonly area: "workspace" | "scratch" | "home" | "system" | "device" | "null_device" | "elsewhere" | "unknown";
  /** Holds keys, tokens, logins, histories. */
  readonly secret: boolean;
  /** Runs by itself or steers other programs: hooks, CI, start files, agent settings. */
  readonly guarded: boolean;
  /** A build or an install makes it again. */
  readonly recreatable: boolean;
  /** Data by its name: no build makes it again. */
  readonly irreplaceable: boolean;
  /** Removing it takes the machine, the home or the workspace with it. */
  readonly vital: boolean;
  /** Writing to it gives lasting access. */
  readonly access: boolean;
  /** The machine's own record. */
  readonly audit: boolean;
  /** Belongs to Pullcord, or holds what does. */
  readonly gate: GateRelation;
}

const nowhere: Place = {
  area: "unknown",
  secret: false,
  guarded: false,
  recreatable: false,
  irreplaceable: false,
  vital: false,
  access: false,
  audit: false,
  gate: null,
};

/** Classifies a path that the surroundings resolved; null stands for one that cannot be known. */
export function placeOf(path: string | null, surroundings: Surroundings): Place {
  if (path === null) return nowhere;
  const { workspace, home, facts } = surroundings;
  const area = areaOf(path, workspace, home);
  // Rules about names look at what lies below the workspace or the home, so that `/home/build/x` is no build folder.
  const local = area === "workspace" && workspace !== null ? path.slice(workspace.length) : path;
  return {
    area,
    secret: isSecret(path, home),
    guarded: isGuarded(path, local, home),
    recreatable: area === "workspace" && (facts?.isRecreatable?.(path) ?? recreatable.test(local)),
    irreplaceable: area === "workspace" && (irreplaceable.test(local) || facts?.isIrreplaceable?.(path) === true),
    vital: isVital(path, home),
    access: access.test(path) || (path.startsWith(home) && homeAccess.test(path.slice(home.length))),
    audit: audit.test(path),
    gate: gateRelation(path, surroundings),
  };
}

/** True when `path` is `folder` or lies below it; both resolved. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

/** Letters of other scripts that pass for Latin ones, and characters that do not show. */
export function hasLookalike(path: string): boolean {
  return /[\u0370-\u052f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2024\u2044\u2100-\u218f\u2215\uff00-\uff5e\ufeff]/u.test(path);
}

const separator = "(?:^|/)";
const recreatable = new RegExp(
  `${separator}(?:node_modules|dist|build|\\.next|\\.nuxt|\\.turbo|\\.cache|coverage|\\.nyc_output|htmlcov|\\.venv|venv|__pycache__|\\.pytest_cache|\\.mypy_cache|\\.ruff_cache|\\.tox|\\.parcel-cache|\\.vite|\\.gradle|target|tmp|[^/]+\\.pyc|[^/]+\\.tsbuildinfo|test-results|playwright-report)(?:/|$)`,
);
const irreplaceable =
  /(?:^|\/)(?:\.env(?!\.(?:example|sample|template))[^/]*|data|uploads|backups?|[^/]+\.(?:db|sqlite3?|dump|bak))(?:\/|$)/;
const secretNames = new RegExp(
  [
    "/\\.env(?!\\.(?:example|sample|template|dist)$)(?:\\.[^/]*)?$",
    "/\\.envrc$",
    "/\\.ssh(?:/(?!known_hosts$|config$|[^/]+\\.pub$).*)?$",
    "/\\.gnupg(?:/|$)",
    "/\\.aws(?:/(?!config$).*)?$",
    "/\\.azure(?:/|$)",
    "/\\.config/(?:gcloud|gh|hub|op|doctl|heroku|stripe|netlify|configstore|git/credentials|containers/auth\\.json|rclone)(?:/|$)",
    "/\\.kube(?:/(?!cache(?:/|$)).*)?$",
    "/\\.docker/config\\.json$",
    "/\\.(?:npmrc|pypirc|netrc|pgpass|my\\.cnf|git-credentials|vault-token|terraformrc|s3cfg|boto|databrickscfg)$",
    "/\\.terraform\\.d/credentials",
    "/\\.(?:bash|zsh|sh|python|node_repl|psql|mysql|sqlite|rediscli|lesshs)_?(?:history|hist|t)$",
    "/\\.(?:mozilla|password-store|local/share/keyrings|config/(?:google-chrome|chromium|BraveSoftware))(?:/|$)",
    "/(?:id_rsa|id_ed25519|id_ecdsa|id_dsa)$",
    "\\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc)$",
    "\\.tfstate(?:\\.backup)?$",
    "/(?:credentials|secrets?|kubeconfig)(?:\\.(?:json|ya?ml|toml|ini|txt|env))?$",
    "/service-account[^/]*\\.json$",
    "^/etc/(?:g?shadow-?|sudoers(?:\\.d(?:/.*)?)?|ssh/ssh_host_[^/]*_key|krb5\\.keytab|NetworkManager/system-connections(?:/.*)?)$",
    "^/proc/(?:\\d+|self|thread-self)/(?:environ|mem|maps)$",
    "^/(?:var/)?run/secrets(?:/|$)",
    "^/root(?:/|$)",
  ].join("|"),
);
const guardedNames =
  /\/(?:\.git(?:\/(?!index$|COMMIT_EDITMSG$).*)?|\.github\/(?:workflows|actions)(?:\/.*)?|\.gitlab-ci\.yml|\.circleci(?:\/.*)?|Jenkinsfile|azure-pipelines\.yml|bitbucket-pipelines\.yml|\.travis\.yml|\.drone\.yml|\.buildkite(?:\/.*)?|\.husky(?:\/.*)?|\.githooks(?:\/.*)?|lefthook\.ya?ml|\.pre-commit-config\.yaml|\.envrc|\.npmrc|\.yarnrc(?:\.yml)?|\.pnpmfile\.cjs|pip\.conf|\.gitattributes|\.gitmodules|\.gitconfig|\.vscode\/(?:tasks|settings|launch)\.json|\.devcontainer(?:\/.*)?|\.claude(?:\/(?!(?:todos|plans|projects)(?:\/|$)).*)?|\.codex(?:\/.*)?|\.gemini(?:\/.*)?|\.cursor(?:\/.*)?|\.qwen(?:\/.*)?|\.cline(?:\/.*)?|\.clinerules(?:\/.*)?|\.opencode(?:\/.*)?|opencode\.json|\.mcp\.json|mcp\.json|CLAUDE\.md|AGENTS\.md|GEMINI\.md|\.cursorrules|\.direnv(?:\/.*)?|CODEOWNERS)$/;
const startFiles =
  /^\/\.(?:bashrc|bash_profile|bash_login|bash_logout|bash_aliases|profile|zshrc|zshenv|zprofile|zlogin|zlogout|kshrc|inputrc|xprofile|xinitrc|xsession|vimrc|exrc|emacs|tmux\.conf|screenrc|curlrc|wgetrc|ssh\/config|config\/(?:fish|autostart|systemd|environment\.d|git|nvim)(?:\/.*)?|vim(?:\/.*)?|local\/bin(?:\/.*)?)$|^\/bin(?:\/.*)?$/;
const access =
  /^\/etc\/(?:passwd|g?shadow|group|sudoers(?:\.d(?:\/.*)?)?|ld\.so\.preload|pam\.d(?:\/.*)?|ssh\/sshd_config(?:\.d(?:\/.*)?)?|security(?:\/.*)?|polkit-1(?:\/.*)?|doas\.conf)$|^\/root\/\.ssh(?:\/.*)?$|\/\.ssh\/(?:authorized_keys2?|rc)$/;
const homeAccess = /^\/\.ssh\/(?:authorized_keys2?|rc)$|^\/\.rhosts$|^\/\.shosts$/;
const audit =
  /^\/var\/log(?:\/(?:syslog|messages|auth\.log|secure|kern\.log|audit|journal|wtmp|btmp|lastlog|faillog)[^/]*(?:\/.*)?)?$|^\/etc\/(?:audit|rsyslog\.(?:conf|d))(?:\/.*)?$|^\/run\/log\/journal(?:\/.*)?$/;
const systemFolders = /^\/(?:bin|boot|dev|etc|lib|lib32|lib64|opt|proc|root|run|sbin|srv|sys|usr|var|snap)(?:\/|$)/;
const vitalPaths = /^\/(?:bin|boot|dev|etc|home|lib|lib32|lib64|opt|proc|root|run|sbin|srv|sys|usr|var|usr\/[^/]+|var\/lib|home\/[^/]+)?$/;
const openHome =
  /^\/(?:\.gitconfig|\.gitignore[^/]*|\.(?:bash|zsh)rc|\.profile|\.bash_profile|\.zshenv|\.vimrc|\.inputrc|\.tmux\.conf|\.editorconfig|\.tool-versions|\.nvmrc|\.ssh\/(?:known_hosts|config|[^/]+\.pub)|\.aws\/config|\.config\/(?:git|nvim|fish|Code)(?:\/.*)?|\.(?:cache|npm|nvm|cargo|rustup|pyenv|rbenv|volta|bun|deno|m2|gradle|vscode|claude|codex|gemini|cursor|local\/(?:bin|lib|share\/(?:pnpm|uv|virtualenvs|man)))(?:\/.*)?|go\/pkg(?:\/.*)?)$/;

/** True of home files that anybody's tools read: no question. */
export function isOpenHome(path: string, home: string): boolean {
  return path === home || openHome.test(path.slice(home.length));
}

function areaOf(path: string, workspace: string | null, home: string): Place["area"] {
  if (/^\/dev\/(?:null|zero|stdin|stdout|stderr|tty|full|u?random|fd(?:\/\d+)?|shm|pts\/\d+)$/.test(path)) return "null_device";
  if (/^\/dev(?:\/|$)/.test(path) && !path.startsWith("/dev/shm/")) return "device";
  if (workspace !== null && workspace !== "/" && isWithin(path, workspace)) return "workspace";
  if (/^\/(?:tmp|var\/tmp|dev\/shm)\//.test(path)) return "scratch";
  if (isWithin(path, home) || path.startsWith("/home/") || path.startsWith("/root/")) return "home";
  if (path === "/" || systemFolders.test(path)) return "system";
  return "elsewhere";
}

function isSecret(path: string, home: string): boolean {
  return secretNames.test(path) && !isOpenHome(path, home) && !/^\/(?:usr|etc\/ssl\/certs|lib)\//.test(path);
}

function isGuarded(path: string, local: string, home: string): boolean {
  if (guardedNames.test(path === local ? path : local)) return true;
  if (path.startsWith(`${home}/`) && startFiles.test(path.slice(home.length))) return true;
  return /^\/etc\/(?:profile|bash\.bashrc|environment|cron[^/]*|systemd|init\.d|rc\.local|hosts|resolv\.conf|crontab)(?:\/|$|\.)|^\/(?:var\/spool\/cron|usr\/lib\/systemd|lib\/systemd)/.test(
    path,
  );
}

function isVital(path: string, home: string): boolean {
  return path === home || vitalPaths.test(path) || isWithin(home, path);
}
