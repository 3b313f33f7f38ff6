export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const storageName = "pullcord.theme";

export function storedTheme(): Theme {
  const stored = localStorage.getItem(storageName);
  return themes.find((theme) => theme === stored) ?? "system";
}

export function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  localStorage.setItem(storageName, theme);
}
