// The command line from its sources, in a process of its own.
const { runAsProgram } = await import("../../../server/src/cli/main.ts");
await runAsProgram();
