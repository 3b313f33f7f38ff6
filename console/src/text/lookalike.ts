/** A stretch that reads like something else. Offsets are UTF-16 code units. */
export interface LookalikeRange {
  readonly start: number;
  readonly end: number;
  readonly sentence: string;
}

/** Letters that are drawn like a Latin one. From Unicode's confusables, the ones met in attacks on commands and host names. */
const latinTwins: Readonly<Record<string, string>> = {
  а: "a",
  в: "b",
  с: "c",
  ԁ: "d",
  е: "e",
  һ: "h",
  і: "i",
  ј: "j",
  к: "k",
  ӏ: "l",
  м: "m",
  п: "n",
  о: "o",
  р: "p",
  ԛ: "q",
  ѕ: "s",
  т: "t",
  у: "y",
  ѵ: "v",
  ѡ: "w",
  х: "x",
  А: "A",
  В: "B",
  С: "C",
  Е: "E",
  Н: "H",
  І: "I",
  Ј: "J",
  К: "K",
  М: "M",
  О: "O",
  Р: "P",
  Ѕ: "S",
  Т: "T",
  У: "Y",
  Х: "X",
  α: "a",
  ν: "v",
  ο: "o",
  ρ: "p",
  υ: "u",
  ι: "i",
  κ: "k",
  τ: "t",
  χ: "x",
  Α: "A",
  Β: "B",
  Ε: "E",
  Ζ: "Z",
  Η: "H",
  Ι: "I",
  Κ: "K",
  Μ: "M",
  Ν: "N",
  Ο: "O",
  Ρ: "P",
  Τ: "T",
  Υ: "Y",
  Χ: "X",
  ո: "n",
  ս: "u",
  օ: "o",
  ց: "g",
  հ: "h",
  ı: "i",
  ɡ: "g",
  ɑ: "a",
  ǀ: "l",
};

/** Signs that are drawn like one that a shell, a path or an address gives a meaning to. */
const signTwins: Readonly<Record<string, string>> = {
  "‐": "-",
  "‑": "-",
  "‒": "-",
  "–": "-",
  "—": "-",
  "−": "-",
  "⁃": "-",
  "﹣": "-",
  "∕": "/",
  "⁄": "/",
  "⧸": "/",
  "╱": "/",
  "‘": "'",
  "’": "'",
  "‛": "'",
  ʹ: "'",
  ʼ: "'",
  "“": '"',
  "”": '"',
  "‟": '"',
  "․": ".",
  "。": ".",
  "｡": ".",
  "‚": ",",
  ";": ";",
  "∶": ":",
  ː: ":",
  "꞉": ":",
  "∣": "|",
  ǃ: "!",
  "∗": "*",
  "˜": "~",
  "∼": "~",
  "‹": "<",
  "›": ">",
  ˋ: "`",
  "՝": "`",
};

const ascii = /^[\x00-\x7f]*$/u;
const words = /[\p{L}\p{M}\p{N}_]+|[^\p{L}\p{M}\p{N}_\s\x00-\x7f]/gu;
const scripts = [
  ["Latin", /\p{Script=Latin}/u],
  ["Cyrillic", /\p{Script=Cyrillic}/u],
  ["Greek", /\p{Script=Greek}/u],
  ["Armenian", /\p{Script=Armenian}/u],
  ["Cherokee", /\p{Script=Cherokee}/u],
] as const;
/** Full-width forms and mathematical alphabets: other code points, the same letters. */
const dressedUp = /[\uFF01-\uFF5E\u{1D400}-\u{1D7FF}\u{1F100}-\u{1F1FF}\u2100-\u214F\u24B6-\u24E9]/u;

/** Finds look-alikes: words of mixed scripts, words made of Latin twins only, and signs that resemble syntax. */
export function lookalikeRanges(text: string): readonly LookalikeRange[] {
  if (ascii.test(text)) return [];
  const out: LookalikeRange[] = [];
  for (const match of text.matchAll(words)) {
    if (!ascii.test(match[0])) judgeWord(match[0], match.index, out);
  }
  return out;
}

function judgeWord(word: string, offset: number, out: LookalikeRange[]): void {
  const mixed = /\p{Script=Latin}/u.test(word) && scripts.slice(1).some(([, script]) => script.test(word));
  const twinsOnly = Array.from(word).every((letter) => letter in latinTwins || /[\p{N}_]/u.test(letter));
  let at = offset;
  for (const letter of word) {
    const sentence = sentenceOf(letter, mixed || twinsOnly);
    if (sentence) out.push({ start: at, end: at + letter.length, sentence });
    at += letter.length;
  }
}

function sentenceOf(letter: string, suspicious: boolean): string | null {
  const sign = signTwins[letter];
  if (sign) return `${codePoint(letter)} looks like ${sign}`;
  if (dressedUp.test(letter)) return `${codePoint(letter)} looks like ${letter.normalize("NFKC")}`;
  if (!suspicious || /[\x00-\x7f]/u.test(letter)) return null;
  const script = scripts.slice(1).find(([, expression]) => expression.test(letter))?.[0];
  const twin = latinTwins[letter];
  if (twin) return `${script ?? "not Latin"} ${codePoint(letter)} looks like ${twin}`;
  return script ? `${script} letter in a Latin word` : null;
}

function codePoint(letter: string): string {
  return `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
