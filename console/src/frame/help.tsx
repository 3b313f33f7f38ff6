import { useState } from "react";
import { Key } from "../parts/chip.js";
import { Dialog } from "../parts/dialog.js";
import { useShortcuts } from "../parts/shortcuts.js";

const keyHelp = [
  [".", "Stop everything: hold for 0.6 s"],
  ["J", "Next request"],
  ["K", "Previous request"],
  ["Enter", "Open it"],
  ["A", "Approve; high risk: goes to the hold button, then hold Enter"],
  ["D", "Deny, with a reason"],
  ["E", "Edit what will run"],
  ["/", "Search this page"],
  ["?", "This help"],
] as const;

export function KeyTable() {
  return (
    <dl className="grid grid-cols-[auto_1fr] items-baseline gap-x-4 gap-y-2.5 text-body">
      {keyHelp.map(([key, what]) => (
        <div key={key} className="contents">
          <dt>
            <Key>{key}</Key>
          </dt>
          <dd className="text-muted">{what}</dd>
        </div>
      ))}
    </dl>
  );
}

export function HelpDialog() {
  const [open, setOpen] = useState(false);
  useShortcuts({ "?": () => setOpen(true) });
  return (
    <Dialog title="Keys" isOpen={open} onClose={() => setOpen(false)}>
      <KeyTable />
    </Dialog>
  );
}
