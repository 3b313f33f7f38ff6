/** A person's reason as an agent hears it: it ends as a sentence does, so that what follows is not read as part of it. */
export function theySaid(reason: string | undefined): string {
  if (reason === undefined) return "They gave no reason.";
  const said = reason.trim();
  return `They said: ${said}${/[.!?…]["')]?$/u.test(said) ? "" : "."}`;
}
