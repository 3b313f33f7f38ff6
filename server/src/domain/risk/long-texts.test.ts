import { beforeAll, describe, expect, it } from "vitest";
import { readShell } from "./corpus/outcome.js";
import { settingSurroundings } from "./corpus/setting.js";
import { textLimit } from "./limits.js";
import { prepareReading } from "./sql.js";

/** Longest that one reading may hold up the server, in milliseconds. */
const readingMs = 250;

/** Just below the limit of a text, with room for the program, and just below that of inline code, in UTF-16 code units. */
const longest = textLimit - 300;
const inlineLongest = 3_900;
const fill = (piece: string, length: number): string => piece.repeat(Math.floor(length / piece.length));

/** What has made parsers and patterns slow. */
const pieces: Readonly<Record<string, string>> = {
  spaces: " ",
  "here-documents": "<<a ",
  "open arithmetic": "$((",
  "open substitutions": "$(",
  backticks: "`",
  "double quotes": '"',
  "single quotes": "'",
  braces: "{",
  "brace lists": "{a,b}",
  backslashes: "\\",
  "escaped quotes": '\\"',
  unicode: "\u{1f600}ü",
  newlines: "\n",
  "open brackets": "[",
  "open tests": "[[ ",
  "open parentheses": "(",
  "open parameters": "${",
  "open subscripts": "a[",
  cases: "case a in ",
  ifs: "if ",
  processes: "<(",
  "function heads": "f(){ ",
  pipes: "a|",
  letters: "a",
  stars: "*a",
  slashes: "/",
  dots: "../",
  "here-strings": "<<<a ",
  "named here-documents": "<<'a' ",
  tokens: "-eyJ",
  prints: "print ",
  imports: "import ",
  "words with signs": "a= ",
  "ansi quotes": "$'",
  redirects: ">a ",
  comments: "#",
  negations: "! ",
};

/** Programs whose words are read further. */
const shells: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `echo ${text}`,
  (text) => `x="${text}`,
  (text) => `cat <<E\n${text}\nE\n`,
  (text) => `sh -c '${text.replaceAll("'", "")}'`,
  (text) => `node -e '${text.replaceAll("'", "")}'`,
  (text) => `node -e 'import${text.replaceAll("'", "")}'`,
  (text) => `python3 -c '${text.replaceAll("'", "")}'`,
  (text) => `perl -pe '${text.replaceAll("'", "")}'`,
  (text) => `perl -pe 's/${text.replaceAll("'", "")}'`,
  (text) => `awk '${text.replaceAll("'", "")}'`,
  (text) => `sed '${text.replaceAll("'", "")}'`,
  (text) => `psql -c '${text.replaceAll("'", "")}'`,
  (text) => `psql -c '\\d ${text.replaceAll("'", "")}'`,
  (text) => `mongosh --eval '${text.replaceAll("'", "")}'`,
  (text) => `sqlite3 a.db '${text.replaceAll("'", "")}'`,
  (text) => `git commit -m '${text.replaceAll("'", "")}'`,
  (text) => `git config '${text.replaceAll("'", "")}' x`,
  (text) => `curl -d '${text.replaceAll("'", "")}' 'https://example.com/${text.replaceAll("'", "").slice(0, 60_000)}'`,
  (text) => `nc '${text.replaceAll("'", "")}' 80`,
  (text) => `rm '${text.replaceAll("'", "")}'`,
  (text) => `rm ${text.replaceAll(/[^a-z*./[]/g, "")}*`,
  (text) => `export '${text.replaceAll("'", "")}=1'`,
  (text) => `find . -name '${text.replaceAll("'", "")}' -delete`,
  (text) => `docker run -v '${text.replaceAll("'", "")}' x`,
  (text) => `ssh host '${text.replaceAll("'", "")}'`,
  (text) => `npm run '${text.replaceAll("'", "")}'`,
  (text) => `make '${text.replaceAll("'", "")}'`,
  (text) => `aws s3 cp '${text.replaceAll("'", "")}' x`,
  (text) => `kubectl get '${text.replaceAll("'", "")}'`,
  (text) => `sudo usermod '${text.replaceAll("'", "")}'`,
  (text) => `'${text.replaceAll("'", "")}'`,
];

describe("reading a long text", () => {
  beforeAll(prepareReading);

  for (const [what, piece] of Object.entries(pieces)) {
    it(`of ${what} takes no longer than a blink`, () => {
      const slow: string[] = [];
      for (const [shell, length] of shells.flatMap((one) => [[one, longest] as const, [one, inlineLongest] as const])) {
        const command = shell(fill(piece, length));
        const from = performance.now();
        readShell(command.slice(0, textLimit), settingSurroundings);
        const took = performance.now() - from;
        if (took >= readingMs) slow.push(`${Math.round(took)} ms: ${command.slice(0, 40)}`);
      }
      expect(slow).toEqual([]);
    });
  }
});
