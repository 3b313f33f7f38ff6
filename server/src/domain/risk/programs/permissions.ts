import type { Call } from "../shell/call.js";
import type { ShellWord } from "../shell/word.js";
import { confuse, has, lead } from "./file-changers.js";
import { sortWords } from "./flags.js";
import { readByTable } from "./read-call.js";
import type { Programs, Usage } from "./usage.js";

/** Who may do what with a file. */
export const permissions: Programs = {
  chmod: {
    flags: "-v -c -f -R -x -r -w --verbose --changes --silent --quiet --recursive --reference=list --preserve-root",
    read: changeMode,
  },
  "chown chgrp": { flags: "-R --recursive --reference=list *", does: "wide_permissions", takes: "text write...", read: changeOwner },
  "chattr setfacl setfattr": { flags: "-m= -x= -n= -v= -p= --modify= --remove= *", does: "wide_permissions", takes: "write..." },
  setcap: {
    flags: "*",
    does: "wide_permissions",
    read: (call, { read: _own, ...table }) => {
      readByTable(call, { ...table, takes: "text write..." });
      // With these a program is as good as root's own.
      if (
        /cap_(?:setuid|setgid|sys_admin|sys_ptrace|sys_module|dac_override|dac_read_search|chown|fowner|setfcap|all)|=\+?e?i?p|\ball=/i.test(
          call.text,
        )
      )
        call.reader.findings.note("grants_access", call.text);
    },
  },
};

function changeMode(call: Call, usage: Usage): void {
  const given = sortWords(
    call.words.map((word) => (/^-[rwxXst]+$/.test(word.text ?? "") && word.text !== "-r" ? { ...word, text: `a${word.text}` } : word)),
    usage,
  );
  confuse(call, given);
  const { reader, state } = call;
  const reference = has(given, "--reference");
  const mode = reference ? "" : (given.others[0]?.text ?? "777");
  const files = reference ? given.others : given.others.slice(1);
  if (/^[0-7]?[4-7][0-7]{3}$|[+=][rwx]*s/.test(mode)) reader.findings.note("grants_access", call.text);
  const othersMayWrite = /^[0-7]+$/.test(mode) ? /[2367]$/.test(mode) : /(?:^|,)(?:[ug]*[oa][ugoa]*)?[+=]\w*w/.test(mode);
  if (has(given, "-R", "--recursive") || othersMayWrite) reader.findings.note("wide_permissions", call.text);
  for (const file of files) {
    if (has(given, "-R", "--recursive")) reader.touchTree("write", file, state);
    else reader.touch("write", file, state);
    noteWholeTree(call, file, has(given, "-R", "--recursive") || /^(?:0{1,4}|a?[-=](?:rwx|rx|x)?)$/.test(mode));
  }
}

/** Rights of the whole system changed at once leave a machine that does not start. */
function noteWholeTree(call: Call, file: ShellWord, recursive: boolean): void {
  const place = lead(call, file);
  if (recursive && place.vital && place.area === "system") call.reader.findings.note("wipes", call.text);
}

function changeOwner(call: Call, usage: Usage): void {
  const { read: _own, ...table } = usage;
  readByTable(call, table);
  const given = sortWords(call.words, table);
  for (const file of given.others.slice(1)) noteWholeTree(call, file, has(given, "-R", "--recursive"));
}
