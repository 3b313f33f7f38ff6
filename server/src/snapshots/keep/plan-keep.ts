import { hash } from "node:crypto";
import { canonicalJson, PullcordError, type PathLeft } from "@pullcord/sdk/protocol";
import type { Workspace } from "@pullcord/sdk/undo";
import type { PlannedKeep } from "../../domain/snapshots.js";
import { Repository } from "./repository.js";

const longestShown = 12;

interface WantedKeep {
  readonly workspace: Workspace;
  readonly runId: string;
  /** What the run changed outside of the repository. */
  readonly elsewhere: readonly PathLeft[];
  /** Where git is looked for. */
  readonly programPath: string;
}

/**
 * What keeping a run's changes as a commit comes to (E20). It is made from what the snapshots hold, on the commit that the
 * repository stood at when the run began: nothing of the working tree is read, so what a person changed since is not in it.
 * @throws PullcordError `conflict`/`no_repository`, `conflict`/`nothing_to_keep`, `unavailable`/`git_missing`
 */
export async function planKeep({ workspace, runId, elsewhere, programPath }: WantedKeep): Promise<PlannedKeep> {
  const repository = await Repository.open(workspace.root, programPath);
  const base = await repository.baseOf(runId);
  const committed = await repository.filesIn(base, workspace.committablePaths(runId));
  const { files, left: mixed } = await workspace.onto(runId, committed);
  const barred = await repository.notCommittable(base, files, new Set(committed.keys()));
  const left: PathLeft[] = [...[...mixed, ...barred].map((one) => ({ of: "file" as const, ...one })), ...elsewhere].toSorted(byPath);
  const isLeft = new Set(left.map(({ path }) => path));
  const kept = new Map(
    [...files].filter(([path]) => !isLeft.has(path)).toSorted(([one], [other]) => byPath({ path: one }, { path: other })),
  );
  if (kept.size === 0) throw nothingToKeep(runId, left);
  const contents = [...kept].map(([path, file]) => [path, file && [file.mode, hash("sha256", file.content)]]);
  return {
    base,
    paths: [...kept.keys()],
    left,
    digest: hash(
      "sha256",
      canonicalJson({ base: base?.commit ?? null, contents, left: left.map(({ path, sentence }) => [path, sentence]) }),
    ),
    person: await repository.person(),
    requireName: (branch) => repository.requireName(branch),
    commit: async (wanted) => {
      const commit = await repository.commit({ ...wanted, runId, base, files: kept });
      // No run that is under way in the same folder made that branch.
      await workspace.lookAsOurs([`.git/refs/heads/${wanted.branch}`, `.git/logs/refs/heads/${wanted.branch}`]);
      return commit;
    },
  };
}

function byPath(one: { readonly path: string }, other: { readonly path: string }): number {
  return one.path < other.path ? -1 : 1;
}

function nothingToKeep(runId: string, left: readonly PathLeft[]): PullcordError {
  const named = left.slice(0, longestShown).map(({ path, sentence }) => `${path}: ${sentence}`);
  const why =
    left.length === 0 ? "It changed no file that is not committed already." : `What it changed can't be committed. ${named.join(" ")}`;
  return new PullcordError("conflict", "nothing_to_keep", `Run ${runId} leaves nothing to keep as a commit. ${why}`);
}
