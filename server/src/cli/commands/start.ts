import { spawn } from "node:child_process";
import { modes } from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import { escapeLine } from "../screen/escape.js";
import type { Started } from "../start.js";
import type { Verb } from "../verb.js";

const closingLimitMs = 5_000;

/** Starts the server here and keeps it until Ctrl+C. */
export const start: Verb = {
  usage: "start",
  summary: "start the server and the console here, until Ctrl+C",
  options: [
    { flags: "--port <number>", summary: "port to listen on, 0 for a free one (default: 7420)" },
    { flags: "--host <address>", summary: "address to listen on (default: 127.0.0.1)" },
    { flags: "--policy <file>", summary: "the action policy (default: policy.yaml in the configuration folder)" },
    { flags: "--database <url>", summary: "a PostgreSQL address, in place of the embedded database" },
    { flags: "--mode <mode>", summary: "who could act as whom (default: same-user)", choices: modes },
    { flags: "--allow-host <names>", summary: "further names the server answers for, host:port, with commas" },
    { flags: "--no-open", summary: "don't open the console in a browser" },
    { flags: "--demo", summary: "add a scripted agent that works on a scratch repository" },
  ],
  endsItself: true,
  examples: ["start", "start --port 0 --data ./data --no-open", "start --demo"],
  run: async (cli, call) => {
    // Loaded only here: every other command starts in a fraction of the time without the server's code.
    const { startFromCommandLine } = await import("../start.js");
    const { server, signInLink } = await startFromCommandLine(cli, call);
    const { url, killFile, policyFile, policyProblem } = server;
    if (cli.isJson) cli.screen.jsonLine({ url, signInLink, killFile, policyFile, policyProblem });
    else sayStarted(cli, server, signInLink);
    if (!call.isOff("open") && cli.screen.isTerminal) await openInBrowser(signInLink);
    await new Promise<void>((resolve) => endAt(cli, resolve));
    cli.screen.note("Stopping the server. What waits for a person keeps waiting; pullcord start goes on with it.");
    await Promise.race([server.close(), new Promise((resolve) => setTimeout(resolve, closingLimitMs).unref())]);
  },
};

function sayStarted({ screen }: Cli, { url, policyFile, policyProblem, killFile }: SaidOfServer, link: string): void {
  screen.line(`${screen.paint.strong("Pullcord is running")} at ${screen.paint.accent(url)}`);
  screen.line();
  screen.field("Console", link);
  screen.field("", `This link signs you in once, within ten minutes. Another one: ${ourName} sign-in`);
  screen.field("Policy", `${policyFile} (read again when it changes)`);
  if (policyProblem !== null) {
    const at = policyProblem.line === null ? "" : ` Line ${policyProblem.line}:`;
    screen.field(
      "",
      screen.paint.amber(`It has a problem, so everything is asked about until that is mended.${at} ${escapeLine(policyProblem.sentence)}`),
    );
  }
  screen.field("Stop all", `${ourName} stop --all, or without the server: touch ${killFile}`);
  screen.line();
  screen.line("Next, in another terminal:");
  for (const [verb, what] of nextVerbs) screen.line(`  ${ourName} ${verb.padEnd(21)} ${what}`);
  screen.line();
  screen.line(screen.paint.faint("Ctrl+C stops the server."));
}

type SaidOfServer = Pick<Started["server"], "url" | "policyFile" | "policyProblem" | "killFile">;

/** Started by npm, the command is not on the path by itself. */
const ourName = process.env["npm_lifecycle_event"] === undefined ? "pullcord" : "npx pullcord";

const nextVerbs = [
  ["connect claude-code", "put a coding agent under control"],
  ["run -- make deploy", "put any command under control"],
  ["watch", "the board in the terminal"],
] as const;

function endAt({ signal }: Cli, end: () => void): void {
  signal.addEventListener("abort", end, { once: true });
  process.once("SIGTERM", end);
  process.once("SIGHUP", end);
}

async function openInBrowser(link: string): Promise<void> {
  const opener = process.platform === "darwin" ? "open" : "xdg-open";
  if (process.platform === "linux" && !process.env["DISPLAY"] && !process.env["WAYLAND_DISPLAY"]) return;
  // Nobody needs to hear that there is no browser: the link is on the screen.
  const { programPath } = await import("@pullcord/sdk/undo");
  // The link signs in whoever has it.
  const env = { ...process.env, PATH: programPath(process.env["PATH"], [process.cwd()]) };
  spawn(opener, [link], { stdio: "ignore", detached: true, env })
    .on("error", () => {})
    .unref();
}
