// All terms of an index as a radix tree, for words it does not have: what begins like them, what is spelled nearly so.
import SearchableMap from "minisearch/SearchableMap";

/** The terms of an index. */
export interface Vocabulary {
  add(term: string): void;
  remove(term: string): void;
  /** Terms that begin with this one, shortest first, at most eight. */
  beginningWith(prefix: string): string[];
  /** Terms within this many edits, nearest first, at most eight. */
  near(term: string, edits: number): string[];
}

const MOST_VARIANTS = 8;

/** Makes a vocabulary of terms that are read when it is first asked: most sessions never ask. */
export function createVocabulary(terms: () => Iterable<string>): Vocabulary {
  let made: SearchableMap<true> | undefined;
  const tree = (): SearchableMap<true> =>
    (made ??= SearchableMap.from(Array.from(terms(), (term) => [term, true] as const)));
  return {
    add: (term) => void made?.set(term, true),
    remove: (term) => made?.delete(term),
    beginningWith: (prefix) =>
      [...tree().atPrefix(prefix).keys()]
        .toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1))
        .slice(0, MOST_VARIANTS),
    near: (term, edits) =>
      [...tree().fuzzyGet(term, edits)]
        .toSorted(([a, [, one]], [b, [, other]]) => one - other || (a < b ? -1 : 1))
        .slice(0, MOST_VARIANTS)
        .map(([found]) => found),
  };
}
