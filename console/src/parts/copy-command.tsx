import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { announce } from "../live/announce.js";
import { HostileText } from "../text/hostile-text.js";
import { Button } from "./button.js";

const shownMs = 1_600;

/** A command to type, with a button that copies it. It may be made of an agent's own words: nothing in it stays invisible. */
export function CopyCommand({ command }: { readonly command: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    await navigator.clipboard.writeText(command);
    setCopied(true);
    announce("Copied");
  };
  return (
    <span className="inline-flex max-w-full items-center gap-1 rounded-card border border-line bg-sunken py-1 pr-1 pl-3.5">
      <code className="min-w-0 text-small break-words whitespace-pre-wrap">
        <HostileText text={command} />
      </code>
      <Button
        tone="quiet"
        square
        aria-label={`Copy ${command}`}
        onPress={() => void copy().catch(() => announce("Copying is not allowed here; select the text instead"))}
      >
        {copied ? <Check size={15} aria-hidden="true" /> : <Copy size={15} aria-hidden="true" />}
      </Button>
    </span>
  );
}
