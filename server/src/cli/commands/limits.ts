import { runOrAgentOf } from "../scope.js";
import { escapeLine } from "../screen/escape.js";
import { limitHead, limitRow } from "../views/limits.js";
import type { Verb } from "../verb.js";

/** What may be used up, and what is (E38 to E40, V9.1.2). */
export const limits: Verb = {
  usage: "limits [run]",
  summary: "what a run, or an agent, may use up, and how much of it is used",
  options: [{ flags: "--agent <name>", summary: "an agent's own limits, in all its runs" }],
  examples: ["limits", "limits r7k2", "limits --agent claude-code"],
  run: async (cli, call) => {
    const scope = await runOrAgentOf(call, cli.person());
    const items = await cli.person().limits.of(scope.kind === "run" ? { run: scope.id } : { agent: scope.id });
    if (cli.isJson) return cli.screen.json({ items });
    if (items.length === 0) return cli.screen.line("The policy limits nothing here. Limits stand under guardrails: docs/limits.md");
    cli.screen.table(
      limitHead,
      items.map((one) => limitRow(one, cli.screen.paint)),
      3,
    );
    for (const { guardrail, owner, state } of items)
      if (state.status === "open") {
        const whose = owner.kind === "run" ? owner.id : `--agent ${owner.id}`;
        cli.screen.line();
        cli.screen.sentence(`${escapeLine(guardrail)}: ${escapeLine(state.reason)}`);
        cli.screen.line(`  pullcord breaker extend ${guardrail} ${whose} --for 30m    let it go on for half an hour`);
        cli.screen.line(`  pullcord breaker reset ${guardrail} ${whose}    count anew`);
      }
  },
};
