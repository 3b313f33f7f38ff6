import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useApi } from "../../live/client.js";
import { keys } from "../../live/keys.js";
import { CopyCommand } from "../../parts/copy-command.js";
import { sentenceOf } from "../../parts/state-pages.js";
import { SignedOut, Welcome } from "./signed-out.js";

/** Exchanges the code in the address's fragment, which no server log ever sees, for a session. */
export function SignInPage() {
  const { client, keepSession } = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [problem, setProblem] = useState<string | null>(null);
  // Read once: React may run the effect twice, the code works once.
  const code = useRef<string | null>(null);
  const [hasCode] = useState(() => codeOf(location.hash) !== null);
  useEffect(() => {
    const found = codeOf(location.hash);
    if (found === null || code.current !== null) return;
    code.current = found;
    history.replaceState(history.state, "", location.pathname);
    client.signIn(found, "console").then(
      async (session) => {
        keepSession(session);
        queries.setQueryData(keys.session, session);
        await navigate({ to: "/", replace: true });
      },
      (error: unknown) => setProblem(sentenceOf(error)),
    );
  }, [client, keepSession, navigate, queries]);

  if (!hasCode) return <SignedOut />;
  if (problem === null) {
    return (
      <Welcome title="Signing in">
        <p role="status" className="text-body text-muted">
          One moment.
        </p>
      </Welcome>
    );
  }
  return (
    <Welcome title="This link does not work any more">
      <p role="alert" className="text-body text-muted">
        {problem} A link works once, for ten minutes. Make a new one in your terminal:
      </p>
      <CopyCommand command="npx pullcord sign-in" />
    </Welcome>
  );
}

function codeOf(hash: string): string | null {
  return new URLSearchParams(hash.slice(1)).get("code");
}
