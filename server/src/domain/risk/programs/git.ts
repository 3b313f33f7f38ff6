import type { Programs } from "./usage.js";
import { gitVerbs } from "./git-verbs.js";
import { readGit } from "./git-call.js";

/** git and its forges' tools. Options before the verb that make git run other code are left out on purpose. */
export const git: Programs = {
  git: {
    flags:
      "-C=folder -c= --no-pager --paginate -p -P --git-dir=folder --work-tree=folder --no-optional-locks --literal-pathspecs --bare --version:shows --help:shows --exec-path?!git_guarded --html-path:shows --no-replace-objects --namespace= -h:shows -v:shows",
    verbs: gitVerbs,
    read: readGit,
  },
};
