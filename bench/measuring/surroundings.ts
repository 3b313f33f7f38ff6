import { cpus, release, totalmem, type } from "node:os";

const gibibyte = 1024 ** 3;

/** When and on what it was measured. */
export function surroundings(databases: string): string {
  const [first] = cpus();
  const machine = `${cpus().length} × ${first?.model ?? "unknown processor"}, ${Math.round(totalmem() / gibibyte)} GiB, ${type()} ${release()}`;
  return [
    `Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}.`,
    `Machine: ${machine}. Node ${process.versions.node}. ${databases}.`,
    "Load generator, gate and echo server share this machine: ratios count, not figures.",
  ].join("\n");
}
