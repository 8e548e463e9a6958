// Porter's stemming algorithm for English (M. F. Porter, 1980). It knows letters, not languages or tools.

type Rule = readonly [suffix: string, replacement: string];

const STEP_2: readonly Rule[] = [
  ["ational", "ate"],
  ["tional", "tion"],
  ["enci", "ence"],
  ["anci", "ance"],
  ["izer", "ize"],
  ["abli", "able"],
  ["alli", "al"],
  ["entli", "ent"],
  ["eli", "e"],
  ["ousli", "ous"],
  ["ization", "ize"],
  ["ation", "ate"],
  ["ator", "ate"],
  ["alism", "al"],
  ["iveness", "ive"],
  ["fulness", "ful"],
  ["ousness", "ous"],
  ["aliti", "al"],
  ["iviti", "ive"],
  ["biliti", "ble"],
];

const STEP_3: readonly Rule[] = [
  ["icate", "ic"],
  ["ative", ""],
  ["alize", "al"],
  ["iciti", "ic"],
  ["ical", "ic"],
  ["ful", ""],
  ["ness", ""],
];

// Longest first, so that "ement" is tried before "ment" and "ment" before "ent".
const STEP_4: readonly string[] =
  "ement ance ence able ible ment ant ent ism ate iti ous ive ize ion al er ic ou".split(" ");

/** The stem of a lower-case English word: `creating`, `created` and `creates` all give `creat`. */
export function stem(word: string): string {
  if (word.length <= 2) return word;
  const steps = [
    plurals,
    pastAndGerund,
    finalY,
    (w: string) => replaceSuffix(w, STEP_2),
    step3,
    step4,
    finalE,
  ];
  return steps.reduce((current, step) => step(current), word);
}

function plurals(word: string): string {
  if (word.endsWith("sses") || word.endsWith("ies")) return word.slice(0, -2);
  return word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
}

function pastAndGerund(word: string): string {
  if (word.endsWith("eed")) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const suffix = ["ed", "ing"].find((ending) => word.endsWith(ending));
  if (suffix === undefined) return word;
  const rest = word.slice(0, -suffix.length);
  return hasVowel(rest) ? mendEnding(rest) : word;
}

/** What "ed" and "ing" leave behind: hopp → hop, fil → file, conflat → conflate. */
function mendEnding(word: string): string {
  if (/(?:at|bl|iz)$/.test(word)) return `${word}e`;
  if (endsInDouble(word) && !/[lsz]$/.test(word)) return word.slice(0, -1);
  return measure(word) === 1 && endsInShortSyllable(word) ? `${word}e` : word;
}

function finalY(word: string): string {
  return word.endsWith("y") && hasVowel(word.slice(0, -1)) ? `${word.slice(0, -1)}i` : word;
}

function step3(word: string): string {
  return replaceSuffix(word, STEP_3);
}

function step4(word: string): string {
  const suffix = STEP_4.find((ending) => word.endsWith(ending));
  if (suffix === undefined) return word;
  const rest = word.slice(0, -suffix.length);
  if (suffix === "ion" && !/[st]$/.test(rest)) return word;
  return measure(rest) > 1 ? rest : word;
}

function finalE(word: string): string {
  const rest = word.slice(0, -1);
  if (word.endsWith("e")) {
    const syllables = measure(rest);
    return syllables > 1 || (syllables === 1 && !endsInShortSyllable(rest)) ? rest : word;
  }
  return word.endsWith("ll") && measure(rest) > 1 ? rest : word;
}

function replaceSuffix(word: string, rules: readonly Rule[]): string {
  const rule = rules.find(([suffix]) => word.endsWith(suffix));
  if (!rule) return word;
  const rest = word.slice(0, -rule[0].length);
  return measure(rest) > 0 ? rest + rule[1] : word;
}

/** One character a letter: `c` for a consonant, `v` for a vowel; "y" is a vowel after a consonant. */
function shape(word: string): string {
  let kinds = "";
  for (const letter of word) {
    const isVowel = "aeiou".includes(letter) || (letter === "y" && kinds.endsWith("c"));
    kinds += isVowel ? "v" : "c";
  }
  return kinds;
}

/** How often a vowel run is followed by a consonant run: Porter's m. */
function measure(word: string): number {
  return shape(word).match(/v+c+/g)?.length ?? 0;
}

function hasVowel(word: string): boolean {
  return shape(word).includes("v");
}

function endsInDouble(word: string): boolean {
  return word.at(-1) === word.at(-2) && shape(word).endsWith("c");
}

function endsInShortSyllable(word: string): boolean {
  return shape(word).endsWith("cvc") && !/[wxy]$/.test(word);
}
