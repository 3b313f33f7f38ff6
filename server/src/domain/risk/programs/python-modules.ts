import type { Call } from "../shell/call.js";
import { sortWords } from "./flags.js";
import { noteCode } from "./inline-code.js";
import { pip } from "./packages.js";
import { readCall } from "./read-call.js";
import type { Programs } from "./usage.js";

/** Modules that `python -m` may name. */
export const pythonModules: Programs = {
  "pytest unittest coverage doctest mypy ruff black isort flake8 pylint pyflakes compileall py_compile build tabnanny calendar site sysconfig platform ast dis tokenize zipfile-list pydocstyle bandit pip_audit sphinx this":
    { flags: "-p=!runs_hidden -o= -k= -m= -c=read -n= --rootdir= *", does: "runs_task" },
  timeit: {
    read: (call) => {
      const { flags, others } = sortWords(call.words, {
        flags: "-n= -r= -s= -u= -p -v --number= --repeat= --setup= --unit= *",
        stopsEarly: true,
      });
      const setups = flags.flatMap(({ flag, value }) => (/^(?:-s|--setup)$/.test(flag.name) ? [value] : []));
      for (const code of [...setups, ...others]) noteCode({ ...call, program: "python" }, code?.text ?? null);
    },
  },
  "json.tool": {
    flags: "--sort-keys --json-lines --no-ensure-ascii --indent= --tab --no-indent --compact",
    takes: "read write",
    does: "runs_task",
  },
  "trace cProfile profile": {
    flags: "-o=write --outfile=write -C=write --coverdir=write -f=write --file=write -s= -m= *",
    does: "runs_task",
  },
  pip,
  venv: { flags: "--clear --upgrade --system-site-packages --without-pip --prompt=", takes: "write..." },
  virtualenv: { flags: "-p= --clear", takes: "write..." },
  ensurepip: { flags: "*", does: "installs_locked" },
  "http.server SimpleHTTPServer": {
    read: ({ reader, text, words }) =>
      reader.findings.note(
        words.some(
          (word, index) => /^(?:-b|--bind)$/.test(words[index - 1]?.text ?? "") && /^(?:127\.|localhost|::1)/.test(word.text ?? ""),
        )
          ? "runs_task"
          : "opens_port",
        text,
      ),
  },
  "uvicorn gunicorn flask django fastapi hypercorn": { read: serve },
  alembic: { read: (call) => delegate("alembic", call) },
};

function delegate(name: string, call: Call): void {
  const usage = call.reader.programNamed(name);
  if (usage) readCall({ ...call, program: name }, usage);
}

/** Development servers: fine on this machine, a question when others can reach them. */
export function serve(call: Call): void {
  const { words, reader, text } = call;
  const open = words.some((word, index) => {
    const value = word.text ?? "";
    const before = words[index - 1]?.text ?? "";
    return (
      (/^(?:--host|--bind|-b|-H|--hostname|--address|--addr|--listen)$/.test(before) && !/^(?:127\.|localhost|::1|\[::1\])/.test(value)) ||
      /^--(?:host|bind|hostname|address|listen)=(?!127\.|localhost|::1|\[::1\])/.test(value) ||
      (value === "--host" && index === words.length - 1)
    );
  });
  reader.findings.note(open ? "opens_port" : "runs_project", text);
}
