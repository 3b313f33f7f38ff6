import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../server/src/policyfile/parse-policy.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const documents = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "GLOSSARY.md", "CHANGELOG.md", "sdk/README.md", ...inDocs()];
/** What the build makes: a fresh checkout has none of it. */
const built = /^(server\/public|(sdk|server)\/dist)\b/;
const compileMs = 30_000;

describe("the documents", () => {
  it.each(documents)("%s links to what is there", (document) => {
    expect(missingLinks(document, readFileSync(join(root, document), "utf8"))).toEqual([]);
  });

  it("would notice a link to nothing", () => {
    expect(missingLinks("README.md", "see [this](docs/nothing.md) and `server/src/nowhere/`")).toEqual([
      "docs/nothing.md",
      "server/src/nowhere/",
    ]);
  });

  it(
    "hold examples that compile",
    () => {
      const examples = documents.flatMap((document) => codeBlocks("ts", readFileSync(join(root, document), "utf8")));
      expect(examples.length).toBeGreaterThan(0);
      expect(compile(examples)).toBe("");
      expect(compile(['import { connect } from "@pullcord/sdk";\nawait connect({ nonsense: 1 });'])).toContain("nonsense");
    },
    compileMs,
  );

  it("hold policies that are sound", () => {
    const examples = documents.flatMap((document) => policiesIn(readFileSync(join(root, document), "utf8")));
    expect(examples.length).toBeGreaterThan(0);
    expect(examples.flatMap(mistakes)).toEqual([]);
    expect(policiesIn("```yaml\nsnapshots: { kept: 30d }\n```").flatMap(mistakes)).toEqual([expect.stringContaining("kept")]);
  });

  it("lead to headings that are there", () => {
    expect(documents.flatMap((document) => missingHeadings(document, readFileSync(join(root, document), "utf8")))).toEqual([]);
    expect(missingHeadings("README.md", "see [this](docs/undo.md#nowhere)")).toEqual(["docs/undo.md#nowhere"]);
  });
});

/** Relative links, and paths in backticks that begin in a folder of ours. */
function missingLinks(document: string, text: string): string[] {
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] ?? "");
  const named = [...text.matchAll(/`((?:sdk|server|console|test|bench|docs|scripts)\/[\w./-]+)`/g)].map((match) => match[1] ?? "");
  const fromDocument = links.filter((link) => !existsSync(join(root, dirname(document), link)));
  return [...fromDocument, ...named.filter((path) => !built.test(path) && !existsSync(join(root, path)))];
}

function inDocs(): string[] {
  return readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`);
}

/** Links to a heading of a document, its own or another, that has no such heading. */
function missingHeadings(document: string, text: string): string[] {
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)#([^)]+)\)/g)];
  return links.flatMap(([, path = "", heading = ""]) => {
    const file = path === "" ? document : join(dirname(document), path);
    return file.endsWith(".md") && !headings(readFileSync(join(root, file), "utf8")).includes(heading) ? [`${path}#${heading}`] : [];
  });
}

/** As forges name them: lower case, hyphens for spaces, nothing else. */
function headings(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, words = ""]) =>
    words
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function codeBlocks(language: string, text: string): string[] {
  return [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)].filter((match) => match[1] === language).map((match) => match[2] ?? "");
}

/** Policies and parts of them; not the cases beside a policy, nor other programs' files. */
function policiesIn(text: string): string[] {
  const others = /^(?:cases|receivers):/m;
  const examples = codeBlocks("yaml", text).filter((example) => !others.test(example));
  return examples.map((example) => (/^version:/m.test(example) ? example : `version: 1\n${example}`));
}

function mistakes(policy: string): string[] {
  const parsed = parsePolicy(policy, "policy.yaml");
  return "problem" in parsed ? [parsed.problem.sentence] : [];
}

/**
 * Type-checks texts as modules of this workspace; gives the compiler's complaints. They lie where
 * packages are found from and no other check looks, since those run beside this one.
 */
function compile(examples: readonly string[]): string {
  const folder = mkdtempSync(join(root, "node_modules", ".examples-"));
  try {
    for (const [index, example] of examples.entries()) writeFileSync(join(folder, `example-${index}.ts`), example);
    writeFileSync(join(folder, "given.d.ts"), "declare const database: { query(sql: string): Promise<void> };\n");
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ extends: "../../test/tsconfig.json", include: ["*.ts"] }));
    execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder], { stdio: "pipe" });
    return "";
  } catch (error) {
    return String((error as { stdout?: Buffer }).stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
