import { useSchemaHelp } from "../../live/policy.js";
import { Section } from "../../parts/page.js";

/** What a rule can test, in the words of the schema that the text is checked by. */
export function Conditions() {
  const help = useSchemaHelp();
  return (
    <Section title="What a rule can test">
      <dl className="card flex flex-col gap-2 p-4 text-small">
        {(help.data ?? []).map(({ key, description }) => (
          <div key={key}>
            <dt>
              <code>{key}</code>
            </dt>
            <dd className="text-muted">{description}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
