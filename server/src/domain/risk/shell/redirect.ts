import type { Redirection } from "unbash";
import { classifyHost, sendsTo } from "../network.js";
import { hereText } from "./nodes.js";
import type { ShellReader } from "./shell-reader.js";
import type { ShellState } from "./state.js";

/** Redirections are reads and writes like any others; a known text on standard input is kept for the program. */
export function readRedirects(reader: ShellReader, redirects: readonly Redirection[], state: ShellState): void {
  state.outputsToFile = redirects.some(
    (redirect) =>
      redirect.type !== "HereDoc" && /^(?:&?>>?|>\|)$/.test(redirect.operator) && redirect.target?.value.startsWith("/dev/") === false,
  );
  for (const redirect of redirects) readRedirect(reader, redirect, state);
}

function readRedirect(reader: ShellReader, redirect: Redirection, state: ShellState): void {
  if (redirect.type === "HereDoc") {
    state.input = { kind: "text", text: hereText(reader, redirect, state) };
    return;
  }
  const { operator, target } = redirect;
  if (!target) return reader.findings.confused("A redirection could not be read.");
  if (operator === "<<<") {
    const given = reader.expandWhole(target, state);
    if (given.secret) reader.findings.holdsSecret = true;
    state.input = { kind: "text", text: given.text };
    return;
  }
  if ((operator === "<&" || operator === ">&") && /^(?:\d+-?|-)$/.test(target.value)) return;
  for (const word of reader.expandAll([target], state)) {
    const device = /^\/dev\/(?:tcp|udp)\/([^/]*)(?:\/(.*))?$/s.exec(word.text ?? word.prefix);
    if (device) {
      sendsTo({ host: device[1] ?? "", port: word.text === null ? null : (device[2] ?? null) }, reader, word.source);
      // Both directions on one socket is how a shell is handed to somebody else.
      if (/^(?:<>|>&|&>)$/.test(operator) && classifyHost(device[1] ?? "") !== "this_machine")
        reader.findings.note("remote_shell", word.source);
      if (operator !== "<" && operator !== "<&") state.connected ||= classifyHost(device[1] ?? "") !== "this_machine";
      if (operator === "<" || operator === "<>" || operator === "<&")
        state.input = { kind: "pipe", fetched: true, remote: classifyHost(device[1] ?? "") !== "this_machine" };
      continue;
    }
    if (word.text === null && /^\/dev\/?$/.test(word.prefix))
      reader.findings.confused("A redirection goes to a device that cannot be known.", word.source);
    if (operator === "<" || operator === "<&") {
      reader.touch("read", word, state);
      state.input = { kind: "text", text: word.text === "/dev/null" ? "" : null, file: word.text };
    } else if (operator === "<>") {
      reader.touch("read", word, state);
      reader.touch("write", word, state);
    } else {
      reader.touch(operator === ">>" || operator === "&>>" ? "append" : "write", word, state);
    }
  }
}
