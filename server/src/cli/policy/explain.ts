import { autonomyLevels, PullcordError, trustTiers, type ActionType, type ProposedAction } from "@pullcord/sdk";
import { judgeAction, type Judged } from "../../domain/judge-action.js";
import { prepareReading } from "../../domain/risk/read-action.js";
import { parsePolicy } from "../../policyfile/parse-policy.js";
import type { Cli } from "../cli.js";
import { escapeLine } from "../screen/escape.js";
import type { Call } from "../verb.js";
import { describedPlace, loadFile, pathOf } from "./files.js";

/** What a policy would say to an action, and by which of its lines. */
export async function explainPolicy(cli: Cli, call: Call): Promise<void> {
  const proposed = proposedOf(call);
  const { policy, name, close } = await policyOf(cli, call.text("policy"));
  try {
    await prepareReading();
    const agent = call.text("agent");
    const judged = judgeAction(proposed, {
      policy,
      surroundings: describedPlace({
        workspace: cli.surroundings.workingDirectory,
        home: cli.surroundings.environment["HOME"] ?? "/home/user",
      }),
      autonomy: autonomyLevels.find((level) => level === call.text("autonomy")) ?? null,
      trustTier: trustTiers.find((tier) => tier === call.text("trust")) ?? "standard",
      now: Date.now(),
      ...(agent === undefined ? {} : { agent }),
    });
    if (cli.isJson)
      cli.screen.json({ effect: judged.effect, level: judged.level, reasons: judged.reasons, assessment: judged.reading.assessment });
    else show(cli, name, judged);
  } finally {
    close();
  }
}

async function policyOf(cli: Cli, file: string | undefined) {
  if (file !== undefined) {
    const path = pathOf(cli, file);
    const { policy, matchers } = await loadFile(path);
    return { policy, name: file, close: () => matchers?.close() };
  }
  const { text, file: inForce } = await cli.person().policy();
  const parsed = parsePolicy(text, inForce ?? "built-in policy");
  if ("problem" in parsed) throw new PullcordError("invalid", "policy", parsed.problem.sentence);
  return { policy: parsed.ok, name: inForce ?? "built-in policy", close: () => {} };
}

function proposedOf(call: Call): ProposedAction {
  const type = (call.text("type") ?? "command_execute") as ActionType;
  const environment = call.text("environment");
  const path = call.text("path");
  const command = call.args.join(" ");
  const given = {
    ...(command === "" ? {} : { command }),
    ...(path === undefined ? {} : { path }),
    ...argumentsOf(call.text("arguments")),
  };
  if (Object.keys(given).length === 0)
    throw new PullcordError("invalid", "action", "Say what the action is: a command, --path or --arguments.");
  return { type, arguments: given, ...(environment === undefined ? {} : { environment }) };
}

function argumentsOf(text: string | undefined): ProposedAction["arguments"] {
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as ProposedAction["arguments"];
  } catch {
    // Said below.
  }
  throw new PullcordError("invalid", "arguments", "--arguments is no JSON object.");
}

const effectWords = { allow: "Allowed", require_approval: "A person is asked", deny: "Denied" } as const;

function show({ screen }: Cli, name: string, { effect, level, reasons, reading }: Judged): void {
  screen.line(`${screen.paint.strong(effectWords[effect])}${effect === "require_approval" ? `, level ${level}` : ""}`);
  for (const { step, sentence, rule, line } of reasons) {
    const place = line === undefined ? "" : `  ${name}:${line}`;
    screen.field(step, `${escapeLine(sentence)}${rule === undefined ? "" : ` [${escapeLine(rule)}${place}]`}`);
  }
  screen.field("risk", `${reading.assessment.score} of 100, ${reading.assessment.reversibility}`);
}
