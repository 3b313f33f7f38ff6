import type { Programs } from "./usage.js";

/** Text editors. A terminal editor waits for keys that nobody sees here, so opening one is not understood. */
export const editors: Programs = {
  "code codium subl zed code-insiders cursor windsurf": {
    flags:
      "-g -r -n -w -d --goto --reuse-window --new-window --wait --diff --list-extensions:shows --show-versions --category= --install-extension=!installs_new",
    takes: "read...",
  },
};
