import type { ModelReviewState } from "@pullcord/sdk/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { LogOut, Smartphone } from "lucide-react";
import { useState, type ReactNode } from "react";
import { KeyTable } from "../../frame/help.js";
import { applyTheme, storedTheme, themes, type Theme } from "../../frame/theme.js";
import { useApi, useClient } from "../../live/client.js";
import { useNow } from "../../live/clock.js";
import { useSession, useStatus } from "../../live/queries.js";
import { Button } from "../../parts/button.js";
import { Choice } from "../../parts/choice.js";
import { CopyCommand } from "../../parts/copy-command.js";
import { PageFrame, Section } from "../../parts/page.js";
import { Loading, Trouble, WriteTrouble } from "../../parts/state-pages.js";
import { Ago } from "../../parts/time.js";
import { timeLeft } from "../../text/words.js";
import { LastDrill } from "./last-drill.js";
import { Webhooks } from "./webhooks.js";

export function SettingsPage() {
  return (
    <PageFrame title="Settings">
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <Section title="Appearance">
          <div className="card p-4 md:p-5">
            <ThemeChoice />
          </div>
        </Section>
        <Section title="Another device">
          <div className="card p-4 md:p-5">
            <DeviceLink />
          </div>
        </Section>
        <Section title="Server">
          <div className="card px-4 py-2 md:px-5">
            <ServerFacts />
          </div>
        </Section>
        <Section title="Stop drill">
          <div className="card p-4 md:p-5">
            <LastDrill />
          </div>
        </Section>
        <Section title="Webhooks">
          <Webhooks />
        </Section>
        <Section title="Keys">
          <div className="card p-4 md:p-5">
            <KeyTable />
          </div>
        </Section>
      </div>
    </PageFrame>
  );
}

const themeNames: Readonly<Record<Theme, string>> = { system: "As the system", light: "Light", dark: "Dark" };

function ThemeChoice() {
  const [theme, setTheme] = useState<Theme>(storedTheme);
  const change = (next: Theme) => {
    applyTheme(next);
    setTheme(next);
  };
  return <Choice label="Theme" value={theme} options={themes.map((value) => ({ value, name: themeNames[value] }))} onChange={change} />;
}

function DeviceLink() {
  const client = useClient();
  const now = useNow();
  const make = useMutation({ mutationFn: () => client.makeSignInLink() });
  return (
    <div className="flex flex-col items-start gap-3">
      <p className="text-body text-muted">A link that signs you in on a phone or another browser. It works once, for ten minutes.</p>
      <Button isDisabled={make.isPending} onPress={() => make.mutate()}>
        <Smartphone size={16} aria-hidden="true" /> Make a sign-in link
      </Button>
      <WriteTrouble error={make.error} />
      {make.data && (
        <div role="status" className="flex max-w-full flex-col gap-1">
          <CopyCommand command={make.data.url} />
          <p className="text-small text-muted">{timeLeft(make.data.expiresAt - now)} left</p>
        </div>
      )}
    </div>
  );
}

function ServerFacts() {
  const now = useNow();
  const status = useStatus();
  const session = useSession();
  if (!status.data) return status.isError ? <Trouble error={status.error} /> : <Loading rows={3} />;
  const { mode, advisory, version, startedAt, database, killFile, gateProvenAt, modelReview } = status.data;
  return (
    <>
      <dl>
        <Fact name="Mode">
          {mode}
          {advisory && <span className="mt-0.5 block text-small text-muted">{advisory}</span>}
        </Fact>
        <Fact name="Version">
          {version}, {database}
        </Fact>
        <Fact name="Started">
          <Ago at={startedAt} />
        </Fact>
        <Fact name="Gate proven">{gateProvenAt === null ? "not yet: npx pullcord doctor" : <Ago at={gateProvenAt} />}</Fact>
        <Fact name="Model review">
          <ModelReviewFact review={modelReview} now={now} />
        </Fact>
        <Fact name="Kill file">
          <code className="text-small break-all">{killFile.path}</code>
          <span className={`block text-small ${killFile.present ? "font-semibold text-danger" : "text-muted"}`}>
            {killFile.present ? "Present: nothing is allowed" : "Not present. Creating it stops everything, also with the server down."}
          </span>
        </Fact>
        {session.data && (
          <Fact name="Signed in">
            {session.data.person.name}, {session.data.person.role}
          </Fact>
        )}
      </dl>
      <SignOut />
    </>
  );
}

function ModelReviewFact({ review, now }: { readonly review: ModelReviewState | null; readonly now: number }) {
  if (!review) return "Off: no model looks at actions, and none is sent anywhere";
  const { model, endpoint, fromScore, onFailure, answered, failed, pausedUntil, problem } = review;
  return (
    <>
      {model}, from risk {fromScore} up
      <code className="block text-small break-all text-muted">{endpoint}</code>
      <span className="block text-small text-muted">
        {answered} answered, {failed} failed; where it fails, {onFailure === "ask" ? "a person decides" : "the action goes on without it"}
      </span>
      {problem && (
        <span className="block text-small font-semibold">
          {pausedUntil === null ? "Failed just now" : `Paused for ${timeLeft(pausedUntil - now)}`}: {problem.sentence}
        </span>
      )}
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="grid grid-cols-[104px_minmax(0,1fr)] gap-4 border-t border-line py-2.5 first:border-t-0">
      <dt className="text-small leading-[21px] font-medium text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}

function SignOut() {
  const { client, keepSession } = useApi();
  const queries = useQueryClient();
  const signOut = useMutation({
    mutationFn: () => client.signOut(),
    onSuccess: () => {
      keepSession(null);
      return queries.resetQueries();
    },
  });
  return (
    <div className="border-t border-line py-3">
      <Button isDisabled={signOut.isPending} onPress={() => signOut.mutate()}>
        <LogOut size={15} aria-hidden="true" /> Sign out here
      </Button>
      <WriteTrouble error={signOut.error} />
    </div>
  );
}
