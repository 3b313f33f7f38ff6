/** A key with what a person would write around it. For tests only. */
export interface Item {
  readonly key: string;
  readonly comment: string | null;
  readonly value: string | readonly Item[];
  /** A comment on the line of a value. */
  readonly aside: string | null;
}

/** How a format is written, and what it can hold. For tests only. */
export interface Format {
  readonly file: string;
  readonly values: readonly string[];
  /** How deep keys may stand in keys. */
  readonly deepest: number;
  readonly print: (items: readonly Item[]) => string;
}

const printJson = (items: readonly Item[], indent = "", hasComments = false): string => {
  const inner = `${indent}  `;
  const lines = items.map(({ key, comment, value, aside }, index) => {
    const lead = hasComments && comment !== null ? `${inner}// ${comment}\n` : "";
    const text = typeof value === "string" ? value : printJson(value, inner, hasComments);
    const comma = index === items.length - 1 ? "" : ",";
    return `${lead}${inner}${JSON.stringify(key)}: ${text}${comma}${hasComments && aside !== null ? ` // ${aside}` : ""}\n`;
  });
  return items.length === 0 ? "{}" : `{\n${lines.join("")}${indent}}`;
};

const printYaml = (items: readonly Item[], indent = ""): string =>
  items
    .map(({ key, comment, value, aside }) => {
      const lead = comment === null ? "" : `${indent}# ${comment}\n`;
      const note = aside === null ? "" : ` # ${aside}`;
      if (typeof value !== "string") return `${lead}${indent}${key}:${note}\n${printYaml(value, `${indent}  `)}`;
      const isBelow = value.startsWith("\n");
      const text = isBelow
        ? `${note}${value.replaceAll("\n", `\n${indent}  `)}`
        : ` ${value.replaceAll("\n", `\n${indent}  `)}${value.includes("\n") ? "" : note}`;
      return `${lead}${indent}${key}:${text}\n`;
    })
    .join("");

const inLines = (sign: string) => (items: readonly Item[]) =>
  items
    .map(({ key, comment, value, aside }) => {
      const lead = comment === null ? "" : `# ${comment}\n`;
      return `${lead}${key}${sign}${value as string}${aside === null ? "" : ` # ${aside}`}\n`;
    })
    .join("");

/** Keys first, then what stands under headings. */
const headed = (sign: string) => (items: readonly Item[]) => {
  const print = inLines(sign);
  const own = items.filter(({ value }) => typeof value === "string");
  const sections = items.filter(({ value }) => typeof value !== "string");
  const shown = sections.map(
    ({ key, comment, value }) => `\n${comment === null ? "" : `# ${comment}\n`}[${key}]\n${print(value as Item[])}`,
  );
  return `${print(own)}${shown.join("")}`;
};

const jsonValues = ["1", "true", "null", '"text"', '"a // b, c"', '"quote \\" }"', '["x", { "y": [1] }]', "-2.5e3"];

export const formats: readonly Format[] = [
  { file: "package.json", values: jsonValues, deepest: 2, print: (items) => `${printJson(items)}\n` },
  { file: "small.json", values: jsonValues, deepest: 2, print: (items) => printJson(items).replaceAll(/\n */g, "") },
  { file: "settings.jsonc", values: jsonValues, deepest: 2, print: (items) => `// top\n${printJson(items, "", true)}\n` },
  {
    file: "compose.yaml",
    values: [
      "1",
      "plain text",
      "'it''s: a # quote'",
      '"tab \\t: x"',
      "[a, 'b]', {c: d}]",
      "\n- one\n- two: 2\n  three: 3",
      "|\n  line: one\n  # two",
      "http://x:80/#a",
    ],
    deepest: 2,
    print: printYaml,
  },
  {
    file: "pyproject.toml",
    values: [
      "1",
      "'a # b'",
      '"x = \\" y"',
      "[1, 2,\n  # in a list ]\n  3]",
      '{ a = "}", b = 2 }',
      '"""\n[not.a.heading]\nk = 1\n"""',
      "1979-05-27 07:32:00",
      "''",
    ],
    deepest: 1,
    print: headed(" = "),
  },
  { file: "app.ini", values: ["1", "a=b", "some text", "", "one \\\n  two"], deepest: 1, print: headed(" = ") },
  { file: ".env", values: ["1", "'quoted # text'", '"two\nlines = here"', "", "$OTHER/path"], deepest: 0, print: inLines("=") },
];
