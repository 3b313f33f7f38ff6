import type { ShellNode } from "./state.js";

/** `while true; do x & done`: every round leaves something running, and nothing waits. */
export function spawnsWithoutEnd(kind: "while" | "until", clause: ShellNode | null, body: ShellNode): boolean {
  if (clause !== null && !isAlways(clause, kind === "while" ? /^(?:true|:|yes)$/ : /^false$/)) return false;
  return body.type === "CompoundList" && body.commands.length > 0 && body.commands.every((statement) => statement.background === true);
}

function isAlways(node: ShellNode, known: RegExp): boolean {
  if (node.type === "CompoundList") return node.commands.length === 1 && node.commands.every((one) => isAlways(one, known));
  if (node.type === "Statement") return isAlways(node.command, known);
  if (node.type === "ArithmeticCommand") return known.test("true") && /^\s*1\s*$/.test(node.body);
  return node.type === "Command" && known.test(node.name?.value ?? "");
}
