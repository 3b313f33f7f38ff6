import type { PolicyCondition } from "@pullcord/sdk/protocol";
import { useSchemaHelp } from "../../live/policy.js";
import { Section } from "../../parts/page.js";
import { ScrollBox } from "../../parts/scroll-box.js";

/** What a rule can test and what else the file can say, in the words of the schema that the text is checked by. */
export function Conditions() {
  const help = useSchemaHelp();
  return (
    <>
      <Section title="What a rule can test">
        <div className="card">
          <Keys items={help.data?.items ?? []} />
        </div>
      </Section>
      <Section title="What else the file can say">
        <div className="card overflow-hidden">
          <ScrollBox label="Keys of the policy file" className="max-h-96">
            <Keys items={help.data?.settings ?? []} />
          </ScrollBox>
        </div>
      </Section>
    </>
  );
}

function Keys({ items }: { readonly items: readonly PolicyCondition[] }) {
  return (
    <dl className="flex flex-col gap-2 p-4 text-small">
      {items.map(({ key, description }) => (
        <div key={key}>
          <dt>
            <code className="break-all">{key}</code>
          </dt>
          <dd className="text-muted">{description}</dd>
        </div>
      ))}
    </dl>
  );
}
