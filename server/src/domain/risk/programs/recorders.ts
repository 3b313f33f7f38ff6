import type { Call } from "../shell/call.js";

/** Services and programs that keep the machine's own record, or watch it. */
const names =
  /^(?:r?syslog(?:d|-ng)?|auditd|auditbeat|systemd-journald|journald|falco|osqueryd?|wazuh-(?:agent|manager)|ossec\S*|falcon-sensor|aide|samhain|tripwire|psacct|acct|sysmon|go-audit|laurel)(?:\.(?:service|socket))?$/;

export function isRecorder(name: string): boolean {
  return names.test(name.replace(/[\^$]|\.\*$/g, ""));
}

/** A process that is only known while it runs, after something looked for a recorder: `kill $(pidof auditd)`. */
export function endsRecorder({ reader }: Call): boolean {
  return reader.findings.commands.some(
    ({ program, words }) =>
      /^(?:pidof|pgrep|pidwait|ps|grep|systemctl|cat)$/.test(program ?? "") &&
      words.some((word) => word !== null && word.split(/[/=\s[\]]+/).some((part) => isRecorder(part.replace(/\.pid$/, "")))),
  );
}

/** Processes that are only known while it runs, after something listed all of them and nothing chose: `kill $(ps -e -o pid=)`. */
export function endsAll({ reader }: Call): boolean {
  const { commands } = reader.findings;
  const lists = commands.some(
    ({ program, words }) =>
      (program === "ps" &&
        words.some((word) => /^(?:-\w*[eA]\w*|a?ux\w*|ax\w*)$/.test(word ?? "")) &&
        !words.some((word) => /^-?[CpG]$/.test(word ?? ""))) ||
      (program === "pgrep" && words.some((word) => /^(?:\.\*?|)$/.test(word ?? "x"))),
  );
  return lists && !commands.some(({ program }) => /^(?:grep|egrep|rg|awk|gawk|head|tail|sed|fzf)$/.test(program ?? ""));
}
