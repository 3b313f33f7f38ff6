/** Most targets read for one recipe, with those it depends on. */
const targetLimit = 50;

interface Target {
  readonly needs: readonly string[];
  readonly lines: readonly string[];
}

/**
 * The shell text that `make name` would run, with what it depends on; null when the Makefile does not tell: it has no
 * such target, includes others, or computes its rules.
 */
export function makeRecipe(text: string, name: string): string | null {
  const joined = text.replaceAll("\\\n", " ");
  if (
    /^\s*-?(?:include|sinclude|define)\b|\$\((?:eval|call|foreach|file)\b|^\s*(?:\.ONESHELL|\.SECONDEXPANSION|SHELL\s*[:?]?=)/m.test(joined)
  )
    return null;
  const { targets, variables } = parse(joined);
  const body: string[] = [];
  const seen = new Set<string>();
  const collect = (target: string): boolean => {
    if (seen.has(target)) return true;
    seen.add(target);
    const found = targets.get(target);
    if (!found) return seen.size > 1;
    if (seen.size > targetLimit || !found.needs.every(collect)) return false;
    body.push(...found.lines.map((line) => asShell(line, variables)));
    return true;
  };
  return targets.has(name) && collect(name) ? body.join("\n") : null;
}

function parse(text: string): { readonly targets: ReadonlyMap<string, Target>; readonly variables: ReadonlyMap<string, string> } {
  const targets = new Map<string, { needs: string[]; lines: string[] }>();
  const variables = new Map<string, string>();
  let current: readonly string[] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("\t")) {
      for (const name of current) targets.get(name)?.lines.push(line.slice(1));
      continue;
    }
    const setting = /^([A-Za-z_]\w*)\s*(?:::?|\?)?=\s*([^#]*)/.exec(line);
    if (setting) variables.set(setting[1] ?? "", (setting[2] ?? "").trim());
    const rule = setting ? null : /^([^\s#:=][^#:=]*)::?(?!=)([^#;]*)(?:;(.*))?/.exec(line);
    if (!rule) continue;
    current = (rule[1] ?? "").split(/\s+/).filter((name) => name !== "");
    for (const name of current) {
      const target = targets.get(name) ?? { needs: [], lines: [] };
      target.needs.push(...(rule[2] ?? "").split(/\s+/).filter((need) => need !== "" && need !== "|"));
      if (rule[3]) target.lines.push(rule[3]);
      targets.set(name, target);
    }
  }
  return { targets, variables };
}

/** `$(NAME)` becomes its value, or a variable that nobody knows; `$$` is the shell's own `$`. */
function asShell(line: string, variables: ReadonlyMap<string, string>): string {
  const bare = line.replace(/^\s*[@+-]+/, "");
  return bare.replace(
    /\$(?:\$|\(([^()$\s]+)\)|\{([^{}$\s]+)\}|\([^)]*\)?|.)/g,
    (whole, round: string | undefined, curly: string | undefined) => {
      if (whole === "$$") return "$";
      const value = variables.get(round ?? curly ?? "");
      if (value !== undefined && !value.includes("$")) return value;
      return /^MAKE$/.test(round ?? curly ?? "") ? "make" : "$make_variable";
    },
  );
}
