import { isPullcordError } from "@pullcord/sdk/protocol";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiContext, type ConsoleApi } from "./live/client.js";
import { applyTheme, storedTheme } from "./frame/theme.js";
import { makeRouter } from "./router.js";
import "./console.css";

const retries = 2;
/** The live stream says what changed, so nothing grows old by itself. */
const freshMs = 30_000;

/** Puts the console on the page. */
export function showConsole(api: ConsoleApi): void {
  applyTheme(storedTheme());
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: freshMs,
        retry: (failures, error) => failures < retries && isPullcordError(error) && error.code === "unavailable",
      },
      mutations: { retry: false },
    },
  });
  const element = document.getElementById("root");
  if (!element) return;
  createRoot(element).render(
    <StrictMode>
      <ApiContext value={api}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={makeRouter()} />
        </QueryClientProvider>
      </ApiContext>
    </StrictMode>,
  );
}
