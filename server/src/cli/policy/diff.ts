import type { PolicyChange } from "@pullcord/sdk";
import { diffPolicies } from "../../domain/policy/diff.js";
import type { Cli } from "../cli.js";
import { escapeLine } from "../screen/escape.js";
import { checkedFile, checkedText, pathOf } from "./files.js";

/** What a file would change: against another file, or against what is in force. */
export async function diffPolicy(cli: Cli, file: string, other: string | undefined): Promise<void> {
  const [before, after] =
    other === undefined
      ? [checkedText((await cli.person().policy()).text, "policy in force"), checkedFile(pathOf(cli, file))]
      : [checkedFile(pathOf(cli, file)), checkedFile(pathOf(cli, other))];
  const changes = diffPolicies(before.document, after.document);
  if (cli.isJson) return cli.screen.json({ changes });
  if (changes.length === 0) return cli.screen.line("They say the same.");
  for (const change of changes) showChange(cli, change);
}

const signs = { added: "+", removed: "-", changed: "~" } as const;

function showChange({ screen }: Cli, { kind, what, before, after, direction }: PolicyChange): void {
  screen.line(`${signs[kind]} ${escapeLine(what)}${direction === null ? "" : `  (${direction})`}`);
  if (before !== null) screen.field("  before", escapeLine(before));
  if (after !== null) screen.field("  after", escapeLine(after));
}
