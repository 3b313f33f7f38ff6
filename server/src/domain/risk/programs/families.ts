import { administration } from "./administration.js";
import { answers } from "./answers.js";
import { apple } from "./apple.js";
import { appliances } from "./appliances.js";
import { archives } from "./archives.js";
import { builders } from "./builders.js";
import { cloud } from "./cloud.js";
import { clusters } from "./clusters.js";
import { containers } from "./containers.js";
import { databases } from "./databases.js";
import { editors } from "./editors.js";
import { fileChangers } from "./file-changers.js";
import { everyday } from "./everyday.js";
import { finders } from "./find.js";
import { formats } from "./formats.js";
import { git } from "./git.js";
import { interpreters } from "./interpreters.js";
import { laboratory } from "./laboratory.js";
import { machine } from "./machine.js";
import { media } from "./media.js";
import { networkTools } from "./network-tools.js";
import { packages } from "./packages.js";
import { readers } from "./readers.js";
import { shellBuiltins } from "./shell-builtins.js";
import { permissions } from "./permissions.js";
import { platforms } from "./platforms.js";
import { projectTools } from "./project-tools.js";
import { processes } from "./processes.js";
import { system } from "./system.js";
import { systemPackages } from "./system-packages.js";
import { textTools } from "./text-tools.js";
import { desktop } from "./desktop.js";
import { documents } from "./documents.js";
import { screens } from "./screens.js";
import { smallware } from "./smallware.js";
import { science } from "./science.js";
import { conversions } from "./conversions.js";
import { inspectors } from "./inspectors.js";
import { hardware } from "./hardware.js";
import { toolchains } from "./toolchains.js";
import { running } from "./running.js";
import { catalogues } from "./catalogues.js";
import type { Programs } from "./usage.js";
import { viewers } from "./viewers.js";
import { workbench } from "./workbench.js";
import { wrappers } from "./wrappers.js";

/** One more family is one more line here. */
export const families = (): readonly Programs[] => [
  administration,
  answers,
  formats,
  laboratory,
  platforms,
  projectTools,
  screens,
  smallware,
  apple,
  appliances,
  machine,
  workbench,
  desktop,
  documents,
  conversions,
  science,
  toolchains,
  inspectors,
  hardware,
  catalogues,
  everyday,
  viewers,
  shellBuiltins,
  running,
  wrappers,
  readers,
  textTools,
  finders,
  fileChangers,
  archives,
  git,
  packages,
  systemPackages,
  builders,
  interpreters,
  containers,
  clusters,
  cloud,
  databases,
  networkTools,
  media,
  permissions,
  processes,
  system,
  editors,
];
