import { useMutation } from "@tanstack/react-query";
import { ShieldAlert, ShieldCheck } from "lucide-react";
import { announce } from "../../live/announce.js";
import { useClient } from "../../live/client.js";
import { Button } from "../../parts/button.js";
import { WriteTrouble } from "../../parts/state-pages.js";
import { count, shortDigest } from "../../text/words.js";

/** Checks every entry against every head, now. */
export function Verify() {
  const client = useClient();
  const verify = useMutation({
    mutationFn: () => client.verifyAudit(),
    onSuccess: (result) =>
      announce(
        result.ok ? `Verified, ${result.entries} entries` : `Entry ${result.problem?.seq ?? ""} does not fit`,
        result.ok ? "polite" : "assertive",
      ),
  });
  const { data } = verify;
  return (
    <div className="flex flex-wrap items-center gap-3">
      {data?.ok && (
        <span className="inline-flex items-center gap-2 text-body">
          <ShieldCheck size={17} aria-hidden="true" className="text-accent" />
          {count(data.entries, "entry", "entries")} verified, head <code className="text-small">{shortDigest(data.head)}</code>
        </span>
      )}
      {data && !data.ok && (
        <span role="alert" className="inline-flex items-center gap-2 text-body font-semibold text-danger">
          <ShieldAlert size={17} aria-hidden="true" />
          Entry {data.problem?.seq} does not fit: {data.problem?.sentence}
        </span>
      )}
      <WriteTrouble error={verify.error} />
      <Button isDisabled={verify.isPending} onPress={() => verify.mutate()}>
        {verify.isPending ? "Verifying" : "Verify"}
      </Button>
    </div>
  );
}
