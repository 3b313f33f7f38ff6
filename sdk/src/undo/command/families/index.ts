import type { Family } from "../family.js";
import { accessLists } from "./access-lists.js";
import { containers } from "./containers.js";
import { iptables, ufw } from "./firewall.js";
import { helm } from "./helm.js";
import { infrastructure } from "./infrastructure.js";
import { kubernetes } from "./kubernetes.js";
import { forge } from "./forge.js";
import { cargo, gem, go, npm, pip, pipx, uv } from "./language-packages.js";
import { accounts, crontab, mounts } from "./machine.js";
import { machineSettings, sysctl } from "./machine-settings.js";
import { owners } from "./owners.js";
import { remotes } from "./remotes.js";
import { defaultTarget, systemd } from "./services.js";
import { apk, apt, brew, flatpak, pacman, rpm, snap } from "./system-packages.js";

/** All programs whose effects outside files can be taken back. One more is one more line here. */
export const families: readonly Family[] = [
  npm,
  pip,
  pipx,
  uv,
  cargo,
  gem,
  go,
  apt,
  rpm,
  apk,
  pacman,
  brew,
  snap,
  flatpak,
  systemd,
  defaultTarget,
  containers,
  remotes,
  forge,
  kubernetes,
  helm,
  infrastructure,
  crontab,
  accounts,
  owners,
  accessLists,
  mounts,
  sysctl,
  machineSettings,
  iptables,
  ufw,
];
