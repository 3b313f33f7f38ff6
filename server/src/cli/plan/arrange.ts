import { canonicalJson, PullcordError, type ArrangePlan, type Json, type JsonObject, type Plan, type PlanStep } from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import { editArguments } from "../edit-arguments.js";
import type { Call, VerbOption } from "../verb.js";

type Step = ArrangePlan["steps"][number];

export const arrangeOptions: readonly VerbOption[] = [
  { flags: "--remove <numbers>", summary: "take these steps out: 3 or 2,3" },
  { flags: "--restore <numbers>", summary: "put steps back that were taken out, at the end" },
  { flags: "--order <numbers>", summary: "all steps that stand, in the order they are to run" },
  { flags: "--step <number>", summary: "the step whose arguments --arguments gives" },
  { flags: "--arguments <json>", summary: "what runs in place of the step's own arguments" },
];

/** How the options, or without any the person's editor, want the steps to stand. @throws PullcordError `invalid`/`plan` */
export async function arrangement(cli: Cli, call: Call, plan: Plan): Promise<readonly Step[]> {
  const names = ["remove", "restore", "order", "step", "arguments"] as const;
  if (names.every((name) => call.text(name) === undefined)) return inEditor(cli, plan);
  const all = [...plan.steps, ...plan.removed];
  const removed = numbers(call, "remove").map((number) => stepOf(all, number));
  const kept = plan.steps.filter((step) => !removed.includes(step)).map(asItStands);
  const restored = numbers(call, "restore").map((number) => asItStands(stepOf(all, number)));
  const steps = edited([...kept, ...restored], call);
  const order = numbers(call, "order");
  if (order.length === 0) return steps;
  if (order.length !== steps.length) throw bad("--order names every step that stands, once.");
  return order.map((number) => stepOf(steps, number));
}

function edited(steps: readonly Step[], call: Call): readonly Step[] {
  const [step, given] = [call.text("step"), call.text("arguments")];
  if (step === undefined && given === undefined) return steps;
  if (step === undefined || given === undefined) throw bad("--step and --arguments go together.");
  const { number } = stepOf(steps, Number(step));
  return steps.map((each) => (each.number === number ? { number, arguments: objectOf(given) } : each));
}

/** All steps as JSON, to change, move and leave out. */
async function inEditor(cli: Cli, { steps }: Plan): Promise<readonly Step[]> {
  const shown = {
    steps: steps.map(({ number, proposed, approvedArguments }) => ({ number, arguments: approvedArguments ?? proposed.arguments })),
  };
  const saved = (await editArguments(cli, shown)) ?? shown;
  const list = saved["steps"];
  if (!Array.isArray(list)) throw bad("What you saved has no steps.");
  return (list as readonly Json[]).map((each) => {
    const { number, arguments: given } = isObject(each) ? each : {};
    const step = stepOf(steps, Number(number));
    if (!isObject(given)) throw bad(`Step ${step.number} has no arguments.`);
    return canonicalJson(given) === canonicalJson(step.proposed.arguments)
      ? { number: step.number }
      : { number: step.number, arguments: given };
  });
}

function asItStands({ number, approvedArguments }: PlanStep): Step {
  return approvedArguments ? { number, arguments: approvedArguments } : { number };
}

function numbers(call: Call, name: string): readonly number[] {
  const text = call.text(name);
  if (text === undefined) return [];
  const given = text.split(",").map(Number);
  if (!given.every((one) => Number.isInteger(one) && one > 0)) throw bad(`--${name} takes numbers of steps, like 2 or 2,3.`);
  return given;
}

function stepOf<S extends { readonly number: number }>(steps: readonly S[], number: number): S {
  const found = steps.find((step) => step.number === number);
  if (!found) throw bad(`There is no step ${number}: name one of ${steps.map((step) => step.number).join(", ")}.`);
  return found;
}

function objectOf(text: string): JsonObject {
  try {
    const value = JSON.parse(text) as Json;
    if (isObject(value)) return value;
  } catch {
    // Falls through to the sentence below.
  }
  throw bad("--arguments is a JSON object.");
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function bad(sentence: string): PullcordError {
  return new PullcordError("invalid", "plan", sentence);
}
