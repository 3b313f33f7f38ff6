import { useMutation } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { useState } from "react";
import { announce } from "../live/announce.js";
import { useClient } from "../live/client.js";
import { Button } from "./button.js";
import { Field } from "./field.js";
import { WriteTrouble } from "./state-pages.js";

const longestText = 20_000;

/** An instruction to a run, delivered at its next safe point. */
export function Tell({
  run,
  onDone,
  takesFocus = true,
}: {
  readonly run: string;
  readonly onDone: () => void;
  readonly takesFocus?: boolean;
}) {
  const client = useClient();
  const [text, setText] = useState("");
  const send = useMutation({
    mutationFn: () => client.intervene({ kind: "instruct", scope: { kind: "run", id: run }, text }),
    onSuccess: () => {
      announce("Instruction sent; it is delivered at the next safe point");
      onDone();
    },
  });
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim()) send.mutate();
      }}
    >
      <Field
        label="Tell the agent"
        hint="Reaches it at its next safe point; you see here when it did."
        rows={2}
        takesFocus={takesFocus}
        maxLength={longestText}
        value={text}
        onChange={setText}
        placeholder="Leave the migrations alone; only touch src/."
      />
      <WriteTrouble error={send.error} />
      <div className="flex gap-2">
        <Button type="submit" tone="primary" isDisabled={!text.trim() || send.isPending}>
          <Send size={15} aria-hidden="true" /> Tell
        </Button>
        <Button tone="quiet" onPress={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
