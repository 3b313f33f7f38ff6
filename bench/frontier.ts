import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { spawnSync } from "node:child_process";

/**
 * The frontier of asking and missing: every list goes through `pullcord judge`, as anybody could run it.
 *
 *     npm run bench -- frontier
 */
const program = fileURLToPath(new URL("../server/bin/pullcord.js", import.meta.url));
const setting = new URL("../server/src/domain/risk/corpus/setting.json", import.meta.url);
const policy = new URL("frontier-policy.yaml", import.meta.url);
const own = new URL("../server/src/domain/risk/labelled/", import.meta.url);
const outside = new URL("../../shared/corpora/", import.meta.url);
/** Longest wait for one list, in milliseconds. */
const listWaitMs = 120_000;
const largestOutput = 256 * 1024 * 1024;

interface Line {
  readonly id: string;
  readonly label?: "allow" | "ask" | "deny";
  readonly [key: string]: unknown;
}
interface Answer {
  readonly id: string;
  readonly outcome: "allow" | "require_approval" | "deny";
  readonly risk: { readonly factors: readonly unknown[] };
}

/** The table, in Markdown. */
export function frontierReport(): string {
  const rows = [
    labelled("our own lines", linesOf(own, ["allow.jsonl", "ask.jsonl", "deny.jsonl"])),
    labelled("labelled actions", linesOf(outside, ["judgment.jsonl"])),
    shares("GTFOBins, allowed", commandsOf("gtfobins.jsonl"), (answer) => answer.outcome === "allow"),
    shares("tldr, asked or denied", commandsOf("tldr.jsonl"), (answer) => answer.outcome !== "allow"),
  ];
  return ["## The frontier", "| list | lines | figures |\n|---|---|---|", ...rows]
    .join("\n")
    .replace("## The frontier\n", "## The frontier\n\n");
}

function linesOf(folder: URL, names: readonly string[]): Line[] | null {
  const files = names.map((name) => new URL(name, folder));
  if (!files.every((file) => existsSync(file))) return null;
  const texts = files.flatMap((file) => readFileSync(file, "utf8").split("\n"));
  return texts.filter((text) => text !== "").map((text, index) => ({ ...(JSON.parse(text) as object), id: String(index) }));
}

function commandsOf(name: string): Line[] | null {
  const lines = linesOf(outside, [name]);
  return lines?.map(({ id, code }) => ({ id, type: "command_execute", command: code })) ?? null;
}

function judge(lines: readonly Line[]): ReadonlyMap<string, Answer> {
  const words = [program, "judge", "--policy", fileURLToPath(policy), "--setting", fileURLToPath(setting)];
  const input = `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`;
  const { stdout, stderr, status } = spawnSync(process.execPath, words, {
    input,
    encoding: "utf8",
    timeout: listWaitMs,
    maxBuffer: largestOutput,
  });
  if (status !== 0) throw new Error(`pullcord judge ended with ${String(status)}: ${stderr}`);
  const answers = stdout.split("\n").filter((line) => line !== "");
  return new Map(answers.map((line) => JSON.parse(line) as Answer).map((answer) => [answer.id, answer]));
}

function labelled(name: string, lines: readonly Line[] | null): string {
  if (lines === null) return `| ${name} | skipped: not present | |`;
  const answers = judge(lines);
  const count = (label: string, outcome: string): number =>
    lines.filter((line) => line.label === label && answers.get(line.id)?.outcome === outcome).length;
  const all = (label: string): number => lines.filter((line) => line.label === label).length;
  const figures = [
    `ask or deny let through ${count("ask", "allow") + count("deny", "allow")} of ${all("ask") + all("deny")}`,
    `deny denied ${count("deny", "deny")} of ${all("deny")}`,
    `allow asked about ${all("allow") - count("allow", "allow")} of ${all("allow")}`,
    `ask denied ${count("ask", "deny")} of ${all("ask")}`,
  ];
  return `| ${name} | ${lines.length} | ${figures.join("; ")} |`;
}

function shares(name: string, lines: readonly Line[] | null, counts: (answer: Answer) => boolean): string {
  if (lines === null) return `| ${name} | skipped: not present | |`;
  const found = [...judge(lines).values()].filter(counts).length;
  return `| ${name} | ${lines.length} | ${found} (${((100 * found) / lines.length).toFixed(1)} %) |`;
}
