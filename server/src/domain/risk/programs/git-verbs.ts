import { readByTable } from "./read-call.js";
import type { Usage } from "./usage.js";

const shows = "-p=text *";
/** Shared by the verbs that show differences. */
const diffFlags =
  "--output=write --ext-diff!git_guarded -S= -G= -U= -n= -L=data -O=read --since= --until= --author= --grep= --format= --pretty? --stat? --max-count= --textconv -NUM *";

/** git's verbs. What is not listed asks. */
export const gitVerbs: Readonly<Record<string, Usage>> = {
  "log show diff whatchanged shortlog range-diff diff-tree diff-files diff-index": { flags: diffFlags, does: "harmless" },
  "status blame annotate ls-files ls-tree rev-parse rev-list describe name-rev merge-base cat-file check-ignore check-attr check-ref-format show-ref for-each-ref show-branch count-objects var version cherry verify-commit verify-tag ls-remote-local get-tar-commit-id fsck column stripspace patch-id interpret-trailers help check-mailmap hash-object show-index diagnose-not merge-tree request-pull-not":
    { flags: "--contents=read -C? -L=data *", does: "harmless" },
  reflog: {
    flags: "*",
    does: "harmless",
    stopsEarly: true,
    verbs: { "show exists list": { flags: "*", does: "harmless" }, "expire delete drop": { flags: "*", does: "git_discards" } },
    otherVerbs: { flags: "*", does: "harmless" },
  },
  grep: {
    flags: "-O?!runs_hidden --open-files-in-pager?!runs_hidden -e= -f=read -m= -A= -B= -C= --max-depth= --threads= *",
    does: "reads_workspace",
  },
  "ls-remote": { flags: "--upload-pack=!runs_hidden --exec=!runs_hidden -o= *", does: "git_fetches" },
  fetch: {
    flags:
      "--upload-pack=!runs_hidden -p -v -q -t -f -n -a -k -u -4 -6 --all --prune --prune-tags --tags --no-tags --depth= --deepen= --unshallow --dry-run --multiple --force --recurse-submodules? --quiet --verbose --progress -j= --jobs= --shallow-since= --filter= --atomic --append --set-upstream --no-recurse-submodules --update-shallow --refmap= -o= --no-auto-gc --auto-gc --update-head-ok",
    does: "git_fetches",
  },
  pull: {
    flags:
      "--upload-pack=!runs_hidden -r --rebase? --no-rebase --ff-only --ff --no-ff -q -v --quiet --verbose --autostash --no-autostash --all --prune -p --tags --no-tags --depth= --squash --no-commit --commit --no-edit -s= -X= --stat --allow-unrelated-histories -j= --recurse-submodules? --dry-run -n",
    does: "git_fetches",
  },
  clone: {
    flags:
      "--upload-pack=!runs_hidden -u=!runs_hidden -c=!git_guarded --config=!git_guarded --template=!git_guarded -q -v -n -l -s --bare --mirror --depth= -b= --branch= -o= --origin= --single-branch --no-single-branch --no-tags --recurse-submodules? --shallow-submodules --filter= -j= --progress --quiet --no-checkout --sparse --shallow-since= --recursive --no-hardlinks --local --reference= --dissociate",
    does: "git_fetches",
    takes: "text write",
  },
  "add stage": { flags: "-e!runs_hidden --edit!runs_hidden *", does: "git_reversible" },
  commit: {
    flags:
      "-n!git_guarded --no-verify!git_guarded -m= -F=read -C= -c= -t=read -S? -u? --message= --file=read --author= --date= --fixup= --squash= --template=read --reuse-message= --trailer= --cleanup= -a -v -q -s -p -e -i -o --all --amend --no-edit --edit --signoff --allow-empty --allow-empty-message --dry-run --verbose --quiet --patch --reset-author --no-gpg-sign --gpg-sign? --only --include --no-post-rewrite --branch --short --porcelain --long --untracked-files? --pathspec-from-file=read --status --no-status",
    does: "git_reversible",
  },
  merge: {
    flags:
      "--no-verify!git_guarded -m= -F=read -s= -X= -S? --abort --continue --quit --ff --no-ff --ff-only --squash --no-commit --no-edit --edit -e -q -v --log? --no-log --stat --no-stat -n --autostash --allow-unrelated-histories --signoff --verify-signatures --no-gpg-sign --strategy= --strategy-option= --quiet --verbose --commit",
    does: "git_reversible",
  },
  rebase: {
    flags:
      "-x=shell --exec=shell --no-verify!git_guarded --onto= -i -p -r -q -v -f -s= -X= -S? --interactive --continue --abort --skip --quit --edit-todo --autosquash --no-autosquash --autostash --no-autostash --rebase-merges? --root --keep-base --update-refs --strategy= --strategy-option= --quiet --verbose --force-rebase --fork-point --no-fork-point --committer-date-is-author-date --signoff --empty= --keep-empty --reapply-cherry-picks --apply --merge --show-current-patch --no-gpg-sign",
    does: "git_reversible",
  },
  "cherry-pick revert": {
    flags:
      "-m= -x -n -s -e -S? -X= --no-commit --no-edit --edit --continue --abort --skip --quit --signoff --mainline= --strategy= --strategy-option= --ff --allow-empty --keep-redundant-commits --no-gpg-sign --empty=",
    does: "git_reversible",
  },
  am: {
    flags:
      "-3 -s -k -q -i -p= --3way --signoff --continue --abort --skip --quit --show-current-patch? --keep --keep-cr --reject --no-verify!git_guarded",
    does: "git_reversible",
    takes: "read...",
  },
  apply: {
    flags:
      "-3 -R -p= -v -q --3way --index --cached --check:shows --stat:shows --numstat:shows --summary:shows --reverse --reject --whitespace= --directory= --exclude= --include= --unidiff-zero --unsafe-paths!writes_outside --recount --verbose --ignore-whitespace --ignore-space-change",
    does: "git_reversible",
    takes: "read...",
  },
  stash: {
    bare: "git_reversible",
    flags: "-u -a -k -p -q -m= -S --all --include-untracked --keep-index --no-keep-index --patch --quiet --message= --staged",
    does: "git_reversible",
    verbs: {
      "drop clear": { flags: "*", does: "git_discards" },
      "push save apply pop branch create store": {
        flags:
          "-u -a -k -p -q -m= -S --all --include-untracked --keep-index --no-keep-index --patch --quiet --message= --index --staged --pathspec-from-file=read",
        does: "git_reversible",
      },
      "list show": { flags: diffFlags, does: "harmless" },
    },
  },
  branch: {
    flags:
      "-D!git_discards -d -m -M!git_discards -c -C!git_discards -f!git_discards --force!git_discards --delete --move --copy --edit-description!runs_hidden -u= --set-upstream-to= -t --track? --contains= --no-contains= --merged? --no-merged? --points-at= --sort= --format= *",
    does: "git_reversible",
  },
  tag: {
    flags:
      "-d!git_discards --delete!git_discards -f!git_discards --force!git_discards -m= -F=read -u= --sort= --format= --contains? --points-at= -n? *",
    does: "git_reversible",
  },
  "checkout switch": { flags: "-b= -B= -c= -C= --orphan= --conflict= --pathspec-from-file=read *", does: "git_reversible" },
  restore: { flags: "-s= --source= --pathspec-from-file=read --conflict= *", does: "git_reversible" },
  reset: {
    flags:
      "--hard!git_discards --merge!git_discards --keep!git_discards --soft --mixed -q -N -p --quiet --patch --intent-to-add --pathspec-from-file=read --no-refresh --refresh",
    does: "git_reversible",
  },
  clean: { flags: "-n:dry --dry-run:dry -f -d -x -X -i -q -e= --force --quiet --interactive --exclude=", does: "git_discards" },
  rm: {
    flags: "-n:dry --dry-run:dry --cached -f!git_discards -r!deletes_many -q --force!git_discards --ignore-unmatch --quiet",
    // With `--cached` only the index forgets the files.
    read: (call, { read: _own, ...table }) =>
      call.words.some((word) => word.text === "--cached")
        ? readByTable(call, { flags: "*", takes: "text...", does: "git_reversible" })
        : readByTable(call, { ...table, takes: "delete..." }),
  },
  mv: { flags: "-f!git_discards -k -n:dry -v --force!git_discards --dry-run:dry --verbose", takes: "move...", does: "git_reversible" },
  push: { flags: "-n:dry --dry-run:dry --no-verify!git_guarded --receive-pack=!runs_hidden --exec=!runs_hidden *", does: "git_pushes" },
  "send-email imap-send": { flags: "--dry-run:dry *", does: "sends_message" },
  remote: {
    flags: "-v --verbose",
    bare: "harmless",
    verbs: {
      "show get-url": { flags: "*", does: "harmless" },
      "prune update": { flags: "*", does: "git_fetches" },
      "add set-url rename remove rm set-head set-branches": { flags: "*", does: "git_guarded" },
    },
  },
  config: { flags: "-e!runs_hidden --edit!runs_hidden -f=write --file=write *", does: "harmless" },
  worktree: {
    verbs: {
      list: { flags: "*", does: "harmless" },
      add: {
        flags: "-b= -B= -d -f --detach --force --track --no-track --checkout --no-checkout --lock --reason= -q --orphan",
        does: "git_reversible",
        takes: "write text",
      },
      "prune lock unlock repair": { flags: "*", does: "git_reversible" },
      move: { flags: "*", takes: "write...", does: "git_reversible" },
      remove: { flags: "-f!git_discards --force!git_discards", does: "deletes_many" },
    },
  },
  submodule: {
    bare: "harmless",
    flags: "--quiet -q",
    verbs: {
      "status summary": { flags: "*", does: "harmless" },
      "update init sync": {
        flags:
          "--init --recursive --remote --depth= -j= --jobs= --merge --rebase --no-fetch --checkout -f!git_discards --force!git_discards",
        does: "git_fetches",
      },
      foreach: { flags: "--recursive -q --quiet", takes: "command" },
      "add deinit set-url set-branch": { flags: "*", does: "git_guarded" },
    },
  },
  bisect: {
    verbs: {
      "start good bad new old skip reset log view visualize terms": { flags: "*", does: "git_reversible" },
      run: { takes: "command", does: "git_reversible" },
    },
  },
  notes: {
    bare: "harmless",
    verbs: {
      "list show": { flags: "*", does: "harmless" },
      "add append edit copy remove merge prune": { flags: "*", does: "git_reversible" },
    },
  },
  archive: {
    flags:
      "-o=write --output=write --remote=!runs_hidden --exec=!runs_hidden --format= --prefix= -v -l -NUM --list --worktree-attributes --add-file=read",
    does: "harmless",
  },
  "format-patch": {
    flags:
      "-o=write --output-directory=write --output=write -n -N -k -s -v= -NUM --stdout --cover-letter --subject-prefix= --base= --thread? --signoff --numbered --no-numbered --start-number= --to= --cc= --in-reply-to= --from? --root --zero-commit --no-stat --rfc -U= --no-signature --signature= -M -C",
    does: "git_reversible",
  },
  bundle: {
    verbs: {
      create: { flags: "-q --progress", takes: "write text...", does: "git_reversible" },
      "verify list-heads": { flags: "*", does: "harmless" },
      unbundle: { flags: "*", does: "git_reversible" },
    },
  },
  init: { flags: "-q --bare -b= --initial-branch= --quiet --shared? --object-format=", takes: "write", does: "git_reversible" },
  "gc prune repack pack-refs maintenance commit-graph multi-pack-index rerere update-index write-tree commit-tree symbolic-ref mktree mktag update-server-info sparse-checkout":
    { flags: "--prune?!git_discards --expire?!git_discards -d *", does: "git_reversible" },
  "read-tree": { flags: "-u!git_discards --reset!git_discards -m -i -n:dry -q -v --dry-run:dry *", does: "git_reversible" },
  "update-ref": { flags: "-d!git_discards *", does: "git_discards" },
  "filter-branch filter-repo replace": { flags: "*", does: ["git_discards", "runs_hidden"] },
  "difftool mergetool": {
    flags: "-x=shell --extcmd=shell -t= --tool= -y -g -d --no-prompt --prompt --tool-help:shows --dir-diff --gui",
    does: "runs_hidden",
  },
  lfs: {
    bare: "harmless",
    verbs: {
      "ls-files status env logs locks version": { flags: "*", does: "harmless" },
      "pull fetch checkout": { flags: "*", does: "git_fetches" },
      "push lock unlock": { flags: "*", does: "git_pushes" },
      "track untrack install uninstall migrate prune": { flags: "*", does: "git_guarded" },
    },
  },
  // Looks of git-extras and other well-known additions.
  "authors guilt summary effort info fame standup churn recent stats root line-summary missing extras commits-since contrib count local-commits locked show-tree show-merged-branches show-unmerged-branches mailinfo mailsplit unpack-file request-pull bug-ls who":
    {
      flags: "*",
      does: "harmless",
    },
  cp: { flags: "", takes: "text write", does: "git_reversible" },
  "merge-into graft squash stamp lock unlock archive-file": { flags: "--exec=!runs_hidden *", does: "git_reversible" },
  annex: {
    verbs: {
      "whereis find status info list log version help contentlocation lookupkey": { flags: "*", does: "harmless" },
      get: { flags: "*", does: "git_fetches" },
      "add lock unlock fix": { flags: "-f!git_discards --force!git_discards *", does: "git_reversible" },
    },
  },
  "annex-status utimes ignore": { flags: "*", does: "writes_workspace" },
  "shell daemon http-backend cvsserver credential credential-store credential-cache fast-import": { flags: "*", does: "runs_unknown" },
  "blame-not": { flags: shows, does: "harmless" },
};
