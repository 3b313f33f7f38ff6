import { PersonClient, PullcordError } from "@pullcord/sdk";
import { refuseAgent } from "../person-only.js";
import type { Cli } from "../cli.js";
import { saveCredentials } from "../settings.js";
import { escapeLine } from "../screen/escape.js";
import { duration } from "../screen/time.js";
import type { Verb } from "../verb.js";

/** Signs in with a one-time link, or makes one for another device. */
export const signIn: Verb = {
  usage: "sign-in [link]",
  summary: "sign in with a one-time link, or make one for another device",
  examples: ["sign-in", 'sign-in "http://127.0.0.1:7420/sign-in#code=…"', "sign-in --json"],
  run: async (cli, call) => {
    refuseAgent(cli, "sign in");
    const link = call.args[0];
    if (link !== undefined) return useLink(cli, link);
    const made = await cli.person().makeSignInLink();
    if (cli.isJson) return cli.screen.json(made);
    cli.screen.line(made.url);
    cli.screen.note(`Signs you in once, on another device or here: good for ${duration(made.expiresAt - Date.now())}.`);
  },
};

async function useLink({ settings, screen, isJson }: Cli, link: string): Promise<void> {
  const code = URL.canParse(link) ? new URLSearchParams(new URL(link).hash.slice(1)).get("code") : null;
  if (code === null)
    throw new PullcordError(
      "invalid",
      "link",
      "That is no sign-in link. It looks like http://127.0.0.1:7420/sign-in#code=…; put it in quotes.",
    );
  const server = new URL(link).origin;
  const session = await new PersonClient({ url: server }).signIn(code, "cli");
  if (session.token === undefined)
    throw new PullcordError(
      "unavailable",
      "malformed_answer",
      "The server signed you in but gave no token. Is it older than this command?",
    );
  saveCredentials(settings.credentialsFile, { server, token: session.token });
  if (isJson) return screen.json({ server, person: session.person, expiresAt: session.expiresAt });
  screen.line(
    `Signed in to ${server} as ${escapeLine(session.person.name)} (${session.person.role}), for ${duration(session.expiresAt - Date.now())}.`,
  );
}
