import { PersonClient, PullcordError } from "@pullcord/sdk";
import { Screen } from "./screen/screen.js";
import type { Settings } from "./settings.js";
import type { Surroundings } from "./surroundings.js";

/** What every subcommand works with. */
export interface Cli {
  readonly settings: Settings;
  readonly surroundings: Surroundings;
  readonly screen: Screen;
  /** True with `--json`: the answer goes out in its stable form only. */
  readonly isJson: boolean;
  /** Aborts at Ctrl+C. */
  readonly signal: AbortSignal;
  /** The signed-in person. @throws PullcordError `unauthenticated`/`not_signed_in` */
  readonly person: () => PersonClient;
}

export interface CliParts {
  readonly settings: Settings;
  readonly surroundings: Surroundings;
  readonly isJson: boolean;
  readonly noColour: boolean;
  readonly signal: AbortSignal;
}

export function makeCli({ settings, surroundings, isJson, noColour, signal }: CliParts): Cli {
  const environment = noColour ? { ...surroundings.environment, NO_COLOR: "1" } : surroundings.environment;
  return {
    settings,
    surroundings,
    isJson,
    signal,
    screen: new Screen(surroundings, environment),
    person: () => {
      if (settings.token === null) throw notSignedIn(settings);
      return new PersonClient({ url: settings.server, token: settings.token });
    },
  };
}

function notSignedIn({ server }: Settings): PullcordError {
  const text = `You are not signed in to ${server} on this account. Start a server with pullcord start, or sign in to a running one with: pullcord sign-in LINK`;
  return new PullcordError("unauthenticated", "not_signed_in", text);
}
