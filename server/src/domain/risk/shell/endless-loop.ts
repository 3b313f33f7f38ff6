import type { ShellNode } from "./state.js";

/** `while true; do x & done`: every round leaves something running, and nothing waits. */
export function spawnsWithoutEnd(clause: ShellNode | null, body: ShellNode): boolean {
  if (clause !== null && !isAlwaysTrue(clause)) return false;
  return body.type === "CompoundList" && body.commands.length > 0 && body.commands.every((statement) => statement.background === true);
}

function isAlwaysTrue(node: ShellNode): boolean {
  if (node.type === "CompoundList") return node.commands.length === 1 && node.commands.every((one) => isAlwaysTrue(one));
  if (node.type === "Statement") return isAlwaysTrue(node.command);
  if (node.type === "ArithmeticCommand") return /^\s*1\s*$/.test(node.body);
  return node.type === "Command" && /^(?:true|:|yes)$/.test(node.name?.value ?? "");
}
