/** This machine, by its names: what is sent there does not leave it. */
const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** What is wrong with the base address of a model's API; null when nothing is. */
export function endpointFault(text: string): string | null {
  if (!URL.canParse(text)) return "This is no web address. Write one like https://api.example.com/v1.";
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  if (username !== "" || password !== "") return "No password belongs in a policy file. Name the key with key_env or key_file.";
  if (search !== "" || hash !== "") return "Write the base address alone, without ? and #.";
  if (protocol === "https:" || (protocol === "http:" && loopback.test(hostname))) return null;
  return "The text of actions is sent there, so it has to be https, or http on this very machine.";
}
