import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from "@tanstack/react-router";
import { createRoot } from "react-dom/client";
import "../src/console.css";
import { ApiContext, makeApi } from "../src/live/client.js";
import { fakeFetch } from "./fake/server.js";
import { seed } from "./fake/seed.js";
import { Controls } from "./gallery/controls.js";
import { Marks } from "./gallery/marks.js";
import { States } from "./gallery/states.js";
import { Texts } from "./gallery/texts.js";

function Gallery() {
  return (
    <main className="mx-auto flex max-w-[1180px] flex-col gap-10 px-4 py-8 md:px-8">
      <h1 className="text-title font-semibold">Parts</h1>
      <Controls />
      <Marks />
      <Texts />
      <States />
    </main>
  );
}

const root = createRootRoute({ component: Gallery });
const router = createRouter({ routeTree: root, history: createMemoryHistory({ initialEntries: ["/"] }) });
const element = document.getElementById("root");
if (element) {
  createRoot(element).render(
    <ApiContext value={makeApi({ fetch: fakeFetch(seed(Date.now())) })}>
      <QueryClientProvider client={new QueryClient()}>
        {/* The gallery has a router of its own; its type is not the console's. */}
        <RouterProvider router={router as never} />
      </QueryClientProvider>
    </ApiContext>,
  );
}
