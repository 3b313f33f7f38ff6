const hidden = "[secret]";

/** Where credentials stand in what programs say of addresses and settings; what is in front of each is kept. */
const credentials: readonly RegExp[] = [
  /(?<kept>\bhttps?:\/\/)[^\s/@'"]{1,500}(?=@)/gi,
  /(?<kept>\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@'"]{0,200}:)[^\s/@'"]{1,500}(?=@)/gi,
  /(?<kept>\b(?:Bearer|Basic|Token)\s{1,5})[\w.~+/=-]{6,}/gi,
  /(?<kept>(?:token|password|passwd|passphrase|secret|credential|_auth|api[_-]?key|access[_-]?key|private[_-]?key)["']?\s{0,5}[=:]\s{0,5}["']?)[^\s"'&;]{1,500}/gi,
  /(?<kept>)\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|npm_\w{20,}|xox[a-z]-[\w-]{10,}|AKIA[A-Z0-9]{16}|sk-[\w-]{16,})/g,
];

/** A text for people, without the credentials in it. What is run and what is kept has them. */
export function masked(text: string): string {
  return credentials.reduce((clean, credential) => clean.replaceAll(credential, `$<kept>${hidden}`), text);
}
