import { createRootRoute, createRoute, createRouter, Outlet } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { Frame } from "./frame/frame.js";
import { Empty } from "./parts/state-pages.js";
import { AgentsPage } from "./pages/agents/agents-page.js";
import { BoardPage } from "./pages/board/board-page.js";
import { BreakGlassPage } from "./pages/break-glass/break-glass-page.js";
import { InboxPage } from "./pages/inbox/inbox-page.js";
import { PolicyPage } from "./pages/policy/policy-page.js";
import { RecordPage } from "./pages/record/record-page.js";
import { RunPage } from "./pages/run/run-page.js";
import { RunsPage } from "./pages/runs/runs-page.js";
import { SettingsPage } from "./pages/settings/settings-page.js";
import { SignInPage } from "./pages/sign-in/sign-in-page.js";

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: () => (
    <Empty icon={Compass} title="There is no such page">
      The address may be mistyped.{" "}
      <a className="underline" href="/">
        To the board
      </a>
    </Empty>
  ),
});
const frame = createRoute({ getParentRoute: () => root, id: "frame", component: Frame });
const under = <Path extends string>(path: Path, component: () => React.ReactNode) =>
  createRoute({ getParentRoute: () => frame, path, component });

const signIn = createRoute({ getParentRoute: () => root, path: "/sign-in", component: SignInPage });
const routeTree = root.addChildren([
  signIn,
  frame.addChildren([
    under("/", BoardPage),
    under("/inbox", InboxPage),
    under("/inbox/$request", InboxPage),
    under("/runs", RunsPage),
    under("/runs/$run", RunPage),
    under("/agents", AgentsPage),
    under("/policy", PolicyPage),
    under("/record", RecordPage),
    under("/break-glass", BreakGlassPage),
    under("/settings", SettingsPage),
  ]),
]);

export function makeRouter() {
  return createRouter({ routeTree, defaultPreload: false, scrollRestoration: false });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
