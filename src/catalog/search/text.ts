// Turns names, descriptions and queries into search terms. It knows words, and neither tools nor the index.
import { stem } from "./stem.ts";
import { STOP_WORDS } from "./stop-words.ts";

const WORD = /[\p{L}\p{N}\p{M}]+/gu;
// The second word is looked ahead for: it may begin the next pair.
const PAIR = /(?<![\p{L}\p{N}])([a-z]+)(?=[ -]([a-z]+)(?![\p{L}\p{N}]))/giu;
const CJK_RUN = /[\p{Script=Han}\p{Script=Hiragana}\p{scx=Katakana}\p{Script=Hangul}]+/gu;
// In this order: an acronym before a word (SQL in SQLServer), a word, an acronym at the end, a number.
const PART = /\p{Lu}+(?=\p{Lu}\p{Ll})|\p{Lu}?[^\p{Lu}\p{N}]+|\p{Lu}+|\p{N}+/gu;

/**
 * The search terms of a text, in order and with repeats: lower case, accents folded, English words stemmed, stop words
 * out. A compound gives its joined form and its parts (`MySQL` → `mysql`, `sql`; `createEntities` → three terms);
 * Chinese, Japanese and Korean give overlapping pairs of characters.
 */
export function termsOf(text: string): string[] {
  return (foldAccents(text).match(WORD) ?? []).flatMap(termsOfWord);
}

/**
 * The compounds that two words of a text side by side may be written as, by the term of each of the two: `host pool` gives
 * `hostpool` for `host` and for `pool`.
 */
export function compoundsOf(text: string): Map<string, Set<string>> {
  const compounds = new Map<string, Set<string>>();
  for (const [, one = "", other = ""] of foldAccents(text).matchAll(PAIR)) {
    if (STOP_WORDS.has(lower(one)) || STOP_WORDS.has(lower(other))) continue;
    const compound = stem(lower(one + other));
    for (const term of termsOf(`${one} ${other}`)) {
      compounds.set(term, (compounds.get(term) ?? new Set()).add(compound));
    }
  }
  return compounds;
}

/** Whether a term is one Chinese, Japanese or Korean character, which only a prefix search can find among pairs. */
export function isLoneCjk(term: string): boolean {
  return Array.from(term).length === 1 && term.replace(CJK_RUN, "") === "";
}

/** The words of a name, lower case: `createEntities`, `create_entities` and `create-entities` all give two. */
export function wordsOf(name: string): string[] {
  return (foldAccents(name).match(WORD) ?? []).flatMap((word) => word.match(PART) ?? []).map(lower);
}

function termsOfWord(word: string): string[] {
  const pairs = (word.match(CJK_RUN) ?? []).flatMap(pairsOf);
  const rest = pairs.length === 0 ? [word] : word.split(CJK_RUN).filter(Boolean);
  return [...pairs, ...rest.flatMap(termsOfCompound)];
}

function termsOfCompound(word: string): string[] {
  const parts = word.match(PART) ?? [];
  const terms = parts.length > 1 ? [word, ...parts] : [word];
  return terms
    .map(lower)
    .filter((term) => !STOP_WORDS.has(term))
    .map((term) => (/^[a-z]+$/.test(term) ? stem(term) : term));
}

function pairsOf(run: string): string[] {
  const characters = Array.from(run);
  return characters.length === 1
    ? characters
    : characters.slice(1).map((next, at) => `${characters[at]}${next}`);
}

/** Only the accents of alphabets go: the marks of Japanese and Indic scripts are letters of their own. */
function foldAccents(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(/[\u0300-\u036f]/g, "")
    .normalize("NFKC");
}

function lower(text: string): string {
  return text.toLowerCase();
}
