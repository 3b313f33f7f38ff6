import type { ReactNode } from "react";
import { Section } from "../../src/parts/page.js";

/** A named row of the gallery. */
export function Shelf({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <Section title={name}>
      <div className="card flex flex-wrap items-start gap-4 p-5 *:max-w-full *:min-w-0">{children}</div>
    </Section>
  );
}
