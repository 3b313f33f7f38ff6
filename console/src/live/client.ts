import { PersonClient } from "@pullcord/sdk/client";
import type { Session } from "@pullcord/sdk/protocol";
import { createContext, useContext } from "react";

/** Where the request token of this browser's session is kept: readable by this origin alone, port included. */
const storageKey = "pullcord-session";

/** The API as the console uses it. */
export interface ConsoleApi {
  readonly client: PersonClient;
  readonly keepSession: (session: Session | null) => void;
}

/** `fetch` is replaced in development by the in-memory server. */
export function makeApi(options: { readonly fetch?: (request: Request) => Promise<Response> } = {}): ConsoleApi {
  let requestToken = localStorage.getItem(storageKey) ?? undefined;
  const client = new PersonClient({ url: "", requestToken: () => requestToken, ...options });
  return {
    client,
    keepSession: (session) => {
      requestToken = session?.requestToken;
      if (requestToken === undefined) localStorage.removeItem(storageKey);
      else localStorage.setItem(storageKey, requestToken);
    },
  };
}

export const ApiContext = createContext<ConsoleApi | null>(null);

export function useApi(): ConsoleApi {
  const api = useContext(ApiContext);
  if (!api) throw new Error("The console's parts need an ApiContext around them.");
  return api;
}

export function useClient(): PersonClient {
  return useApi().client;
}
