import type { ReactNode } from "react";
import { Mark } from "../../frame/top-bar.js";
import { CopyCommand } from "../../parts/copy-command.js";
import { useTitle } from "../../parts/page.js";

/** The way in: a link from a terminal of the same person. */
export function SignedOut() {
  return (
    <Welcome title="Sign in to Pullcord">
      <p className="text-body text-muted">
        There is no password. A link from your terminal signs this browser in; it works once, for ten minutes.
      </p>
      <CopyCommand command="npx pullcord sign-in" />
      <p className="text-small text-muted">
        On a phone? Open Settings in a browser that is signed in, make a link for another device, and open it here.
      </p>
    </Welcome>
  );
}

export function Welcome({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  useTitle(title);
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-10">
      <div className="flex w-full max-w-[420px] flex-col items-start gap-4">
        <Mark size={40} />
        <h1 className="mt-1 text-title font-semibold tracking-[-0.012em]">{title}</h1>
        {children}
      </div>
    </main>
  );
}
