import type { Family } from "../family.js";
import { containers } from "./containers.js";
import { kubernetes } from "./kubernetes.js";
import { accounts, crontab, mounts } from "./machine.js";
import { owners } from "./owners.js";
import { apt, brew, cargo, npm, pip } from "./packages.js";
import { remotes } from "./remotes.js";
import { systemd } from "./services.js";

/** All programs whose effects outside files can be taken back. */
export const families: readonly Family[] = [
  npm,
  pip,
  apt,
  brew,
  cargo,
  systemd,
  containers,
  remotes,
  kubernetes,
  crontab,
  accounts,
  owners,
  mounts,
];
