import { createContext, useContext } from "react";

interface Search {
  readonly text: string;
  readonly setText: (text: string) => void;
}

/** What was typed into the top bar: each page filters what it shows by it. */
export const SearchContext = createContext<Search>({ text: "", setText: () => undefined });

/** True for a text that has every word of the search. */
export function useSearch(): (text: string) => boolean {
  const { text } = useContext(SearchContext);
  const words = text.toLowerCase().split(/\s+/u).filter(Boolean);
  return (candidate) => {
    const lower = candidate.toLowerCase();
    return words.every((word) => lower.includes(word));
  };
}
