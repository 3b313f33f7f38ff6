import { FileDiff } from "lucide-react";
import { useChanges } from "../../live/queries.js";
import { ChangeList, NotKept } from "../../parts/changes.js";
import { Empty, Loading, Trouble } from "../../parts/state-pages.js";

/** Everything this run changed, from before it to after it. */
export function Changes({ run }: { readonly run: string }) {
  const changes = useChanges(run);
  if (!changes.data) return changes.isError ? <Trouble error={changes.error} retry={() => void changes.refetch()} /> : <Loading />;
  return (
    <div className="flex flex-col gap-4">
      {changes.data.changes.length === 0 ? (
        <Empty icon={FileDiff} title="No file was changed">
          Files that an action changes show up here, with their lines.
        </Empty>
      ) : (
        <ChangeList label="Changed paths" changes={changes.data.changes} />
      )}
      <NotKept sentences={changes.data.notKept} />
    </div>
  );
}
