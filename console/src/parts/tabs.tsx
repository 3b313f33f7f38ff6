import { Tab, TabList, TabPanel, Tabs as TabGroup } from "react-aria-components";
import type { ReactNode } from "react";

export interface TabSpec {
  readonly id: string;
  readonly name: string;
  readonly content: ReactNode;
}

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly TabSpec[];
  /** Where something on the page leads to another view. */
  readonly selected?: string;
  readonly onSelect?: (id: string) => void;
}

/** Views of one thing. */
export function Tabs({ label, tabs, selected, onSelect }: TabsProps) {
  return (
    <TabGroup
      className="flex flex-col gap-4"
      {...(selected !== undefined && { selectedKey: selected })}
      {...(onSelect && { onSelectionChange: (key) => onSelect(String(key)) })}
    >
      <TabList aria-label={label} className="flex gap-5 overflow-x-auto border-b border-line px-1">
        {tabs.map((tab) => (
          <Tab
            key={tab.id}
            id={tab.id}
            className="-mb-px h-10 cursor-pointer border-b-2 border-transparent text-body leading-10 font-medium whitespace-nowrap text-muted outline-offset-[-2px] hover:text-ink data-selected:border-ink data-selected:text-ink pointer-coarse:h-11"
          >
            {tab.name}
          </Tab>
        ))}
      </TabList>
      {tabs.map((tab) => (
        <TabPanel key={tab.id} id={tab.id} className="outline-offset-4">
          {tab.content}
        </TabPanel>
      ))}
    </TabGroup>
  );
}
